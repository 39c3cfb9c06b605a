import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Alignment } from '../core/alignment/alignment.ts';
import type { Outline } from '../core/python/outline.ts';
import type { PythonParser } from '../core/python/pythonParser.ts';
import type { Match } from '../core/recognition/match.ts';
import type { Recognizer } from '../core/recognition/recognizer.ts';
import { findPythonFiles, reasonOf } from '../node/findPythonFiles.ts';
import { gitOrigin } from '../node/gitOrigin.ts';
import { type CliIo, InputError } from './command.ts';

/** A file that was read. */
export interface RecognizedFile {
  /** Relative to the argument. */
  readonly path: string;
  /** On disk. */
  readonly file: string;
  readonly outline: Outline;
  readonly matches: readonly { readonly match: Match; readonly alignment: Alignment }[];
  readonly remote?: string;
}

/**
 * Reads a file, or all Python files of a folder, one after the other. What cannot be read is said on stderr and passed over.
 * @throws {InputError} when the argument itself is not there
 */
export async function* recognizedFiles(
  argument: string,
  parser: PythonParser,
  recognizer: Recognizer,
  io: CliIo,
): AsyncGenerator<RecognizedFile> {
  const path = resolve(io.cwd, argument);
  const kind = await stat(path).catch((error: unknown) => {
    throw new InputError(`${argument}: ${reasonOf(error)}`);
  });
  const remote = (await gitOrigin(path))?.remote;
  let files: readonly string[] = [basename(path)];
  let folder = resolve(path, '..');
  if (kind.isDirectory()) {
    folder = path;
    const found = await findPythonFiles(path);
    for (const it of found.unreadable) io.error(`${it.path}: ${it.reason}`);
    files = found.files;
  }
  for (const below of files) {
    const file = join(folder, below);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (!kind.isDirectory()) throw new InputError(`${argument}: ${reasonOf(error)}`);
      io.error(`${below}: ${reasonOf(error)}`);
      continue;
    }
    if (!recognizer.mayMatch(text)) continue;
    const outline = parser.outline(text);
    const matches = recognizer
      .matches(outline, { path: file, text, ...(remote === undefined ? {} : { remote }) })
      .flatMap(match => {
        const entry = recognizer.atlas.entry(match.entryId);
        return entry ? [{ match, alignment: recognizer.align(entry, match.function) }] : [];
      });
    yield { path: below, file, outline, matches, ...(remote === undefined ? {} : { remote }) };
  }
}
