import type { FunctionOutline } from './python/outline.ts';
import type { PythonDocument } from './python/pythonDocument.ts';
import type { OutlinedFile } from './recognition/callResolver.ts';
import { FileContext } from './recognition/functionContext.ts';
import type { Match } from './recognition/match.ts';
import type { SourceDocument } from './sources.ts';

/** A document at a version, with all that was found out about it so far. */
export interface OpenDocument {
  version: string | number;
  /** Counts on whenever anything about the document may be other than before. */
  reading: number;
  readonly python: PythonDocument;
  file: OutlinedFile;
  context: FileContext;
  remote: string | undefined;
  /** Kept over versions as long as function and surroundings stay the same. */
  readonly judged: Map<FunctionOutline, Judged>;
}

/** What recognition said of a function. */
export interface Judged {
  /** The reading it holds for without another look. */
  readonly reading: number;
  /** Set where the function was ruled out by what can be seen without reading bodies: what was seen. */
  readonly outside?: string;
  /** What else it depends on; undefined where the function alone told that it is no entry. */
  readonly key: string | undefined;
  readonly match: Match | undefined;
}

/** @param python of the document's text, or of what was left of it (see `Glances`) */
export function openDocument(document: SourceDocument, python: PythonDocument): OpenDocument {
  const { uri, version, path, remote } = document;
  const file = { uri, path, outline: python.outline };
  const context = new FileContext(file.outline, path, remote, python.text);
  return { version, reading: 0, python, file, context, remote, judged: new Map() };
}
