import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Atlas } from '../src/core/atlas/atlas.ts';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { snippetFile } from '../src/core/notes/snippetFile.ts';
import { snippetPrefixes } from '../src/core/notes/snippetPrefixes.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';

export const SNIPPETS_FOLDER = fileURLToPath(new URL('../snippets', import.meta.url));

/** Prefixes that were given before: they never change. */
export async function givenPrefixes(folder = SNIPPETS_FOLDER): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'prefixes.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Record<string, string>;
}

/** Every file below `snippets/` → its text. `node --import tsx scripts/buildSnippets.ts` writes them. */
export function snippetTexts(
  atlas: Atlas,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['prefixes.json', json(Object.fromEntries(snippetPrefixes(atlas, given)))],
    ['markdown.json', json(snippetFile(atlas, 'markdown', given))],
    ['latex.json', json(snippetFile(atlas, 'latex', given))],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { atlas } = loadAtlas(await readPackFolders());
  await mkdir(SNIPPETS_FOLDER, { recursive: true });
  for (const [file, text] of snippetTexts(atlas, await givenPrefixes())) {
    await writeFile(join(SNIPPETS_FOLDER, file), text);
  }
}
