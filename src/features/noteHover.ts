import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { equationCard } from '../core/card/equationCard.ts';
import { commandLink, escapeMarkdown } from '../core/card/markdown.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import type { NotedEquation } from '../core/notes/notedEquations.ts';
import { exerciseLink } from './cardLinks.ts';
import type { CardPictureStore } from './cardPictureStore.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { EQUATION_NOTES } from './noteDocuments.ts';
import type { NoteEquations } from './noteEquations.ts';
import { readSettings, type Settings } from './settings.ts';
import { activeThemeKind } from './themeKind.ts';

const COMMANDS: readonly CommandId[] = [
  CommandId.findCode,
  CommandId.explainEntry,
  CommandId.goToEquation,
  CommandId.copyLatex,
];
/** Entries that may share one formula and still be listed. */
const MAX_ENTRIES = 6;

/** The entry's card over an equation in a note. */
export class NoteHoverProvider implements vscode.HoverProvider {
  readonly #host: LensHost;
  readonly #equations: NoteEquations;
  readonly #pictures: CardPictureStore;
  readonly #log: Log;

  constructor(host: LensHost, equations: NoteEquations, pictures: CardPictureStore, log: Log) {
    this.#host = host;
    this.#equations = equations;
    this.#pictures = pictures;
    this.#log = log;
  }

  static register(
    host: LensHost,
    equations: NoteEquations,
    pictures: CardPictureStore,
    log: Log,
  ): vscode.Disposable {
    return vscode.languages.registerHoverProvider(
      EQUATION_NOTES,
      new NoteHoverProvider(host, equations, pictures, log),
    );
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readSettings(document.uri);
    if (!settings.hoverEnabled) return undefined;
    try {
      const found = await this.#equations.at(document, position);
      if (!found || token.isCancellationRequested) return undefined;
      const blocks = await this.#blocks(await this.#host.lens(), found.equation, settings);
      return blocks.length > 0 ? new vscode.Hover(blocks.map(trusted), found.range) : undefined;
    } catch (error) {
      // A hover that fails must not take those of other extensions with it.
      this.#log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return undefined;
    }
  }

  async #blocks(lens: Lens, equation: NotedEquation, settings: Settings): Promise<string[]> {
    const localizer = new Localizer(settings.language);
    const ids = [...new Set(equation.names.map(name => name.entryId))];
    const entries = ids.flatMap(id => lens.atlas.entry(id) ?? []);
    const [entry, ...others] = entries;
    if (!entry) return [];
    if (others.length > 0) {
      // The formula is in several entries: which one is meant, the note does not say.
      return [
        entries
          .slice(0, MAX_ENTRIES)
          .map(candidate =>
            [...heading(lens, candidate, localizer), ...links(candidate, localizer)].join(' · '),
          )
          .join('\n\n'),
      ];
    }
    const pack = lens.atlas.packOf(entry.id);
    return equationCard({
      entry,
      systemTitle: pack ? localizer.text(pack.title) : '',
      variants: [],
      differences: [],
      links: links(entry, localizer),
      exercise: number => exerciseLink(number, localizer),
      localizer,
      style: {
        pictures: await this.#pictures.pictures(pack?.system ?? ''),
        theme: activeThemeKind(),
        scale: settings.hoverScale,
      },
    });
  }
}

function heading(lens: Lens, entry: Entry, localizer: Localizer): string[] {
  const pack = lens.atlas.packOf(entry.id);
  return [
    `**${escapeMarkdown(localizer.text(entry.title))}**`,
    ...(pack ? [escapeMarkdown(localizer.text(pack.title))] : []),
    ...entry.exercises.map(exercise => exerciseLink(exercise, localizer)),
  ];
}

function links(entry: Entry, localizer: Localizer): string[] {
  return [
    ...(entry.signature ? [commandLink(localizer.t('Show the code'), CommandId.findCode, [entry.id])] : []),
    commandLink(localizer.t('Explain this equation'), CommandId.explainEntry, [entry.id]),
    commandLink('$(copy)', CommandId.copyLatex, [entry.id], localizer.t('Copy LaTeX')),
  ];
}

function trusted(block: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(block, true);
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: COMMANDS };
  return markdown;
}
