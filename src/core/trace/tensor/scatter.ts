import type { GraphValue } from '../graph/graph.ts';
import { numel, stridesOf } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import type { Tensor } from './tensor.ts';

/**
 * The storage's value after `value` was written through a view. A run on one axis becomes a concatenation; everything else is
 * one Gather by a constant table from [old elements, new elements], which every backend has.
 */
export function scatterIntoBase(view: Tensor, value: GraphValue): GraphValue {
  const { session, storage, region } = view;
  const base = storage.value;
  if (value.shape.length === 0 || numel(value.shape) === 0) {
    if (numel(value.shape) === 0) return base;
  }
  refuseOverlap(view);
  if (region) {
    const part = [...base.shape];
    part[region.axis] = region.end - region.start;
    const middle = reshape(view, value, part);
    const size = base.shape[region.axis]!;
    const slice = (start: number, end: number) =>
      session.op('Slice', [base], { starts: [start], ends: [end], axes: [region.axis], steps: [1] });
    const parts = [middle];
    if (region.start > 0) parts.unshift(slice(0, region.start));
    if (region.end < size) parts.push(slice(region.end, size));
    return parts.length === 1 ? middle : session.op('Concat', parts, { axis: region.axis });
  }
  const total = numel(base.shape);
  const places = positions(view);
  const table = new Float64Array(total);
  for (let i = 0; i < total; i++) table[i] = i;
  for (let i = 0; i < places.length; i++) table[places[i]!] = total + i;
  return placeByTable(view, base, value, table);
}

/** The base with some elements replaced: element i is number `table[i]` of the base's elements followed by the new ones. */
export function placeByTable(
  view: Tensor,
  base: GraphValue,
  value: GraphValue,
  table: Float64Array,
): GraphValue {
  const { session } = view;
  const total = table.length;
  const flatNew = reshape(view, value, [numel(value.shape)]);
  let source: GraphValue;
  let indices = table;
  if (table.every(i => i >= total)) {
    source = flatNew;
    indices = table.map(i => i - total);
    if (indices.length === flatNew.shape[0] && indices.every((x, i) => x === i))
      return reshape(view, flatNew, base.shape);
  } else source = session.op('Concat', [reshape(view, base, [total]), flatNew], { axis: 0 });
  const picked = session.op('Gather', [source, session.graph.numbers('int64', [total], indices)], {
    axis: 0,
  });
  return reshape(view, picked, base.shape);
}

function reshape(view: Tensor, value: GraphValue, shape: readonly number[]): GraphValue {
  return value.shape.join() === shape.join() && value.shape.length === shape.length
    ? value
    : view.session.op('Reshape', [value], { shape });
}

/** For each element of a view, in row-major order, its position in the storage's value (row-major as well). */
export function positions(view: Tensor): Float64Array {
  const { storage } = view;
  const out = new Float64Array(view.numel);
  const index = new Int32Array(view.rank);
  let at = view.offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = at;
    for (let d = view.rank - 1; d >= 0; d--) {
      at += view.strides[d]!;
      if (++index[d]! < view.shape[d]!) break;
      index[d] = 0;
      at -= view.strides[d]! * view.shape[d]!;
    }
  }
  const shape = storage.value.shape;
  const dense = stridesOf(shape);
  if (storage.strides.every((s, i) => s === dense[i] || shape[i] === 1)) return out;
  // The storage keeps a permuted layout: turn memory offsets into row-major positions.
  const axes = shape.map((_, i) => i).sort((a, b) => storage.strides[b]! - storage.strides[a]!);
  return out.map(offset => {
    let rest = offset;
    let position = 0;
    for (const axis of axes) {
      if (shape[axis] === 1) continue;
      const i = Math.floor(rest / storage.strides[axis]!);
      rest -= i * storage.strides[axis]!;
      position += i * dense[axis]!;
    }
    return position;
  });
}

/** torch refuses to write where several elements of the target share memory. */
function refuseOverlap(view: Tensor): void {
  if (view.shape.some((d, i) => d > 1 && view.strides[i] === 0))
    throw raise(
      'RuntimeError',
      'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.',
    );
}
