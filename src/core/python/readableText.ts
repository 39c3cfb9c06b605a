import type { Outline } from './outline.ts';

/** Longer texts are not read at all: nobody writes them by hand. In UTF-16 code units. */
export const MAX_TEXT_LENGTH = 2_000_000;

export const EMPTY_OUTLINE: Outline = {
  imports: [],
  classes: [],
  functions: [],
  assignments: [],
  calls: [],
  hasErrors: false,
};

/**
 * The same text with what the grammar stumbles over replaced, every offset kept: lone carriage returns end a line,
 * null characters and byte order marks are blanks.
 */
export function readable(text: string): string {
  let clean = text;
  if (clean.includes('\r')) clean = clean.replace(/\r(?!\n)/g, '\n');
  if (clean.includes('\0')) clean = clean.replaceAll('\0', ' ');
  return clean;
}
