import * as vscode from 'vscode';
import prefixes from '../../snippets/prefixes.json' with { type: 'json' };
import type { Entry, Equation } from '../core/atlas/schema.ts';
import { escapeMarkdown, image } from '../core/card/markdown.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import { endOfEnclosingBlock } from '../core/notes/enclosedBlock.ts';
import { equationSnippet } from '../core/notes/equationSnippet.ts';
import { markdownContainers } from '../core/notes/markdownContainers.ts';
import { equationKey, snippetPrefixes } from '../core/notes/snippetPrefixes.ts';
import { texRefusal } from '../core/notes/texRefusal.ts';
import type { CardPictureStore } from './cardPictureStore.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { EQUATION_NOTES, linesOf, noteFormatOfDocument } from './noteDocuments.ts';
import { readSettings } from './settings.ts';
import { activeThemeKind } from './themeKind.ts';

/** In longer notes nobody looks from the top whether the cursor is in a fence. */
const MAX_LINES = 20_000;

class EquationItem extends vscode.CompletionItem {
  constructor(
    prefix: string,
    readonly entry: Entry,
    readonly equation: Equation,
  ) {
    super({ label: prefix, description: entry.exercises.join(', ') }, vscode.CompletionItemKind.Snippet);
  }
}

/** Equations by their prefix when `eq` (Markdown) or `\eq` (LaTeX) is typed, each with its picture. */
export class NoteCompletionProvider implements vscode.CompletionItemProvider<EquationItem> {
  readonly #host: LensHost;
  readonly #pictures: CardPictureStore;
  readonly #log: Log;

  constructor(host: LensHost, pictures: CardPictureStore, log: Log) {
    this.#host = host;
    this.#pictures = pictures;
    this.#log = log;
  }

  static register(host: LensHost, pictures: CardPictureStore, log: Log): vscode.Disposable {
    const provider = new NoteCompletionProvider(host, pictures, log);
    // Markdown asks nobody while words are typed; these letters ask all the same.
    return vscode.languages.registerCompletionItemProvider(EQUATION_NOTES, provider, 'q', '-');
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionList<EquationItem> | undefined> {
    const settings = readSettings(document.uri);
    if (!settings.noteCompletions) return undefined;
    const format = noteFormatOfDocument(document);
    const isLatex = format === 'latex';
    const before = document
      .lineAt(position.line)
      .text.slice(Math.max(0, position.character - 80), position.character);
    const typed = (isLatex ? /\\eq(?:-[\w-]*)?$/ : /(?<![\w$\\`/.-])eq(?:-[\w-]*)?$/).exec(before)?.[0];
    if (typed === undefined || format === undefined) return undefined;
    try {
      const lines = linesOf(document);
      const inBlock = (at: number) =>
        endOfEnclosingBlock(format, lines, at, position.character) !== undefined;
      if (lines.count <= MAX_LINES && inBlock(position.line)) return undefined;
      const { atlas } = await this.#host.lens();
      if (token.isCancellationRequested) return undefined;
      const localizer = new Localizer(settings.language);
      const named = snippetPrefixes(atlas, prefixes);
      const continuation = isLatex
        ? (/^[ \t]*/.exec(document.lineAt(position.line).text)?.[0] ?? '')
        : markdownContainers(lines, position.line).continuation;
      const range = new vscode.Range(position.translate(0, -typed.length), position);
      const items = atlas.entries
        .filter(entry => !settings.disabledSystems.includes(atlas.packOf(entry.id)?.system ?? ''))
        .flatMap(entry =>
          entry.equations
            .filter(equation => texRefusal(equation.tex) === undefined)
            .map(equation => {
              const prefix = named.get(equationKey(entry, equation)) ?? '';
              const item = new EquationItem(prefix, entry, equation);
              item.detail = localizer.text(entry.title);
              item.filterText = isLatex ? `\\${prefix}` : prefix;
              item.sortText = prefix;
              item.range = range;
              item.insertText = new vscode.SnippetString(
                body(entry, equation, isLatex, settings.mathStyle).join(
                  `\n${escapedInSnippet(continuation)}`,
                ),
              );
              item.keepWhitespace = true;
              return item;
            }),
        );
      // Asked again with every letter: `equal` and `\eqref` are words of their own.
      return new vscode.CompletionList(items, true);
    } catch (error) {
      this.#log.error(String(error));
      return undefined;
    }
  }

  async resolveCompletionItem(item: EquationItem): Promise<EquationItem> {
    const { atlas } = await this.#host.lens();
    const settings = readSettings();
    const localizer = new Localizer(settings.language);
    const pictures = await this.#pictures.pictures(atlas.packOf(item.entry.id)?.system ?? '');
    const picture = pictures(item.equation.tex, true);
    const spoken = localizer.text(item.equation.spoken);
    const style = { pictures, theme: activeThemeKind(), scale: settings.hoverScale };
    const markdown = new vscode.MarkdownString(
      [
        picture ? image(picture, spoken, style) : escapeMarkdown(item.equation.tex),
        escapeMarkdown(localizer.text(item.equation.text)),
      ].join('\n\n'),
    );
    markdown.supportHtml = true;
    item.documentation = markdown;
    return item;
  }
}

function body(entry: Entry, equation: Equation, isLatex: boolean, style: 'dollars' | 'fence'): string[] {
  const lines = equationSnippet(entry, equation, isLatex ? 'latex' : 'markdown');
  if (isLatex || style === 'dollars') return lines;
  return lines.map((line, index) => (line === '\\$\\$' ? (index === 1 ? '```math' : '```') : line));
}

const escapedInSnippet = (text: string): string => text.replace(/[\\$}]/g, character => `\\${character}`);
