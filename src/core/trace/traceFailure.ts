import { LimitError, Raised, Refusal, type TracebackFrame, type TraceError } from './interpreter/errors.ts';
import { pylibRoot } from './moduleLoader.ts';

/** A tensor that was made for other dims than those of the run. */
export interface UnfitTensor {
  /** An input with listed numbers, one that a sample plants, or an entry of the trained weights. */
  readonly kind: 'listed' | 'planted' | 'trained';
  readonly name: string;
  readonly has: readonly number[];
  readonly needs: readonly number[];
}

/** Why a run stopped: plain data for the panel and the command line. Lines and columns count from 0. */
export interface TraceFailure {
  readonly kind: 'refusal' | 'exception' | 'limit' | 'cancelled';
  /** The reader's (or driver's) file in which it happened; empty when none is to blame. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What was met: `torch.svd`, `ValueError`, `steps`. */
  readonly construct: string;
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
  /** A tensor that does not fit the dims, where that is why; `message` says the same in English. */
  readonly unfit?: UnfitTensor;
  /** As Python prints it. */
  readonly traceback: string;
}

/** @param error with its frames attached */
export function traceFailure(error: TraceError): TraceFailure {
  // The reader's own line is what helps; frames of our stand-ins stay in the traceback.
  const place =
    error.frames.findLast(frame => !frame.file.startsWith(`${pylibRoot}/`)) ?? error.frames.at(-1);
  const kind =
    error instanceof Refusal
      ? 'refusal'
      : error instanceof LimitError
        ? error.kind === 'cancelled'
          ? 'cancelled'
          : 'limit'
        : 'exception';
  const construct =
    error instanceof Refusal
      ? error.construct
      : error instanceof LimitError
        ? error.kind
        : error instanceof Raised
          ? error.className
          : error.name;
  const failure = {
    kind,
    file: place?.file ?? '',
    line: place?.startLine ?? 0,
    column: place?.startColumn ?? 0,
    endLine: place?.endLine ?? 0,
    endColumn: place?.endColumn ?? 0,
    construct,
    message: error.message || construct,
    traceback: tracebackText(error.frames, `${construct}: ${error.message}`),
  } as const;
  return error instanceof Refusal && error.hint !== undefined ? { ...failure, hint: error.hint } : failure;
}

/** Python's layout, outermost call first. */
function tracebackText(frames: readonly TracebackFrame[], last: string): string {
  const lines = ['Traceback (most recent call last):'];
  const shown = frames.length > 30 ? [...frames.slice(0, 10), ...frames.slice(-20)] : frames;
  for (const frame of shown) {
    lines.push(`  File "${frame.file}", line ${frame.startLine + 1}, in ${frame.function}`);
    if (frame.text !== '') lines.push(`    ${frame.text}`);
  }
  lines.push(last);
  return lines.join('\n');
}
