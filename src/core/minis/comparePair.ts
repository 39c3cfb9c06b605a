import type { ComputedTensor } from './computeRun.ts';

/** What differs by no more than this, plus the relative part, is noise of float32 (`test/fixtures/goldens/README.md`). */
export const ATOL = 2e-5;
export const RTOL = 1e-5;

/** How a tensor of the screen becomes the mini's, where the step says so: the same numbers in another shape, or axes exchanged. */
export type Layout = 'flat' | readonly number[];

export interface Pair {
  readonly agrees: boolean;
  readonly difference: number;
  readonly size: number;
  readonly reason?: 'shape' | 'values';
  readonly noise?: boolean;
  readonly difference64?: number;
  readonly shapes?: { readonly mini: readonly number[]; readonly screen: readonly number[] };
}

/** Shapes that differ by axes of length one hold the same numbers; other layouts count where the step declares them. */
export function comparePair(own: ComputedTensor, other: ComputedTensor, layout?: Layout): Pair {
  const direct = compareAligned(own, other, layout === 'flat');
  if (direct.agrees || layout === undefined || layout === 'flat') return direct;
  const turned = permuted(other, layout);
  if (!turned) return direct;
  const indirect = compareAligned(own, turned, false);
  return indirect.agrees || direct.reason === 'shape' ? indirect : direct;
}

function compareAligned(own: ComputedTensor, other: ComputedTensor, flat: boolean): Pair {
  const squeezed = (shape: readonly number[]) => shape.filter(size => size !== 1).join();
  const size = largest(own.data.data);
  const alike = flat
    ? own.data.data.length === other.data.data.length
    : squeezed(own.data.shape) === squeezed(other.data.shape);
  if (!alike) {
    const shapes = { mini: own.data.shape, screen: other.data.shape };
    return { agrees: false, difference: Number.POSITIVE_INFINITY, size, reason: 'shape', shapes };
  }
  let difference = 0;
  let agrees = true;
  for (let i = 0; i < own.data.data.length; i++) {
    const a = Number(own.data.data[i]);
    const b = Number(other.data.data[i]);
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const gap = Math.abs(a - b);
    const far = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    if (far > difference) difference = far;
    if (!(far <= ATOL + RTOL * Math.abs(a))) agrees = false;
  }
  return { agrees, difference, size, ...(agrees ? {} : { reason: 'values' as const }) };
}

/** `tensor.permute(axes)`; undefined where the axes are not the tensor's. */
function permuted(tensor: ComputedTensor, axes: readonly number[]): ComputedTensor | undefined {
  const { shape, data, type } = tensor.data;
  if (axes.length !== shape.length || [...axes].sort().some((axis, i) => axis !== i)) return undefined;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const turned = axes.map(axis => shape[axis]!);
  const moved = data.slice();
  const index = new Array<number>(axes.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    let from = 0;
    for (const [k, axis] of axes.entries()) from += index[k]! * strides[axis]!;
    moved[i] = data[from]!;
    for (let k = axes.length - 1; k >= 0; k--) {
      index[k] = index[k]! + 1;
      if (index[k]! < turned[k]!) break;
      index[k] = 0;
    }
  }
  return { ...tensor, data: { type, shape: turned, data: moved } };
}

function largest(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(Number(values[i]));
    if (Number.isFinite(magnitude) && magnitude > size) size = magnitude;
  }
  return size;
}
