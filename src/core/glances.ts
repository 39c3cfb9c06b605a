import { type OpenDocument, openDocument } from './openDocument.ts';
import { enclosingStatement } from './python/enclosingStatement.ts';
import type { Outline } from './python/outline.ts';
import type { Position } from './python/position.ts';
import type { PythonParser } from './python/pythonParser.ts';
import { touches } from './python/ranges.ts';
import { readable } from './python/readableText.ts';
import type { SourceDocument } from './sources.ts';

/** Of documents that have not been read as a whole yet: the class or function that somebody pointed at, read by itself. */
export class Glances {
  readonly #parser: PythonParser;
  readonly #known = new Map<string, OpenDocument>();

  constructor(parser: PythonParser) {
    this.#parser = parser;
  }

  /**
   * The document with only the statement of the module read that holds a position, and what the file imports: enough to recognise what stands
   * there, not to tell where a call leads.
   * @returns undefined where there is no class or function, or one with errors
   */
  at(document: SourceDocument, position: Position): OpenDocument | undefined {
    const { uri, version, path, remote } = document;
    const known = this.#known.get(uri);
    const isCurrent = known?.version === version && known.file.path === path && known.remote === remote;
    if (isCurrent && holds(known.file.outline, position)) return known;
    this.forget(uri);
    const statement = enclosingStatement(readable(document.text), position.line);
    if (statement === undefined) return undefined;
    const glance = openDocument(document, this.#parser.open(statement));
    if (glance.file.outline.hasErrors || !holds(glance.file.outline, position)) {
      glance.python.dispose();
      return undefined;
    }
    this.#known.set(uri, glance);
    return glance;
  }

  /** Recognition will judge anew. */
  clearJudgements(): void {
    for (const { judged } of this.#known.values()) judged.clear();
  }

  /** The document is closed, or has been read as a whole. */
  forget(uri: string): void {
    this.#known.get(uri)?.python.dispose();
    this.#known.delete(uri);
  }

  dispose(): void {
    for (const uri of [...this.#known.keys()]) this.forget(uri);
  }
}

/** True inside a class or a function. */
function holds({ classes, functions }: Outline, position: Position): boolean {
  return [...classes, ...functions].some(it => touches(it.range, position));
}
