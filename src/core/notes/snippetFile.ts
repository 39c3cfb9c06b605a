import type { Atlas } from '../atlas/atlas.ts';
import { equationSnippet } from './equationSnippet.ts';
import { equationKey, snippetPrefixes } from './snippetPrefixes.ts';

/** A file of snippets as VS Code reads it, by title. */
export type SnippetFile = Readonly<
  Record<string, { readonly prefix: string; readonly description: string; readonly body: readonly string[] }>
>;

/** One snippet per equation, in the order of the atlas. */
export function snippetFile(
  atlas: Atlas,
  language: 'markdown' | 'latex',
  given: Readonly<Record<string, string>>,
): SnippetFile {
  const prefixes = snippetPrefixes(atlas, given);
  return Object.fromEntries(
    atlas.entries.flatMap(entry =>
      entry.equations.map(equation => [
        equationKey(entry, equation),
        {
          prefix: prefixes.get(equationKey(entry, equation)) ?? '',
          description: `${entry.title.en} / ${entry.title.ja}: ${equation.text.en} / ${equation.text.ja}`,
          body: equationSnippet(entry, equation, language),
        },
      ]),
    ),
  );
}
