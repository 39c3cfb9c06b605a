import type { Buffer1D } from '../graph/data.ts';
import type { GraphNode } from '../graph/graph.ts';
import { broadcastStrides, numel } from '../graph/shape.ts';
import { inputShape, type KernelTable, listOf, numberOf } from './kernel.ts';

/** y[M, N] += x[M, K] · w[K, N] at the given offsets, one double-precision row of sums at a time. */
function matmul(
  y: Buffer1D,
  yo: number,
  x: Buffer1D,
  xo: number,
  w: Buffer1D,
  wo: number,
  m: number,
  k: number,
  n: number,
  row: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    row.fill(0);
    for (let p = 0; p < k; p++) {
      const a = x[xo + i * k + p]!;
      const at = wo + p * n;
      for (let j = 0; j < n; j++) row[j]! += a * w[at + j]!;
    }
    y.set(row, yo + i * n);
  }
}

/** Matrix products and convolutions. */
export const linearKernels: KernelTable = {
  MatMul: (node, [a, b], [y]) => {
    const [sa, sb] = [inputShape(node, 0), inputShape(node, 1)];
    const shape = node.outputs[0]!.shape;
    const batch = shape.slice(0, -2);
    const [m, n] = shape.slice(-2) as [number, number];
    const k = sa[sa.length - 1]!;
    const ta = broadcastStrides(sa.slice(0, -2), batch);
    const tb = broadcastStrides(sb.slice(0, -2), batch);
    const index = new Int32Array(batch.length);
    const row = new Float64Array(n);
    let [i, j] = [0, 0];
    for (let o = 0; o < numel(batch); o++) {
      matmul(y!, o * m * n, a!, i * m * k, b!, j * k * n, m, k, n, row);
      for (let d = batch.length - 1; d >= 0; d--) {
        i += ta[d]!;
        j += tb[d]!;
        if (++index[d]! < batch[d]!) break;
        index[d] = 0;
        i -= ta[d]! * batch[d]!;
        j -= tb[d]! * batch[d]!;
      }
    }
  },
  Gemm: (node, [x, w, bias], [y]) => {
    const [m, k] = inputShape(node, 0) as [number, number];
    const n = inputShape(node, 1)[0]!;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0, a = i * k, b = j * k; p < k; p++) sum += x![a + p]! * w![b + p]!;
        y![i * n + j] = bias && bias.length > 0 ? sum + bias[j]! : sum;
      }
  },
  /** Any number of spatial axes: the taps of every place side by side, then a matrix product per group. */
  Conv: (node, [x, w, bias], [y]) => {
    const [batch, channels, ...space] = inputShape(node, 0) as [number, number, ...number[]];
    const [outChannels, perGroup, ...kernel] = inputShape(node, 1) as [number, number, ...number[]];
    const outSpace = node.outputs[0]!.shape.slice(2);
    const group = numberOf(node, 'group', 1);
    const [inSize, outSize, taps] = [numel(space), numel(outSpace), numel(kernel)];
    const places = tapPlaces(node, space, outSpace, kernel);
    const columns = new Float64Array(perGroup * taps * outSize);
    const row = new Float64Array(outSize);
    const perOut = outChannels / group;
    const depth = perGroup * taps;
    for (let b = 0; b < batch; b++)
      for (let g = 0; g < group; g++) {
        for (let c = 0, at = 0; c < perGroup; c++) {
          const plane = (b * channels + g * perGroup + c) * inSize;
          for (let i = 0; i < places.length; i++, at++)
            columns[at] = places[i]! < 0 ? 0 : x![plane + places[i]!]!;
        }
        for (let oc = g * perOut; oc < (g + 1) * perOut; oc++) {
          row.fill(bias && bias.length > 0 ? bias[oc]! : 0);
          for (let k = 0; k < depth; k++) {
            const weight = w![oc * depth + k]!;
            const at = k * outSize;
            for (let i = 0; i < outSize; i++) row[i]! += weight * columns[at + i]!;
          }
          y!.set(row, (b * outChannels + oc) * outSize);
        }
      }
  },
  ConvTranspose: (node, [x, w, bias], [y]) => {
    const [batch, channels, ...space] = inputShape(node, 0) as [number, number, ...number[]];
    const [, perGroup, ...kernel] = inputShape(node, 1) as [number, number, ...number[]];
    const outSpace = node.outputs[0]!.shape.slice(2);
    const [strides, pads, dilations] = [
      listOf(node, 'strides'),
      listOf(node, 'pads'),
      listOf(node, 'dilations'),
    ];
    const group = numberOf(node, 'group', 1);
    const outChannels = perGroup * group;
    const [inSize, outSize, taps] = [numel(space), numel(outSpace), numel(kernel)];
    const sums = new Float64Array(outSize);
    for (let b = 0; b < batch; b++)
      for (let oc = 0; oc < outChannels; oc++) {
        sums.fill(bias && bias.length > 0 ? bias[oc]! : 0);
        const g = Math.floor(oc / perGroup);
        const inPerGroup = channels / group;
        for (let ic = g * inPerGroup; ic < (g + 1) * inPerGroup; ic++)
          for (let i = 0; i < inSize; i++) {
            const value = x![(b * channels + ic) * inSize + i]!;
            for (let tap = 0; tap < taps; tap++) {
              let [restIn, restTap, out, step, inside] = [i, tap, 0, 1, true];
              for (let d = space.length - 1; d >= 0; d--) {
                const at =
                  (restIn % space[d]!) * strides[d]! + (restTap % kernel[d]!) * dilations[d]! - pads[d]!;
                if (at < 0 || at >= outSpace[d]!) inside = false;
                out += at * step;
                step *= outSpace[d]!;
                restIn = Math.floor(restIn / space[d]!);
                restTap = Math.floor(restTap / kernel[d]!);
              }
              if (inside) sums[out]! += value * w![(ic * perGroup + (oc % perGroup)) * taps + tap]!;
            }
          }
        y!.set(sums, (b * outChannels + oc) * outSize);
      }
  },
};

/** For each tap and each output place, the input place it reads, or -1 in the padding. */
function tapPlaces(
  node: GraphNode,
  space: readonly number[],
  outSpace: readonly number[],
  kernel: readonly number[],
): Int32Array {
  const [strides, pads, dilations] = [
    listOf(node, 'strides'),
    listOf(node, 'pads'),
    listOf(node, 'dilations'),
  ];
  const [outSize, taps] = [numel(outSpace), numel(kernel)];
  const places = new Int32Array(taps * outSize);
  for (let tap = 0; tap < taps; tap++)
    for (let o = 0; o < outSize; o++) {
      let [rest, restTap, at, step] = [o, tap, 0, 1];
      for (let d = space.length - 1; d >= 0; d--) {
        const i = (rest % outSpace[d]!) * strides[d]! + (restTap % kernel[d]!) * dilations[d]! - pads[d]!;
        if (i < 0 || i >= space[d]!) at = Number.NEGATIVE_INFINITY;
        at += i * step;
        step *= space[d]!;
        rest = Math.floor(rest / outSpace[d]!);
        restTap = Math.floor(restTap / kernel[d]!);
      }
      places[tap * outSize + o] = at < 0 ? -1 : at;
    }
  return places;
}
