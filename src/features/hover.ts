import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { CardCache } from '../core/card/cardCache.ts';
import { equationCard } from '../core/card/equationCard.ts';
import type { FormulaStyle } from '../core/card/markdown.ts';
import { symbolCard } from '../core/card/symbolCard.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import type { Sighting } from '../core/recognition/match.ts';
import type { AuthorNote } from '../core/solutions/solutions.ts';
import { CARD_COMMANDS, type CardTarget, cardLinks, exerciseLink, noteLink } from './cardLinks.ts';
import type { CardPictureStore, Formula } from './cardPictureStore.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { PYTHON } from './pythonDocuments.ts';
import { readSettings, type Settings } from './settings.ts';
import { activeThemeKind } from './themeKind.ts';

/** The card over a recognised definition, call or variable; silence over everything else. */
export class EquationHoverProvider implements vscode.HoverProvider {
  readonly #host: LensHost;
  readonly #pictures: CardPictureStore;
  readonly #log: Log;
  readonly #cards = new CardCache();

  constructor(host: LensHost, pictures: CardPictureStore, log: Log) {
    this.#host = host;
    this.#pictures = pictures;
    this.#log = log;
  }

  static register(host: LensHost, pictures: CardPictureStore, log: Log): vscode.Disposable {
    return vscode.languages.registerHoverProvider(PYTHON, new EquationHoverProvider(host, pictures, log));
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readSettings(document.uri);
    if (!settings.hoverEnabled) return undefined;
    try {
      const lens = await this.#host.lens();
      if (token.isCancellationRequested) return undefined;
      const sighting = await lens.sightingAt(this.#host.source(document), position, token);
      if (!sighting || token.isCancellationRequested) return undefined;
      return await this.#hover(lens, document, sighting, settings, token);
    } catch (error) {
      // A hover that fails must not take Python's own hover with it.
      this.#log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return undefined;
    }
  }

  async #hover(
    lens: Lens,
    document: vscode.TextDocument,
    sighting: Sighting,
    settings: Settings,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { match } = sighting;
    const entry = lens.atlas.entry(match.entryId);
    const pack = lens.atlas.packOf(match.entryId);
    if (!entry || !pack || settings.disabledSystems.includes(pack.system)) return undefined;
    const authored = this.#host.notesOf(entry.id);
    const pictures = await this.#pictures.pictures(pack.system, texOf(entry, authored));
    if (token.isCancellationRequested) return undefined;
    const localizer = new Localizer(settings.language);
    const style: FormulaStyle = { pictures, theme: activeThemeKind(), scale: settings.hoverScale };
    const look = [style.theme, style.scale, settings.language];
    const blocks = () => {
      if (sighting.kind === 'symbol') {
        const step = stepOf(entry, sighting);
        const key = JSON.stringify([sighting.symbol.tex, step.step?.number, look]);
        return this.#cards.card(entry, key, () =>
          symbolCard({ entry, symbol: sighting.symbol, ...step, links: [], localizer, style }),
        );
      }
      const differences = lens.alignment(match).differences.map(difference => difference.id);
      const target = targetOf(document, sighting);
      return this.#cards.card(
        entry,
        JSON.stringify([match.variants, match.changed, differences, target, look, authored]),
        () =>
          equationCard({
            entry,
            systemTitle: localizer.text(pack.title),
            variants: match.variants,
            differences,
            changedLines: match.changed.map(({ start }) => start.line),
            links: [
              ...fromNote(entry, this.#host.sourceOf(entry.id), localizer),
              ...cardLinks(entry, target, localizer),
            ],
            authorNotes: authored.map(note => ({ note, link: noteLink(note.uri, note.line, localizer) })),
            exercise: number => exerciseLink(number, localizer),
            localizer,
            style,
          }),
      );
    };
    return new vscode.Hover(blocks().map(trusted), toRange(sighting.range));
  }
}

/** The function's own place: a call is explained where it leads. */
function targetOf(document: vscode.TextDocument, sighting: Sighting): CardTarget {
  const { start } = sighting.match.function.nameRange;
  const uri = sighting.kind === 'call' ? sighting.uri : String(document.uri);
  return { uri, line: start.line, column: start.character };
}

function stepOf(entry: Entry, sighting: Extract<Sighting, { kind: 'symbol' }>) {
  const index = entry.steps.findIndex(step => step.id === sighting.step?.id);
  const step = entry.steps[index];
  return step ? { step: { step, number: index + 1 } } : {};
}

/** A block that may run the card's commands, and nothing else. */
function trusted(block: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(block, true);
  // Pictures and tables only; all text of packs is escaped, and VS Code sanitises what comes out.
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: CARD_COMMANDS };
  return markdown;
}

function toRange(range: Sighting['range']): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

/** Everything that the entry's cards may draw. */
function texOf(entry: Entry, notes: readonly AuthorNote[]): Formula[] {
  return [
    ...[...entry.equations, ...entry.steps, ...notes.flatMap(note => note.equations)].flatMap(it =>
      it.tex === undefined ? [] : { tex: it.tex, display: true },
    ),
    ...entry.symbols.map(it => ({ tex: it.tex, display: false })),
  ];
}

/** An imported entry says which note it is from. */
function fromNote(entry: Entry, uri: string | undefined, localizer: Localizer): string[] {
  return entry.origin && uri !== undefined ? [`$(book) ${noteLink(uri, entry.origin.line, localizer)}`] : [];
}
