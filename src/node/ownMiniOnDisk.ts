import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { isModelFile } from '../core/minis/isModelFile.ts';
import { modelSizeRefusal, ownMiniRefusal } from '../core/minis/ownMini.ts';
import type { RunnableEntry } from '../core/minis/runSpec.ts';
import type { RunSource } from '../core/minis/traceEntry.ts';
import type { PythonParser } from '../core/python/pythonParser.ts';
import { diskTraceSources } from './traceSources.ts';

/**
 * A mini of a pack of the reader's.
 * @param folder of the pack
 * @throws Error with one sentence when its file cannot be used
 */
export function ownMiniOnDisk(entry: RunnableEntry, folder: string, parser: PythonParser): RunSource {
  const { file } = entry.mini;
  const refusal = ownMiniRefusal(file);
  if (refusal !== undefined) throw new Error(refusal);
  const path = join(folder, file);
  try {
    const size = isModelFile(file) ? modelSizeRefusal(file, statSync(path).size) : undefined;
    if (size !== undefined) throw new TooLarge(size);
    if (isModelFile(file)) return { kind: 'mini', path: file, model: readFileSync(path) };
    return {
      kind: 'mini',
      path: resolve(path).split(sep).join('/'),
      sources: diskTraceSources([dirname(path), folder]),
      outline: parser.outline(readFileSync(path, 'utf8')),
    };
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Error(`${file} is not there.`);
  }
}

class TooLarge extends Error {}
