/** A place in a text; 1-based, as editors count. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * The place of `word` in the first line that contains `within`, searched from the first line that contains `after` on.
 * The column lies one character inside the word.
 * @throws Error when the text has no such place.
 */
export function placeOf(text: string, search: { after?: string; within: string; word: string }): TextPlace {
  const lines = text.split(/\r?\n/);
  const start =
    search.after === undefined ? 0 : lines.findIndex(line => line.includes(search.after as string));
  const line = lines.findIndex((content, index) => index >= start && content.includes(search.within));
  const column = lines[line]?.indexOf(search.word) ?? -1;
  if (start < 0 || column < 0) throw new Error(`No ${JSON.stringify(search)} in the text.`);
  return { line: line + 1, column: column + 2 };
}
