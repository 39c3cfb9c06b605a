import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Entry } from '../core/atlas/schema.ts';
import type { CodeSource } from '../core/minis/traceEntry.ts';
import { Recognizer } from '../core/recognition/recognizer.ts';
import { importRoots, type Workbench } from '../node/workbench.ts';
import { type CliIo, InputError } from './command.ts';
import { recognizedFiles } from './recognizedFiles.ts';

/**
 * Finds an entry's function by recognition in a file or below a folder: where upstream has it, else the match of the highest
 * confidence.
 *
 * @throws {InputError} when there is no such path, or nothing in it is recognised as the entry
 */
export async function findFunction(
  bench: Workbench,
  entry: Entry,
  argument: string,
  io: CliIo,
): Promise<CodeSource> {
  const path = resolve(io.cwd, argument);
  if (!existsSync(path)) throw new InputError(`${argument}: no such file or folder`);
  if (!entry.upstream)
    throw new InputError(`${entry.id} has no function to look for; run it without a source`);
  const folder = statSync(path).isDirectory();
  const likely = folder ? join(path, entry.upstream.path) : path;
  const tries = folder && existsSync(likely) ? [likely, path] : [path];
  const recognizer = new Recognizer(bench.atlas);
  const quiet: CliIo = { ...io, error: () => undefined };
  const others = new Set<string>();
  const broken = new Set<string>();
  for (const place of tries) {
    let best: { confidence: number; file: string; qualname: string } | undefined;
    for await (const { file, outline, matches } of recognizedFiles(place, bench.parser, recognizer, quiet)) {
      for (const fn of outline.functions) {
        if (!fn.hasErrors || fn.qualname !== entry.upstream.qualname) continue;
        broken.add(`${fn.qualname} in ${relative(io.cwd, file)}:${fn.range.start.line + 1} does not parse`);
      }
      for (const { match } of matches) {
        if (match.entryId !== entry.id) others.add(match.entryId);
        else if (!best || match.confidence > best.confidence) {
          best = { confidence: match.confidence, file, qualname: match.function.qualname };
        }
      }
    }
    if (!best) continue;
    const roots = importRoots(best.file, folder ? path : undefined, entry.upstream.path);
    return bench.screen(best.file, roots, best.qualname);
  }
  if (broken.size > 0) {
    throw new InputError(
      `${argument}: no function is recognised as ${entry.id}: ${[...broken][0]}, mend its syntax`,
    );
  }
  const seen = others.size > 0 ? `; recognised there: ${[...others].slice(0, 8).join(', ')}` : '';
  throw new InputError(`${argument}: no function is recognised as ${entry.id}${seen}`);
}
