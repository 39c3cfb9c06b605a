/** A place in a document, as VS Code counts: 0-based line, 0-based UTF-16 code unit in the line. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open stretch of a document: `start` belongs to it, `end` does not. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
