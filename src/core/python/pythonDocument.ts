import { Edit, type Tree } from 'web-tree-sitter';
import { type FunctionUnit, mover } from './functionUnit.ts';
import { LineIndex } from './lineIndex.ts';
import type { ClassOutline, FunctionOutline, Outline } from './outline.ts';
import type { OutlinedText } from './outliner.ts';
import type { Position, Range } from './position.ts';
import type { PythonParser } from './pythonParser.ts';
import { comparePositions } from './ranges.ts';
import { EMPTY_OUTLINE, MAX_TEXT_LENGTH, readable } from './readableText.ts';
import { TextSource } from './textSource.ts';

/** One replacement, as VS Code reports it: the range in the text before it, and what stands there now. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** A text that has been read. */
export interface ReadText extends OutlinedText {
  readonly source: TextSource;
}

/** An edit as it moves what lies behind it. */
interface Move {
  readonly startAt: Position;
  readonly oldEndAt: Position;
  readonly newEndAt: Position;
}

/**
 * A text that changes. Edits are parsed incrementally, functions whose text stays are not read again (and keep their
 * very objects while they stay in place), and a function that is mid-edit keeps its last good outline.
 */
export class PythonDocument {
  /** The text that was read last, with its tree. */
  private source: TextSource | undefined;
  /** A copy of that tree with all edits since: what the next parse starts from. */
  private edited: Tree | undefined;
  private units: readonly FunctionUnit[] = [];
  private current: Outline = EMPTY_OUTLINE;
  private stale = true;
  /** Outlines of functions and classes as they were when last read without errors … */
  private good = new Map<string, FunctionOutline>();
  private goodClasses = new Map<string, ClassOutline>();
  /** … and how edits moved them since; applied to those that are needed. */
  private moves: Move[] = [];
  /** The last text without errors, while there are errors: unread bodies of good outlines are read there. */
  private goodSource: TextSource | undefined;
  private readsWithErrors = 0;
  private raw: string;
  private clean: string;

  /**
   * Opened by `PythonParser.open`.
   * @param read what was read of the text already; the document owns it from here on
   */
  constructor(
    private readonly parser: PythonParser,
    text: string,
    read?: ReadText,
  ) {
    this.raw = text;
    this.clean = readable(text);
    if (!read) return;
    this.stale = false;
    this.take(read, undefined);
  }

  get text(): string {
    return this.raw;
  }

  get outline(): Outline {
    if (this.stale) this.read();
    return this.current;
  }

  /** Applies replacements one after the other, each to the text the previous one left. */
  edit(changes: readonly TextChange[]): void {
    for (const change of changes) {
      const lines = new LineIndex(this.raw);
      const start = lines.offsetAt(change.range.start);
      const end = Math.max(start, lines.offsetAt(change.range.end));
      this.replace(start, end, change.text);
    }
  }

  /** Takes the new text as one replacement of the stretch that differs. */
  update(text: string): void {
    const old = this.raw;
    if (text === old) return;
    const shortest = Math.min(old.length, text.length);
    let start = 0;
    while (start < shortest && old.charCodeAt(start) === text.charCodeAt(start)) start++;
    let tail = 0;
    while (
      tail < shortest - start &&
      old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)
    ) {
      tail++;
    }
    this.replace(start, old.length - tail, text.slice(start, text.length - tail));
  }

  dispose(): void {
    this.source?.release();
    this.goodSource?.release();
    this.edited?.delete();
    this.edited = undefined;
    this.goodSource = undefined;
  }

  private replace(start: number, end: number, text: string): void {
    // Read before the first edit, so that there is a last good outline to keep.
    if (this.stale) this.read();
    const oldClean = this.clean;
    this.raw = this.raw.slice(0, start) + text + this.raw.slice(end);
    this.clean = readable(this.raw);
    this.stale = true;
    // Cleaning may reach past the edit (a `\r` that lost its `\n`); then the edit is what differs in the clean text.
    let from = start;
    let oldEnd = end;
    let newEnd = start + text.length;
    if (from > 0 && oldClean.charCodeAt(from - 1) !== this.clean.charCodeAt(from - 1)) from--;
    if (oldClean.charCodeAt(oldEnd) !== this.clean.charCodeAt(newEnd)) {
      oldEnd = Math.min(oldEnd + 1, oldClean.length);
      newEnd = Math.min(newEnd + 1, this.clean.length);
    }
    const oldLines = new LineIndex(oldClean);
    const newLines = new LineIndex(this.clean);
    const startAt = oldLines.positionAt(from);
    const oldEndAt = oldLines.positionAt(oldEnd);
    const newEndAt = newLines.positionAt(newEnd);
    this.edited ??= this.source?.syntaxTree?.copy();
    this.edited?.edit(
      new Edit({
        startIndex: from,
        oldEndIndex: oldEnd,
        newEndIndex: newEnd,
        startPosition: point(startAt),
        oldEndPosition: point(oldEndAt),
        newEndPosition: point(newEndAt),
      }),
    );
    this.moves.push({ startAt, oldEndAt, newEndAt });
  }

  private read(): void {
    this.stale = false;
    const { edited, source: old } = this;
    this.edited = undefined;
    this.source = undefined;
    if (this.raw.length > MAX_TEXT_LENGTH) {
      edited?.delete();
      this.units = [];
      this.current = { ...EMPTY_OUTLINE, hasErrors: true };
      this.letGo(old);
      return;
    }
    const tree = this.parser.parse(this.clean, edited);
    edited?.delete();
    const source = new TextSource(this.parser, this.clean, tree);
    const known = new Map<string, FunctionUnit[]>();
    for (const unit of this.units) {
      const same = known.get(unit.text);
      if (same) same.push(unit);
      else known.set(unit.text, [unit]);
    }
    this.take({ source, ...this.parser.outlineSource(source, tree, known) }, old);
  }

  /** What was read is current from now on. */
  private take({ source, outline, units }: ReadText, old: TextSource | undefined): void {
    this.source = source;
    this.units = units.filter(unit => !unit.functions.some(fn => fn.hasErrors));
    this.readsWithErrors = outline.hasErrors ? this.readsWithErrors + 1 : 0;
    if (this.readsWithErrors === 1) this.goodSource = old;
    else this.letGo(old);
    if (!outline.hasErrors) this.letGo(undefined);
    this.current = outline.hasErrors ? this.withLastGood(outline) : outline;
    this.remember(this.current);
  }

  /** The old source goes; with none given, the one that was kept for the sake of good outlines. */
  private letGo(old: TextSource | undefined): void {
    if (old) {
      if (old !== this.goodSource) old.release();
      return;
    }
    this.goodSource?.release();
    this.goodSource = undefined;
  }

  private remember(outline: Outline): void {
    this.moves = [];
    this.good = new Map();
    for (const fn of outline.functions) if (!fn.hasErrors) this.good.set(fn.qualname, fn);
    this.goodClasses = new Map();
    for (const it of outline.classes) this.goodClasses.set(it.qualname, it);
  }

  /** Puts the last good outlines of functions and classes back that an error spoils or swallows. */
  private withLastGood(outline: Outline): Outline {
    const lines = new LineIndex(this.clean);
    const moves = this.moves.map(it => ({
      startAt: it.startAt,
      ...mover(range => moveRange(range, it.startAt, it.oldEndAt, it.newEndAt)),
    }));
    // Moved bodies that nobody reads wait for each other; now and then they are read.
    const flatten = this.readsWithErrors % 32 === 0;
    const movedFunction = (fn: FunctionOutline | undefined) => {
      if (!fn) return undefined;
      const moved = moves.reduce(
        (it, move) => (endsBefore(it.range, move.startAt) ? it : move.function(it)),
        fn,
      );
      if (flatten && moved !== fn) void moved.statements;
      return moved;
    };
    const movedClass = (cls: ClassOutline) => {
      const moved = moves.reduce(
        (it, move) => (endsBefore(it.range, move.startAt) ? it : move.class(it)),
        cls,
      );
      if (flatten && moved !== cls) void moved.attributes;
      return moved;
    };
    const stillThere = (it: FunctionOutline | ClassOutline) =>
      this.clean.slice(lines.offsetAt(it.nameRange.start), lines.offsetAt(it.nameRange.end)) === it.name;
    const functions = new Map<string, FunctionOutline>();
    for (const fn of outline.functions) {
      const kept = fn.hasErrors ? movedFunction(this.good.get(fn.qualname)) : undefined;
      functions.set(key(fn), kept && stillThere(kept) ? kept : fn);
    }
    const classes = new Map<string, ClassOutline>();
    for (const it of outline.classes) classes.set(key(it), it);
    const names = new Set(outline.functions.map(fn => fn.qualname));
    for (const good of this.good.values()) {
      if (names.has(good.qualname)) continue;
      const kept = movedFunction(good)!;
      if (!stillThere(kept)) continue;
      // A method that error recovery tore out of its class comes under its bare name.
      for (const [at, fn] of functions) {
        if (comparePositions(fn.nameRange.start, kept.nameRange.start) === 0) functions.delete(at);
      }
      functions.set(key(kept), kept);
    }
    for (const good of this.goodClasses.values()) {
      const kept = movedClass(good);
      if (!stillThere(kept)) continue;
      const now = [...classes].find(([, it]) => it.qualname === kept.qualname);
      if (!now) classes.set(key(kept), kept);
      // Members are lost with the error, hardly ever by it; the next parse without errors tells.
      else if (now[1].methods.length < kept.methods.length) classes.set(now[0], kept);
    }
    return {
      ...outline,
      functions: [...functions.values()].sort(bySource),
      classes: [...classes.values()].sort(bySource),
    };
  }
}

const key = (it: FunctionOutline | ClassOutline) =>
  `${it.qualname}@${it.nameRange.start.line}:${it.nameRange.start.character}`;

const bySource = (a: { nameRange: Range }, b: { nameRange: Range }) =>
  comparePositions(a.nameRange.start, b.nameRange.start);

const point = (position: Position) => ({ row: position.line, column: position.character });

const endsBefore = (range: Range, position: Position) => comparePositions(range.end, position) < 0;

/** Where a range lies after `[start, oldEnd)` became `[start, newEnd)`. */
function moveRange(range: Range, start: Position, oldEnd: Position, newEnd: Position): Range {
  const move = (position: Position): Position => {
    if (comparePositions(position, start) <= 0) return position;
    if (comparePositions(position, oldEnd) < 0)
      return comparePositions(position, newEnd) < 0 ? position : newEnd;
    const line = position.line + newEnd.line - oldEnd.line;
    return position.line === oldEnd.line
      ? { line, character: position.character + newEnd.character - oldEnd.character }
      : { line, character: position.character };
  };
  return { start: move(range.start), end: move(range.end) };
}
