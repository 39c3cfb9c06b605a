import type { Buffer1D } from '../graph/data.ts';
import { castData } from '../graph/data.ts';
import { broadcastStrides, numel, stridesOf } from '../graph/shape.ts';
import { mergeAxes } from './binary.ts';
import { inputShape, type KernelTable, listOf, numberOf } from './kernel.ts';

/** Copies a strided view into a dense buffer. */
function gatherStrided(
  out: Buffer1D,
  shape: readonly number[],
  x: Buffer1D,
  offset: number,
  strides: readonly number[],
): void {
  const total = out.length;
  if (total === 0) return;
  const merged = mergeAxes(shape, [strides]);
  const dims = merged.shape;
  const steps = merged.strides[0]!;
  const rank = dims.length;
  const inner = dims[rank - 1]!;
  const step = steps[rank - 1]!;
  const index = new Int32Array(rank);
  let p = offset;
  for (let o = 0; o < total; o += inner) {
    for (let i = 0; i < inner; i++) out[o + i] = x[p + i * step]!;
    for (let d = rank - 2; d >= 0; d--) {
      p += steps[d]!;
      if (++index[d]! < dims[d]!) break;
      index[d] = 0;
      p -= steps[d]! * dims[d]!;
    }
  }
}

/** Operators that move elements without computing. */
export const layoutKernels: KernelTable = {
  Reshape: (_node, [x], [y]) => y!.set(x!),
  Cast: (node, [x], [y]) => {
    const { type, shape } = node.inputs[0]!;
    y!.set(castData({ type, shape, data: x! }, node.outputs[0]!.type).data);
  },
  Transpose: (node, [x], [y]) => {
    const strides = stridesOf(inputShape(node, 0));
    gatherStrided(
      y!,
      node.outputs[0]!.shape,
      x!,
      0,
      listOf(node, 'perm').map(p => strides[p]!),
    );
  },
  Expand: (node, [x], [y]) => {
    const shape = node.outputs[0]!.shape;
    gatherStrided(y!, shape, x!, 0, broadcastStrides(inputShape(node, 0), shape));
  },
  Slice: (node, [x], [y]) => {
    const strides = stridesOf(inputShape(node, 0));
    let offset = 0;
    const [starts, steps] = [listOf(node, 'starts'), listOf(node, 'steps')];
    listOf(node, 'axes').forEach((axis, i) => {
      offset += starts[i]! * strides[axis]!;
      strides[axis]! *= steps[i]!;
    });
    gatherStrided(y!, node.outputs[0]!.shape, x!, offset, strides);
  },
  Concat: (node, inputs, [y]) => {
    const axis = numberOf(node, 'axis');
    const shape = node.outputs[0]!.shape;
    const outer = numel(shape.slice(0, axis));
    const row = numel(shape.slice(axis));
    let at = 0;
    inputs.forEach((x, i) => {
      const part = numel(inputShape(node, i).slice(axis));
      for (let o = 0; o < outer; o++) y!.set(x.subarray(o * part, (o + 1) * part), o * row + at);
      at += part;
    });
  },
  Pad: (node, [x], [y]) => {
    const from = inputShape(node, 0);
    const to = node.outputs[0]!.shape;
    const pads = listOf(node, 'pads');
    const mode = node.attributes.mode as string;
    const value = numberOf(node, 'value');
    const strides = stridesOf(from);
    const index = new Int32Array(to.length);
    for (let o = 0; o < y!.length; o++) {
      let p = 0;
      let inside = true;
      for (let d = 0; d < to.length; d++) {
        let i = index[d]! - pads[d]!;
        const n = from[d]!;
        if (i < 0 || i >= n) {
          if (mode === 'reflect') i = i < 0 ? -i : 2 * n - 2 - i;
          else if (mode === 'edge') i = i < 0 ? 0 : n - 1;
          else inside = false;
        }
        p += i * strides[d]!;
      }
      y![o] = inside ? x![p]! : value;
      for (let d = to.length - 1; d >= 0; d--) {
        if (++index[d]! < to[d]!) break;
        index[d] = 0;
      }
    }
  },
};
