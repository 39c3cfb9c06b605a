import type { GraphValue } from '../graph/graph.ts';
import { numel, stridesOf } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import type { Region, Tensor } from './tensor.ts';

/** One position of an axis; the axis disappears. `index` is in range. */
export function select(t: Tensor, axis: number, index: number): Tensor {
  const { session } = t;
  const shape = t.shape.filter((_, i) => i !== axis);
  const strides = t.strides.filter((_, i) => i !== axis);
  return t.viewAs(
    shape,
    strides,
    t.offset + index * t.strides[axis]!,
    v => {
      const one = v.shape[axis] === 1 ? v : session.op('Slice', [v], one1(axis, index));
      return session.op('Reshape', [one], { shape: [...shape] });
    },
    { axis, start: index, end: index + 1 },
  );
}

function one1(axis: number, index: number) {
  return { starts: [index], ends: [index + 1], axes: [axis], steps: [1] };
}

/** Positions start, start + step, … below end of an axis; start and end are in range. */
export function narrow(t: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
  const { session } = t;
  const length = Math.max(0, Math.ceil((end - start) / step));
  const shape = t.shape.map((d, i) => (i === axis ? length : d));
  const strides = t.strides.map((s, i) => (i === axis ? s * step : s));
  const whole = start === 0 && step === 1 && length === t.shape[axis];
  const region: Region | undefined = step === 1 ? { axis, start, end: start + length } : undefined;
  return t.viewAs(
    shape,
    strides,
    t.offset + (length > 0 ? start * t.strides[axis]! : 0),
    v =>
      whole
        ? v
        : session.op('Slice', [v], {
            starts: [start],
            ends: [Math.max(start, end)],
            axes: [axis],
            steps: [step],
          }),
    region,
  );
}

/** The axes in another order. */
export function permute(t: Tensor, perm: readonly number[]): Tensor {
  const { session } = t;
  return t.viewAs(
    perm.map(p => t.shape[p]!),
    perm.map(p => t.strides[p]!),
    t.offset,
    v => (perm.every((p, i) => p === i) ? v : session.op('Transpose', [v], { perm: [...perm] })),
  );
}

/** Two axes exchanged. */
export function transpose(t: Tensor, a: number, b: number): Tensor {
  const perm = t.shape.map((_, i) => i);
  if (perm.length > 0) [perm[a], perm[b]] = [perm[b]!, perm[a]!];
  return permute(t, perm);
}

/** The same elements under another shape without moving memory; undefined when torch would have to copy. */
export function tryView(t: Tensor, shape: readonly number[]): Tensor | undefined {
  const strides = viewStrides(t.shape, t.strides, shape);
  if (!strides) return undefined;
  const { session } = t;
  return t.viewAs(shape, strides, t.offset, v => reshape(v, shape, session));
}

function reshape(v: GraphValue, shape: readonly number[], session: Tensor['session']): GraphValue {
  if (v.shape.length === shape.length && v.shape.every((d, i) => d === shape[i])) return v;
  return session.op('Reshape', [v], { shape: [...shape] });
}

/** Strides under which memory of `shape` and `strides` reads as `target`: axes are split or merged only where they are dense. */
function viewStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
): number[] | undefined {
  const total = numel(shape);
  if (total === 0) return shape.join() === target.join() ? [...strides] : stridesOf(target);
  const out = new Array<number>(target.length);
  let at = target.length - 1;
  let end = shape.length - 1;
  // Runs of axes that are dense among themselves, from the last one.
  while (end >= 0) {
    const base = strides[end]!;
    let size = shape[end]!;
    let start = end;
    while (start > 0 && (shape[start - 1] === 1 || strides[start - 1] === size * base)) {
      start--;
      size *= shape[start]!;
    }
    // Leading axes of length 1 may have carried no stride at all; that is what the test above lets through.
    let covered = 1;
    while (at >= 0 && (covered < size || target[at] === 1)) {
      out[at] = covered * base;
      covered *= target[at]!;
      at--;
    }
    if (covered !== size) return undefined;
    end = start - 1;
  }
  while (at >= 0) {
    if (target[at] !== 1) return undefined;
    out[at] = 1;
    at--;
  }
  return out;
}

/** Broadcasts axes of length 1 (and new leading ones) without memory. -1 keeps an axis. */
export function expand(t: Tensor, sizes: readonly number[]): Tensor {
  const { session } = t;
  const lead = sizes.length - t.rank;
  if (lead < 0)
    throw raise(
      'RuntimeError',
      `expand(${t.dtype.legacy}{[${t.shape.join(', ')}]}, size=[${sizes.join(', ')}]): the number of sizes provided (${sizes.length}) must be greater or equal to the number of dimensions in the tensor (${t.rank})`,
    );
  const shape: number[] = [];
  const strides: number[] = [];
  sizes.forEach((size, i) => {
    const own = i < lead ? 1 : t.shape[i - lead]!;
    const wanted = size === -1 && i >= lead ? own : size;
    if (wanted < 0)
      throw raise(
        'RuntimeError',
        `The expanded size of the tensor (${size}) isn't allowed in a leading, non-existing dimension ${i}`,
      );
    if (own !== wanted && own !== 1)
      throw raise(
        'RuntimeError',
        `The expanded size of the tensor (${wanted}) must match the existing size (${own}) at non-singleton dimension ${i}.  Target sizes: [${sizes.join(', ')}].  Tensor sizes: [${t.shape.join(', ')}]`,
      );
    shape.push(wanted);
    strides.push(i < lead || (own === 1 && wanted !== 1) ? 0 : t.strides[i - lead]!);
  });
  session.checkSize(shape);
  return t.viewAs(shape, strides, t.offset, v =>
    v.shape.length === shape.length && v.shape.every((d, i) => d === shape[i])
      ? v
      : session.op('Expand', [v], { shape }),
  );
}

/** A new axis of length 1. */
export function unsqueeze(t: Tensor, axis: number): Tensor {
  const { session } = t;
  const shape = [...t.shape.slice(0, axis), 1, ...t.shape.slice(axis)];
  const step = axis < t.rank ? t.strides[axis]! * t.shape[axis]! : 1;
  const strides = [...t.strides.slice(0, axis), step, ...t.strides.slice(axis)];
  return t.viewAs(shape, strides, t.offset, v => session.op('Reshape', [v], { shape }));
}

/** Without the given axes, where their length is 1. */
export function squeeze(t: Tensor, axes: readonly number[]): Tensor {
  const { session } = t;
  const keep = t.shape.map((d, i) => !(d === 1 && axes.includes(i)));
  const shape = t.shape.filter((_, i) => keep[i]);
  return t.viewAs(
    shape,
    t.strides.filter((_, i) => keep[i]),
    t.offset,
    v => reshape(v, shape, session),
  );
}

/** Elements with equal index on two axes, as a new last axis. */
export function diagonal(t: Tensor, offset: number, a: number, b: number): Tensor {
  const { session } = t;
  const [rows, columns] = [t.shape[a]!, t.shape[b]!];
  const length = Math.max(
    0,
    offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns),
  );
  const others = t.shape.map((_, i) => i).filter(i => i !== a && i !== b);
  const shape = [...others.map(i => t.shape[i]!), length];
  const strides = [...others.map(i => t.strides[i]!), t.strides[a]! + t.strides[b]!];
  const first = offset >= 0 ? offset * t.strides[b]! : -offset * t.strides[a]!;
  const table = Array.from(
    { length },
    (_, i) => (i + Math.max(0, -offset)) * columns + i + Math.max(0, offset),
  );
  return t.viewAs(shape, strides, t.offset + (length > 0 ? first : 0), v => {
    const moved = session.op('Transpose', [v], { perm: [...others, a, b] });
    const flat = session.op('Reshape', [moved], { shape: [...shape.slice(0, -1), rows * columns] });
    return session.op('Gather', [flat, session.graph.ints(table)], { axis: shape.length - 1 });
  });
}

/** Windows along one axis, as a new last axis. */
export function unfold(t: Tensor, axis: number, size: number, step: number): Tensor {
  const { session } = t;
  const count = Math.floor((t.shape[axis]! - size) / step) + 1;
  const shape = [...t.shape.map((d, i) => (i === axis ? count : d)), size];
  const strides = [...t.strides.map((s, i) => (i === axis ? s * step : s)), t.strides[axis]!];
  const table = Array.from({ length: count * size }, (_, i) => Math.floor(i / size) * step + (i % size));
  return t.viewAs(shape, strides, t.offset, v => {
    const picked = session.op('Gather', [v, session.graph.numbers('int64', [count, size], table)], { axis });
    // [..., count, size, ...] → size last.
    const perm = picked.shape.map((_, i) => i).filter(i => i !== axis + 1);
    return session.op('Transpose', [picked], { perm: [...perm, axis + 1] });
  });
}
