import { numel, stridesOf } from '../graph/shape.ts';
import { inputShape, type KernelTable, numberOf } from './kernel.ts';

/** An index that points outside of its axis. */
export class IndexFailure extends Error {
  override readonly name = 'IndexFailure';
  constructor(index: number, size: number) {
    super(`index ${index} is out of bounds for dimension with size ${size}`);
  }
}

/** The index from the front; negative ones count from the end. */
function wrap(index: number, size: number): number {
  const i = index < 0 ? index + size : index;
  if (!(i >= 0 && i < size)) throw new IndexFailure(index, size);
  return i;
}

/** Operators that pick or place elements by index. */
export const indexingKernels: KernelTable = {
  Gather: (node, [x, indices], [y]) => {
    const axis = numberOf(node, 'axis');
    const shape = inputShape(node, 0);
    const outer = numel(shape.slice(0, axis));
    const size = shape[axis]!;
    const inner = numel(shape.slice(axis + 1));
    let at = 0;
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < indices!.length; i++) {
        const from = (o * size + wrap(indices![i]!, size)) * inner;
        if (inner === 1) y![at] = x![from]!;
        else y!.set(x!.subarray(from, from + inner), at);
        at += inner;
      }
  },
  GatherElements: (node, [x, indices], [y]) => {
    const axis = numberOf(node, 'axis');
    const shape = inputShape(node, 0);
    walk(inputShape(node, 1), stridesOf(shape), axis, (at, base) => {
      y![at] = x![base + wrap(indices![at]!, shape[axis]!) * stridesOf(shape)[axis]!]!;
    });
  },
  GatherND: (node, [x, indices], [y]) => {
    const shape = inputShape(node, 0);
    const index = inputShape(node, 1);
    const depth = index[index.length - 1]!;
    const strides = stridesOf(shape);
    const inner = numel(shape.slice(depth));
    const count = numel(index.slice(0, -1));
    for (let i = 0; i < count; i++) {
      let from = 0;
      for (let d = 0; d < depth; d++) from += wrap(indices![i * depth + d]!, shape[d]!) * strides[d]!;
      if (inner === 1) y![i] = x![from]!;
      else y!.set(x!.subarray(from, from + inner), i * inner);
    }
  },
  ScatterElements: (node, [x, indices, updates], [y]) => {
    const axis = numberOf(node, 'axis');
    const shape = inputShape(node, 0);
    const strides = stridesOf(shape);
    const reduction = node.attributes.reduction;
    y!.set(x!);
    walk(inputShape(node, 1), strides, axis, (at, base) => {
      const to = base + wrap(indices![at]!, shape[axis]!) * strides[axis]!;
      if (reduction === 'add') y![to]! += updates![at]!;
      else if (reduction === 'mul') y![to]! *= updates![at]!;
      else y![to] = updates![at]!;
    });
  },
};

/** Visits every position of `shape` with its offset in a buffer of `strides`, the coordinate on `axis` left out. */
function walk(
  shape: readonly number[],
  strides: readonly number[],
  axis: number,
  visit: (at: number, base: number) => void,
): void {
  const total = numel(shape);
  const index = new Int32Array(shape.length);
  for (let at = 0; at < total; at++) {
    let base = 0;
    for (let d = 0; d < shape.length; d++) if (d !== axis) base += index[d]! * strides[d]!;
    visit(at, base);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
}
