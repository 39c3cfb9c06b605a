import type { Buffer1D } from '../graph/data.ts';
import { numel } from '../graph/shape.ts';
import { inputShape, type Kernel, type KernelTable, listOf, numberOf } from './kernel.ts';

/** Writes (x − mean)/√(var + eps) for one run of neighbours. */
function standardize(y: Buffer1D, x: Buffer1D, start: number, count: number, eps: number): void {
  let mean = 0;
  for (let i = 0; i < count; i++) mean += x[start + i]!;
  mean /= count;
  let variance = 0;
  for (let i = 0; i < count; i++) variance += (x[start + i]! - mean) ** 2;
  const scale = 1 / Math.sqrt(variance / count + eps);
  for (let i = 0; i < count; i++) y[start + i] = (x[start + i]! - mean) * scale;
}

function pool(kind: 'max' | 'average'): Kernel {
  return (node, [x], [y]) => {
    const [, , ...space] = inputShape(node, 0);
    const outSpace = node.outputs[0]!.shape.slice(2);
    const [kernel, strides, pads] = [
      listOf(node, 'kernel_shape'),
      listOf(node, 'strides'),
      listOf(node, 'pads'),
    ];
    const dilations = kind === 'max' ? listOf(node, 'dilations') : kernel.map(() => 1);
    const includePad = numberOf(node, 'count_include_pad');
    const [inSize, outSize, taps] = [numel(space), numel(outSpace), numel(kernel)];
    for (let o = 0; o < y!.length; o++) {
      const plane = Math.floor(o / outSize) * inSize;
      let [best, sum, count] = [-Infinity, 0, 0];
      for (let tap = 0; tap < taps; tap++) {
        let [rest, restTap, at, step, inside] = [o % outSize, tap, 0, 1, true];
        for (let d = space.length - 1; d >= 0; d--) {
          const i = (rest % outSpace[d]!) * strides[d]! + (restTap % kernel[d]!) * dilations[d]! - pads[d]!;
          if (i < 0 || i >= space[d]!) inside = false;
          at += i * step;
          step *= space[d]!;
          rest = Math.floor(rest / outSpace[d]!);
          restTap = Math.floor(restTap / kernel[d]!);
        }
        if (!inside) continue;
        const value = x![plane + at]!;
        if (value > best || Number.isNaN(value)) best = value;
        sum += value;
        count++;
      }
      y![o] = kind === 'max' ? best : sum / (includePad ? taps : count);
    }
  };
}

/** Normalisation and pooling. */
export const networkKernels: KernelTable = {
  LayerNormalization: (node, [x, scale, bias], [y]) => {
    const count = numel(inputShape(node, 0).slice(numberOf(node, 'axis')));
    const eps = numberOf(node, 'epsilon');
    for (let start = 0; start < x!.length; start += count) {
      standardize(y!, x!, start, count, eps);
      for (let i = 0; i < count; i++) {
        const shifted = y![start + i]! * scale![i]!;
        y![start + i] = bias && bias.length > 0 ? shifted + bias[i]! : shifted;
      }
    }
  },
  InstanceNormalization: (node, [x, scale, bias], [y]) => {
    const [, channels, ...space] = inputShape(node, 0) as [number, number, ...number[]];
    const count = numel(space);
    const eps = numberOf(node, 'epsilon');
    for (let start = 0, plane = 0; start < x!.length; start += count, plane++) {
      standardize(y!, x!, start, count, eps);
      const c = plane % channels;
      for (let i = 0; i < count; i++) y![start + i] = y![start + i]! * scale![c]! + bias![c]!;
    }
  },
  MaxPool: pool('max'),
  AveragePool: pool('average'),
};
