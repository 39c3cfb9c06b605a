/** The lines of a document around the cursor; `vscode.TextDocument` answers these questions without a copy of the text. */
export interface NoteLines {
  readonly count: number;
  /** Text of a line, from 0, without its line break. */
  line(index: number): string;
}

/** A selection in it; start and end are the same for a cursor. */
export interface NoteSelection {
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly endCharacter: number;
}

/** Text to write in place of a stretch of the document. */
export interface NoteEdit extends NoteSelection {
  readonly text: string;
}

/** A line with nothing but white space. */
export const isBlank = (line: string): boolean => line.trim() === '';

export function noteLinesOf(text: string): NoteLines {
  const lines = text.split(/\r\n|\r|\n/);
  return { count: lines.length, line: index => lines[index] ?? '' };
}
