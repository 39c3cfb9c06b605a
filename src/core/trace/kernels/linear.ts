import type { Buffer1D } from '../graph/data.ts';
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
  /** Any number of spatial axes; the last one runs in the inner loop. */
  Conv: (node, [x, w, bias], [y]) => {
    const [batch, channels, ...space] = inputShape(node, 0) as [number, number, ...number[]];
    const [outChannels, perGroup, ...kernel] = inputShape(node, 1) as [number, number, ...number[]];
    const outSpace = node.outputs[0]!.shape.slice(2);
    const [strides, pads, dilations] = [
      listOf(node, 'strides'),
      listOf(node, 'pads'),
      listOf(node, 'dilations'),
    ];
    const group = numberOf(node, 'group', 1);
    const rank = space.length;
    const [inSize, outSize, taps] = [numel(space), numel(outSpace), numel(kernel)];
    const lastIn = space[rank - 1]!;
    const lastOut = outSpace[rank - 1]!;
    const rows = lastOut > 0 ? outSize / lastOut : 0;
    const stride = strides[rank - 1]!;
    const sums = new Float64Array(outSize);
    for (let b = 0; b < batch; b++)
      for (let oc = 0; oc < outChannels; oc++) {
        sums.fill(bias && bias.length > 0 ? bias[oc]! : 0);
        const firstChannel = Math.floor(oc / (outChannels / group)) * perGroup;
        for (let ic = 0; ic < perGroup; ic++) {
          const plane = (b * channels + firstChannel + ic) * inSize;
          for (let tap = 0; tap < taps; tap++) {
            const weight = w![(oc * perGroup + ic) * taps + tap]!;
            const shift = (tap % kernel[rank - 1]!) * dilations[rank - 1]! - pads[rank - 1]!;
            const from = Math.max(0, Math.ceil(-shift / stride));
            const to = Math.min(lastOut, Math.floor((lastIn - 1 - shift) / stride) + 1);
            for (let r = 0; r < rows; r++) {
              const base = rowStart(r, tap, space, outSpace, kernel, strides, pads, dilations);
              if (base < 0) continue;
              const at = plane + base * lastIn + shift;
              const out = r * lastOut;
              for (let i = from; i < to; i++) sums[out + i]! += weight * x![at + i * stride]!;
            }
          }
        }
        y!.set(sums, (b * outChannels + oc) * outSize);
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

/** The number of the input row (all spatial axes but the last) that output row `r` reads for a tap, or -1 in the padding. */
function rowStart(
  r: number,
  tap: number,
  space: readonly number[],
  outSpace: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  pads: readonly number[],
  dilations: readonly number[],
): number {
  let rest = r;
  let restTap = Math.floor(tap / kernel[kernel.length - 1]!);
  let row = 0;
  let step = 1;
  for (let d = space.length - 2; d >= 0; d--) {
    const at = (rest % outSpace[d]!) * strides[d]! + (restTap % kernel[d]!) * dilations[d]! - pads[d]!;
    if (at < 0 || at >= space[d]!) return -1;
    row += at * step;
    step *= space[d]!;
    rest = Math.floor(rest / outSpace[d]!);
    restTap = Math.floor(restTap / kernel[d]!);
  }
  return row;
}
