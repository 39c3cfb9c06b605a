import type { Alignment } from './alignment/alignment.ts';
import type { Atlas } from './atlas/atlas.ts';
import type { Entry, EquationSymbol } from './atlas/schema.ts';
import { Glances } from './glances.ts';
import { type Judged, type OpenDocument, openDocument } from './openDocument.ts';
import type { FunctionOutline, Outline } from './python/outline.ts';
import type { Pace } from './python/pace.ts';
import type { Position } from './python/position.ts';
import type { PythonDocument } from './python/pythonDocument.ts';
import type { PythonParser } from './python/pythonParser.ts';
import { comparePositions, touches } from './python/ranges.ts';
import { CallResolver, type OutlinedFile } from './recognition/callResolver.ts';
import { FileContext } from './recognition/functionContext.ts';
import type { CallSighting, Match, Sighting, SymbolSighting } from './recognition/match.ts';
import { type Judgement, Recognizer } from './recognition/recognizer.ts';
import type { Cancellation, SourceDocument, SourceProvider } from './sources.ts';

/** What the reader has switched off. */
export interface LensFilter {
  /** Systems without cards: `glide`. */
  readonly systems: ReadonlySet<string>;
  /** Entries without cards, by id. */
  readonly entries: ReadonlySet<string>;
}

const NOTHING_OFF: LensFilter = { systems: new Set(), entries: new Set() };

/** Shorter documents are read as a whole at once, in code units: it takes a few milliseconds. */
const LONG = 16_000;

/** Files read for the sake of a call site are few; more than this at once are not kept. */
const MAX_SOURCES = 64;

/**
 * The one service that features ask: matches, alignments and sightings of a document at a version. Parses each version
 * once, recognises a function when it is first asked for, and forgets a document when it is closed.
 */
export class Lens {
  private readonly documents = new Map<string, OpenDocument>();
  private readonly sources = new Map<string, OpenDocument>();
  private readonly glances: Glances;
  /** Documents that are being read in slices. */
  private readonly opening = new Map<string, Promise<OpenDocument | undefined>>();
  /** A match is made anew whenever its function or what is around it changes. */
  private readonly alignments = new WeakMap<Match, Alignment>();
  private recognizer: Recognizer;
  private filter: LensFilter = NOTHING_OFF;

  /** @param provider for call sites that lead to other files; without one they are looked for in their own file only */
  constructor(
    readonly parser: PythonParser,
    atlas: Atlas,
    private readonly provider?: SourceProvider,
  ) {
    this.recognizer = new Recognizer(atlas);
    this.glances = new Glances(parser);
  }

  get atlas(): Atlas {
    return this.recognizer.atlas;
  }

  /** Another atlas (the reader's own packs changed). */
  useAtlas(atlas: Atlas): void {
    this.recognizer = new Recognizer(atlas);
    for (const open of [...this.documents.values(), ...this.sources.values()]) open.judged.clear();
    this.glances.clearJudgements();
  }

  useFilter(filter: LensFilter): void {
    this.filter = filter;
  }

  outline(document: SourceDocument): Outline {
    return this.open(document).file.outline;
  }

  /** Every recognised function of the document, in source order. */
  matches(document: SourceDocument): readonly Match[] {
    const open = this.open(document);
    return open.file.outline.functions.flatMap(fn => this.matchOf(open, fn) ?? []);
  }

  /**
   * The same without holding anybody up: the document is read and its functions are recognised a few milliseconds at a time, and a hover
   * that comes in between is answered at once.
   * @returns undefined where the document went on or was closed before the end, or nobody waits any more
   */
  async matchesInSlices(
    document: SourceDocument,
    pace: Pace,
    cancellation?: Cancellation,
  ): Promise<readonly Match[] | undefined> {
    const open = await this.openInSlices(document, pace);
    if (!open || cancellation?.isCancellationRequested) return undefined;
    const { reading } = open;
    const matches: Match[] = [];
    for (const fn of open.file.outline.functions) {
      if (pace.isOver()) {
        await pace.rest();
        const isSame = this.documents.get(document.uri) === open && open.reading === reading;
        if (!isSame || cancellation?.isCancellationRequested) return undefined;
      }
      const match = this.matchOf(open, fn);
      if (match) matches.push(match);
    }
    return matches;
  }

  /**
   * Matches of a text that nobody shows: nothing of it is kept, and what the reader switched off is included. Texts that define
   * nothing by a name of the atlas are not even parsed.
   * @param pace of the whole scan: neither a long file nor many short ones hold anybody up
   */
  async scan(document: SourceDocument, pace: Pace): Promise<readonly Match[]> {
    const { recognizer } = this;
    if (!recognizer.mayMatch(document.text)) return [];
    const { outline, release } = await this.parser.outlineInSlices(document.text, pace);
    try {
      const context = new FileContext(outline, document.path, document.remote, document.text);
      const matches: Match[] = [];
      for (const fn of outline.functions) {
        if (pace.isOver()) await pace.rest();
        const match = recognizer.match(context.contextOf(fn));
        if (match) matches.push(match);
      }
      return matches;
    } finally {
      release();
    }
  }

  /** Reads a document without holding anybody up, so that what is asked later, or edited, finds it read. */
  async readInSlices(document: SourceDocument, pace: Pace): Promise<void> {
    await this.openInSlices(document, pace);
  }

  /** The match of one function of the outline. */
  match(document: SourceDocument, fn: FunctionOutline): Match | undefined {
    return this.matchOf(this.open(document), fn);
  }

  /** Where the steps of a match stand. Computed once per function. */
  alignment(match: Match): Alignment {
    let alignment = this.alignments.get(match);
    if (!alignment) {
      alignment = this.recognizer.align(this.entryOf(match), match.function);
      this.alignments.set(match, alignment);
    }
    return alignment;
  }

  /** The innermost recognised function around a position. */
  matchAt(document: SourceDocument, position: Position): Match | undefined {
    const open = this.glanceAt(document, position) ?? this.open(document);
    for (const fn of functionsAround(open.file.outline, position)) {
      const match = this.matchOf(open, fn);
      if (match) return match;
    }
    return undefined;
  }

  /**
   * The match of what is defined at a position: a function, or a class by its `forward`. For the answers of a Python
   * language server's definition provider.
   */
  definitionAt(document: SourceDocument, position: Position): Match | undefined {
    const open = this.open(document);
    const { outline } = open.file;
    const fn = outline.functions.find(it => touches(it.nameRange, position));
    if (fn) return this.matchOf(open, fn);
    const cls = outline.classes.find(it => touches(it.nameRange, position));
    const forward = cls && outline.functions.find(it => it.qualname === `${cls.qualname}.forward`);
    return forward && this.matchOf(open, forward);
  }

  /** What entries come into question for the function around a position, best first, and why not: matched or not. */
  judgementsAt(document: SourceDocument, position: Position): readonly Judgement[] {
    const open = this.open(document);
    const [fn] = functionsAround(open.file.outline, position);
    return fn ? this.recognizer.judge(open.context.contextOf(fn)) : [];
  }

  /** What there is to say at a position: a definition's name, a call, or a variable of a recognised function. */
  async sightingAt(
    document: SourceDocument,
    position: Position,
    cancellation?: Cancellation,
  ): Promise<Sighting | undefined> {
    const glance = this.glanceAt(document, position);
    if (glance && !isOnCall(glance.file.outline, position))
      return this.sightingIn(glance, position, cancellation);
    // Where a call leads may stand anywhere in the document.
    await this.opening.get(document.uri);
    if (cancellation?.isCancellationRequested) return undefined;
    return this.sightingIn(this.open(document), position, cancellation);
  }

  private async sightingIn(
    open: OpenDocument,
    position: Position,
    cancellation: Cancellation | undefined,
  ): Promise<Sighting | undefined> {
    const { outline } = open.file;
    for (const fn of outline.functions) {
      if (!touches(fn.nameRange, position)) continue;
      const match = this.matchOf(open, fn);
      return match && { kind: 'definition', match, range: fn.nameRange };
    }
    const around = functionsAround(outline, position);
    const call = await this.callAt(open, around, position, cancellation);
    if (call) return call;
    for (const fn of around) {
      const match = this.matchOf(open, fn);
      const symbol = match && this.symbolAt(match, position);
      if (symbol) return symbol;
    }
    return undefined;
  }

  /** A file on disk changed, or went away: what was read of it for call sites is forgotten. */
  sourceChanged(uri?: string): void {
    for (const [known, { python }] of this.sources) {
      if (uri !== undefined && known !== uri) continue;
      python.dispose();
      this.sources.delete(known);
    }
  }

  /** The document is no longer shown. */
  close(uri: string): void {
    this.documents.get(uri)?.python.dispose();
    this.documents.delete(uri);
    this.glances.forget(uri);
    this.opening.delete(uri);
  }

  dispose(): void {
    for (const { python } of this.documents.values()) python.dispose();
    this.documents.clear();
    this.glances.dispose();
    this.opening.clear();
    this.sourceChanged();
  }

  private open(document: SourceDocument): OpenDocument {
    const { uri, version, path, remote } = document;
    const open = this.documents.get(uri);
    if (!open) return this.keep(document, this.parser.open(document.text));
    if (open.version !== version || open.file.path !== path || open.remote !== remote) {
      open.python.update(document.text);
      open.version = version;
      open.reading++;
      open.remote = remote;
      open.file = { uri, path, outline: open.python.outline };
      open.context = new FileContext(open.file.outline, path, remote, open.python.text);
      const alive = new Set(open.file.outline.functions);
      for (const fn of open.judged.keys()) if (!alive.has(fn)) open.judged.delete(fn);
    }
    return open;
  }

  /** @returns undefined where the document was closed or went on meanwhile */
  private async openInSlices(document: SourceDocument, pace: Pace): Promise<OpenDocument | undefined> {
    const { uri, version } = document;
    if (this.documents.has(uri) || document.text.length < LONG) return this.open(document);
    let opening = this.opening.get(uri);
    if (!opening) {
      const read = async (): Promise<OpenDocument | undefined> => {
        // Not before it is known that somebody reads.
        await Promise.resolve();
        try {
          const python = await this.parser.openInSlices(document.text, pace);
          const isWanted = this.opening.get(uri) === opening;
          if (isWanted && !this.documents.has(uri)) return this.keep(document, python);
          // Closed, or somebody could not wait and has opened it.
          python.dispose();
          return undefined;
        } finally {
          if (this.opening.get(uri) === opening) this.opening.delete(uri);
        }
      };
      opening = read();
      this.opening.set(uri, opening);
    }
    const opened = await opening;
    const open = this.documents.get(uri);
    if (!open || open.version === version) return open;
    // Two may have waited for one reading: it may be of a text before this one, and anything else of one behind it.
    return open === opened && open.reading === 0 ? this.open(document) : undefined;
  }

  private keep(document: SourceDocument, python: PythonDocument): OpenDocument {
    const open = openDocument(document, python);
    this.documents.set(document.uri, open);
    this.glances.forget(document.uri);
    return open;
  }

  /** The statement around a position of a long document that has not been read yet; undefined where all of it is at hand. */
  private glanceAt(document: SourceDocument, position: Position): OpenDocument | undefined {
    if (document.text.length < LONG || this.documents.has(document.uri)) return undefined;
    return this.glances.at(document, position);
  }

  private matchOf(open: OpenDocument, fn: FunctionOutline): Match | undefined {
    let judged = open.judged.get(fn);
    if (judged?.reading !== open.reading) {
      judged = this.judge(open, fn, judged);
      open.judged.set(fn, judged);
    }
    return judged.match && this.isShown(judged.match) ? judged.match : undefined;
  }

  private judge(open: OpenDocument, fn: FunctionOutline, known: Judged | undefined): Judged {
    const { reading } = open;
    const context = open.context.contextOf(fn);
    const outside = open.context.keyOutside(fn);
    if (known?.outside === outside) return { ...known, reading };
    if (!this.recognizer.mayBe(context)) return { reading, outside, key: undefined, match: undefined };
    const key = open.context.keyAround(fn);
    if (known?.key === key) return { ...known, reading };
    return { reading, key, match: this.recognizer.match(context) };
  }

  private isShown(match: Match): boolean {
    const system = this.atlas.packOf(match.entryId)?.system ?? '';
    return !this.filter.entries.has(match.entryId) && !this.filter.systems.has(system);
  }

  private entryOf(match: Match): Entry {
    const entry = this.atlas.entry(match.entryId);
    if (!entry) throw new Error(`the atlas has no entry ${match.entryId}`);
    return entry;
  }

  private async callAt(
    open: OpenDocument,
    around: readonly FunctionOutline[],
    position: Position,
    cancellation: Cancellation | undefined,
  ): Promise<CallSighting | undefined> {
    const fn = around.find(it => it.calls.some(call => touches(call.nameRange, position)));
    const calls = fn ? fn.calls : open.file.outline.calls;
    const call = calls.find(it => touches(it.nameRange, position));
    if (!call) return undefined;
    const files = new Map<OutlinedFile, OpenDocument>([[open.file, open]]);
    const resolver = new CallResolver(async (from, path) => {
      const found = await this.source(from.uri, path);
      if (found) files.set(found.file, found);
      return found?.file;
    }, cancellation);
    const definitions = await resolver.resolve(open.file, fn, call.callee);
    if (cancellation?.isCancellationRequested || definitions.length === 0) return undefined;
    const sightings: CallSighting[] = [];
    for (const definition of definitions) {
      const holder = files.get(definition.file);
      const match = holder && this.matchOf(holder, definition.fn);
      // One candidate without an entry is enough not to know what runs here.
      if (!match) return undefined;
      const { entryId } = match;
      const { uri } = definition.file;
      const { callee, nameRange } = call;
      sightings.push({ kind: 'call', entryId, callee, at: position, range: nameRange, match, uri });
    }
    const [first] = sightings;
    return sightings.every(it => it.entryId === first?.entryId) ? first : undefined;
  }

  private async source(base: string, path: string): Promise<OpenDocument | undefined> {
    const document = await this.provider?.read(base, path);
    if (!document) return undefined;
    const shown = this.documents.get(document.uri);
    if (shown && shown.version === document.version) return shown;
    const known = this.sources.get(document.uri);
    if (known && known.version === document.version) return known;
    const source = openDocument(document, this.parser.open(document.text));
    if (this.sources.size >= MAX_SOURCES) this.sourceChanged();
    else known?.python.dispose();
    this.sources.set(document.uri, source);
    return source;
  }

  private symbolAt(match: Match, position: Position): SymbolSighting | undefined {
    const use = match.function.names.find(it => touches(it.range, position));
    if (!use) return undefined;
    const alignment = this.alignment(match);
    const symbol = symbolNamed(this.entryOf(match).symbols, use.name, alignment.renames);
    if (!symbol) return undefined;
    const step = alignment.steps.find(it =>
      it.ranges.some(
        range => comparePositions(range.start, position) <= 0 && comparePositions(position, range.end) <= 0,
      ),
    );
    const { name, range } = use;
    return { kind: 'symbol', match, name, at: position, range, symbol, ...(step ? { step } : {}) };
  }
}

function isOnCall(outline: Outline, position: Position): boolean {
  const calls = [...outline.calls, ...functionsAround(outline, position).flatMap(fn => fn.calls)];
  return calls.some(call => touches(call.nameRange, position));
}

/** Innermost first. */
function functionsAround(outline: Outline, position: Position): FunctionOutline[] {
  return outline.functions
    .filter(fn => touches(fn.range, position))
    .sort((a, b) => comparePositions(b.range.start, a.range.start));
}

/** The symbol that a name holds, also under the name this document gives it. */
function symbolNamed(
  symbols: readonly EquationSymbol[],
  name: string,
  renames: ReadonlyMap<string, string>,
): EquationSymbol | undefined {
  const direct = symbols.find(it => it.code.includes(name));
  if (direct) return direct;
  for (const [ours, theirs] of renames) {
    if (theirs === name) return symbols.find(it => it.code.includes(ours));
  }
  return undefined;
}
