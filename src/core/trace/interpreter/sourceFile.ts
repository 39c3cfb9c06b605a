import { LineIndex } from '../../python/lineIndex.ts';
import type { Span } from './errors.ts';

/** A Python text with its path: turns offsets into lines when somebody asks. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  /** Belongs to the tracer itself (stand-ins): its statements are not captured. */
  readonly internal: boolean;
  private index: LineIndex | undefined;

  constructor(path: string, text: string, internal: boolean) {
    this.path = path;
    this.text = text;
    this.internal = internal;
  }

  get lines(): LineIndex {
    this.index ??= new LineIndex(this.text);
    return this.index;
  }

  span(at: { readonly start: number; readonly end: number }): Span {
    const from = this.lines.positionAt(at.start);
    const to = this.lines.positionAt(at.end);
    return {
      file: this.path,
      startLine: from.line,
      startColumn: from.character,
      endLine: to.line,
      endColumn: to.character,
    };
  }

  /** The source line of an offset, trimmed. */
  lineText(offset: number): string {
    const start = this.text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.text.indexOf('\n', offset);
    return this.text.slice(start, end < 0 ? undefined : end).trim();
  }
}
