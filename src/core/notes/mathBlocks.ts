import type { NoteFormat } from './noteFormat.ts';

/** A formula of a note: [start, end) with its delimiters, and what stands between them. */
export interface MathBlock {
  readonly start: number;
  readonly end: number;
  readonly tex: string;
}

/** Longer formulas are none: some delimiter was forgotten. */
const MAX_LENGTH = 8000;

/** How a formula begins and how it ends; without `close` the opening pattern holds the whole formula. */
interface Delimiters {
  readonly open: RegExp;
  /** The end that belongs to what `open` matched. */
  readonly close?: (open: RegExpExecArray) => string;
}

const DOLLARS: Delimiters = { open: /\$\$([^$]{1,8000}?)\$\$/y };
const DOLLAR: Delimiters = { open: /(?<![$\\])\$([^$\n]{1,4000})\$(?!\$)/y };
const MARKDOWN: readonly Delimiters[] = [
  DOLLARS,
  { open: /```math[ \t]*\r?\n/y, close: () => '\\r?\\n[ \\t>]*```' },
  DOLLAR,
];
const LATEX: readonly Delimiters[] = [
  {
    open: /\\begin\{((?:equation|align|gather|multline|displaymath|eqnarray|flalign)\*?)\}/y,
    close: ([, name = '']) => `\\\\end\\{${name.replace('*', '\\*')}\\}`,
  },
  { open: /\\\[/y, close: () => '\\\\\\]' },
  DOLLARS,
  { open: /(?<![$\\])\$([^$\n]{1,4000})\$/y },
];

/** The formulas of a note in order. Linear in the text, however many of them are never closed. */
export function mathBlocks(text: string, format: NoteFormat): MathBlock[] {
  const kinds = format === 'latex' ? LATEX : format === 'markdown' || format === 'notebook' ? MARKDOWN : [];
  const blocks: MathBlock[] = [];
  const ends = new Map<string, NextMatch>();
  const starts = /[$\\`]/g;
  for (let at = starts.exec(text); at && kinds.length > 0; at = starts.exec(text)) {
    const block = blockAt(text, at.index, kinds, ends);
    if (!block) continue;
    blocks.push(block);
    starts.lastIndex = block.end;
  }
  return blocks;
}

function blockAt(
  text: string,
  start: number,
  kinds: readonly Delimiters[],
  ends: Map<string, NextMatch>,
): MathBlock | undefined {
  for (const { open, close } of kinds) {
    open.lastIndex = start;
    const opened = open.exec(text);
    if (!opened) continue;
    if (!close) return { start, end: open.lastIndex, tex: unquoted(opened[1] ?? '') };
    const from = start + opened[0].length;
    const pattern = close(opened);
    let next = ends.get(pattern);
    if (!next) {
      next = new NextMatch(new RegExp(pattern, 'g'));
      ends.set(pattern, next);
    }
    // An empty formula is none: its end is looked for behind one character at least.
    const closed = next.after(text, from + 1);
    if (closed && closed.index - from <= MAX_LENGTH) {
      return { start, end: closed.index + closed.length, tex: unquoted(text.slice(from, closed.index)) };
    }
  }
  return undefined;
}

/** In a quote every line begins with its sign. */
const unquoted = (tex: string): string => tex.replace(/\n[ \t]*>[ \t>]*/g, '\n');

/** The next place of a pattern, remembered: asked for from places that only grow, it reads the text once. */
class NextMatch {
  readonly #pattern: RegExp;
  #found: { readonly index: number; readonly length: number } | null = null;
  #asked = false;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  after(text: string, from: number): { readonly index: number; readonly length: number } | null {
    if (this.#asked && (this.#found === null || this.#found.index >= from)) return this.#found;
    this.#pattern.lastIndex = from;
    const match = this.#pattern.exec(text);
    this.#found = match && { index: match.index, length: match[0].length };
    this.#asked = true;
    return this.#found;
  }
}
