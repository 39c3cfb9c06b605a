import { numel, stridesOf } from '../graph/shape.ts';
import { inputShape, type Kernel, type KernelTable, listOf, numberOf } from './kernel.ts';

/** Folds elements along axes: `start`, then `step` per element, then `finish` with the number of elements folded. */
function reduce(
  start: number,
  step: (accumulated: number, x: number) => number,
  finish: (accumulated: number, count: number) => number = a => a,
): Kernel {
  return (node, [x], [y]) => {
    const shape = inputShape(node, 0);
    const axes = listOf(node, 'axes');
    const count = axes.reduce((n, a) => n * shape[a]!, 1);
    // Axes at the end: each output is a run of neighbours.
    if (axes.length > 0 && Math.min(...axes) === shape.length - axes.length) {
      for (let o = 0; o < y!.length; o++) {
        let sum = start;
        for (let i = o * count, end = i + count; i < end; i++) sum = step(sum, x![i]!);
        y![o] = finish(sum, count);
      }
      return;
    }
    const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const dense = stridesOf(kept);
    const strides = dense.map((s, i) => (axes.includes(i) ? 0 : s));
    const sums = new Float64Array(y!.length).fill(start);
    const index = new Int32Array(shape.length);
    let o = 0;
    for (let i = 0; i < x!.length; i++) {
      sums[o] = step(sums[o]!, x![i]!);
      for (let d = shape.length - 1; d >= 0; d--) {
        o += strides[d]!;
        if (++index[d]! < shape[d]!) break;
        index[d] = 0;
        o -= strides[d]! * shape[d]!;
      }
    }
    for (let i = 0; i < sums.length; i++) y![i] = finish(sums[i]!, count);
  };
}

/** Runs `f` on every line along one axis: (first offset, step, length, number of the line). */
export function alongAxis(
  shape: readonly number[],
  axis: number,
  f: (start: number, step: number, length: number, line: number) => void,
): void {
  const outer = numel(shape.slice(0, axis));
  const size = shape[axis]!;
  const inner = numel(shape.slice(axis + 1));
  for (let o = 0, line = 0; o < outer; o++)
    for (let i = 0; i < inner; i++, line++) f(o * size * inner + i, inner, size, line);
}

function argument(better: (x: number, best: number) => boolean): Kernel {
  return (node, [x], [y]) => {
    alongAxis(inputShape(node, 0), numberOf(node, 'axis'), (start, step, length, line) => {
      let best = 0;
      for (let i = 1; i < length; i++) {
        const candidate = x![start + i * step]!;
        const held = x![start + best * step]!;
        if (!Number.isNaN(held) && (Number.isNaN(candidate) || better(candidate, held))) best = i;
      }
      y![line] = best;
    });
  };
}

function softmax(log: boolean): Kernel {
  return (node, [x], [y]) => {
    alongAxis(inputShape(node, 0), numberOf(node, 'axis'), (start, step, length) => {
      let max = -Infinity;
      for (let i = 0; i < length; i++) max = Math.max(max, x![start + i * step]!);
      let sum = 0;
      for (let i = 0; i < length; i++) sum += Math.exp(x![start + i * step]! - max);
      const logSum = Math.log(sum);
      for (let i = 0; i < length; i++) {
        const shifted = x![start + i * step]! - max;
        y![start + i * step] = log ? shifted - logSum : Math.exp(shifted) / sum;
      }
    });
  };
}

/** Reductions, softmax, running sums and selection of the largest. */
export const reductionKernels: KernelTable = {
  ReduceSum: reduce(0, (a, x) => a + x),
  ReduceMean: reduce(
    0,
    (a, x) => a + x,
    (a, n) => a / n,
  ),
  ReduceProd: reduce(1, (a, x) => a * x),
  ReduceMax: reduce(-Infinity, (a, x) => (a > x || Number.isNaN(a) ? a : x)),
  ReduceMin: reduce(Infinity, (a, x) => (a < x || Number.isNaN(a) ? a : x)),
  ArgMax: argument((x, best) => x > best),
  ArgMin: argument((x, best) => x < best),
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  CumSum: (node, [x], [y]) => {
    alongAxis(inputShape(node, 0), numberOf(node, 'axis'), (start, step, length) => {
      let sum = 0;
      for (let i = 0; i < length; i++) {
        sum += x![start + i * step]!;
        y![start + i * step] = sum;
      }
    });
  },
  TopK: (node, [x], [values, indices]) => {
    const axis = numberOf(node, 'axis');
    const k = numberOf(node, 'k');
    const sign = numberOf(node, 'largest', 1) ? -1 : 1;
    const shape = inputShape(node, 0);
    const outStep = numel(shape.slice(axis + 1));
    alongAxis(shape, axis, (start, step, length, line) => {
      const order = Array.from({ length }, (_, i) => i);
      order.sort((i, j) => {
        const [a, b] = [x![start + i * step]!, x![start + j * step]!];
        // NaN counts as the largest number, as in torch.
        if (Number.isNaN(a) || Number.isNaN(b))
          return Number.isNaN(a) && Number.isNaN(b) ? i - j : Number.isNaN(a) ? sign : -sign;
        return a === b ? i - j : sign * (a < b ? -1 : 1);
      });
      const to = Math.floor(line / outStep) * k * outStep + (line % outStep);
      for (let i = 0; i < k; i++) {
        values![to + i * outStep] = x![start + order[i]! * step]!;
        indices![to + i * outStep] = order[i]!;
      }
    });
  },
};
