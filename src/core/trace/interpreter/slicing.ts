import { raise } from './errors.ts';
import type { Runtime } from './runtime.ts';
import type { PySlice } from './values.ts';

/** The elements that a slice picks from a sequence: `start`, `start + step`, … (`length` of them). */
export interface PickedSlice {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Resolves a slice against a length, with Python's clamping. */
export function sliceOf(slice: PySlice, length: number, runtime: Runtime): PickedSlice {
  const step = slice.step === null ? 1 : runtime.index(slice.step);
  if (step === 0) throw raise('ValueError', 'slice step cannot be zero');
  const low = step < 0 ? -1 : 0;
  const high = step < 0 ? length - 1 : length;
  const clamp = (value: number) => Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const start = slice.start === null ? (step < 0 ? high : low) : clamp(runtime.index(slice.start));
  const stop = slice.stop === null ? (step < 0 ? low : high) : clamp(runtime.index(slice.stop));
  return { start, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}
