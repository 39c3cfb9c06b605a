import type { NoteNumber } from './noteContent.ts';

/** A piece of a table's cell or of a line. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'math'; readonly tex: string }
  | { readonly kind: 'code'; readonly text: string };

/** A link as a note shows it. */
export interface NoteLink {
  readonly url: string;
  /** `unet.py:261-288`. */
  readonly place: string;
  readonly qualname: string;
}

/** How one format writes the pieces of a note. Every block is lines without indentation; none of them holds a line break. */
export interface NoteWriter {
  /** A formula on lines of its own, with its marker. */
  equation(tex: string, marker: string, label: string): NoteBlock;
  /** A formula within a line (a table's cell), with its marker where the format has comments there. */
  inlineEquation(tex: string, marker: string): NoteBlock;
  table(head: readonly string[], rows: readonly (readonly (readonly Inline[])[])[]): string[];
  link(link: NoteLink): string;
  code(text: string, language: string): string[];
}

/** Lines to write, and in one English sentence what could not be written. */
export interface NoteBlock {
  readonly lines: readonly string[];
  readonly problem?: string;
}

export const text = (value: string): Inline => ({ kind: 'text', text: value.replace(/\s*\n\s*/g, ' ') });
export const math = (tex: string): Inline => ({ kind: 'math', tex: tex.replace(/\s+/g, ' ') });
export const code = (value: string): Inline => ({ kind: 'code', text: value.replace(/\s+/g, ' ') });

/** Rows of the table of a run's numbers. */
export function numberRows(numbers: readonly NoteNumber[]): Inline[][][] {
  return numbers.map(({ name, shape, value }) => [
    [code(name)],
    shape === '' ? [] : [code(shape)],
    [text(value)],
  ]);
}
