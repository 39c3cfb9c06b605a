import { MAX_MODEL_BYTES } from '../onnx/readModel.ts';
import type { Outliner } from '../python/rememberedOutlines.ts';
import { isModelFile } from './isModelFile.ts';
import { miniSource } from './miniSource.ts';
import type { RunnableEntry } from './runSpec.ts';
import type { RunSource } from './traceEntry.ts';

/** The files of a mini in a pack of the reader's, as they were read. */
export interface OwnMini {
  /** Python files, path below the pack's folder → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Bytes of the `.onnx` file. */
  readonly model?: Uint8Array;
  /** Why it cannot be had, one sentence. */
  readonly problem?: string;
}

/** Most Python that belongs to one mini. */
export const MAX_OWN_FILES = 200;
export const MAX_OWN_TEXT = 2_000_000;

/**
 * Where a mini's file may lie: below the pack's own folder, as Python or ONNX.
 * @returns one sentence on why not, or undefined
 */
export function ownMiniRefusal(file: string): string | undefined {
  if (/^(?:[/\\]|[A-Za-z]:|[a-z][\w+.-]*:)/i.test(file) || file.split(/[\\/]/).includes('..'))
    return `${file} does not lie below the folder of its pack, and is not read.`;
  if (!isModelFile(file) && !file.endsWith('.py')) return `${file} is neither Python nor ONNX.`;
  return undefined;
}

/** Said before the file is even read. */
export function modelSizeRefusal(file: string, bytes: number): string | undefined {
  if (bytes <= MAX_MODEL_BYTES) return undefined;
  return `${file} is larger than the ${MAX_MODEL_BYTES / 1e6} MB that a mini may have.`;
}

/**
 * A reader's own mini as something that runs, with the limits of every run.
 * @throws Error with the sentence of what is wrong with it
 */
export function ownMiniSource(entry: RunnableEntry, own: OwnMini, outliner: Outliner): RunSource {
  const { file } = entry.mini;
  if (own.problem !== undefined) throw new Error(own.problem);
  if (isModelFile(file)) {
    if (!own.model) throw new Error(`${file} is not there.`);
    return { kind: 'mini', path: file, model: own.model };
  }
  const files = Object.fromEntries(Object.entries(own.files).map(([path, text]) => [`own/${path}`, text]));
  if (own.files[file] === undefined) throw new Error(`${file} is not there.`);
  return miniSource(entry, 'own', files, outliner);
}
