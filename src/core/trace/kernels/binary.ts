import type { Buffer1D } from '../graph/data.ts';
import { broadcastStrides, numel } from '../graph/shape.ts';
import { ArithmeticFailure, inputShape, type Kernel, type KernelTable, numberOf } from './kernel.ts';

/** One row: out[o+i] = a[p + i·s] ∘ b[q + i·t] for i < n. */
type Row = (
  out: Buffer1D,
  o: number,
  a: Buffer1D,
  p: number,
  s: number,
  b: Buffer1D,
  q: number,
  t: number,
  n: number,
) => void;

/** Runs a row function over the broadcast of two operands, with neighbouring axes merged where strides allow. */
function broadcast(row: Row): Kernel {
  return (node, [a, b], [out]) => {
    const shape = node.outputs[0]!.shape;
    const total = out!.length;
    if (total === 0) return;
    if (a!.length === total && b!.length === total) return row(out!, 0, a!, 0, 1, b!, 0, 1, total);
    if (b!.length === 1 && a!.length === total) return row(out!, 0, a!, 0, 1, b!, 0, 0, total);
    if (a!.length === 1 && b!.length === total) return row(out!, 0, a!, 0, 0, b!, 0, 1, total);
    const merged = mergeAxes(shape, [
      broadcastStrides(inputShape(node, 0), shape),
      broadcastStrides(inputShape(node, 1), shape),
    ]);
    const sa = merged.strides[0]!;
    const sb = merged.strides[1]!;
    const rank = merged.shape.length;
    const inner = merged.shape[rank - 1]!;
    const index = new Int32Array(rank);
    let p = 0;
    let q = 0;
    for (let o = 0; o < total; o += inner) {
      row(out!, o, a!, p, sa[rank - 1]!, b!, q, sb[rank - 1]!, inner);
      for (let d = rank - 2; d >= 0; d--) {
        p += sa[d]!;
        q += sb[d]!;
        if (++index[d]! < merged.shape[d]!) break;
        index[d] = 0;
        p -= sa[d]! * merged.shape[d]!;
        q -= sb[d]! * merged.shape[d]!;
      }
    }
  };
}

/** Merges neighbouring axes that every operand walks through evenly; drops axes of length 1. Rank is at least 1. */
export function mergeAxes(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { shape: number[]; strides: number[][] } {
  const out: number[] = [];
  const steps = strides.map(() => [] as number[]);
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const last = out.length - 1;
    if (last >= 0 && strides.every((s, k) => steps[k]![last] === s[i]! * shape[i]!)) {
      out[last]! *= shape[i]!;
      strides.forEach((s, k) => {
        steps[k]![last] = s[i]!;
      });
    } else {
      out.push(shape[i]!);
      strides.forEach((s, k) => {
        steps[k]!.push(s[i]!);
      });
    }
  }
  if (out.length === 0) {
    out.push(numel(shape));
    for (const s of steps) s.push(0);
  }
  return { shape: out, strides: steps };
}

// The four arithmetic rows are written out: a call per element would cost most of a small network's time.
const add: Row = (out, o, a, p, s, b, q, t, n) => {
  for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! + b[q + i * t]!;
};
const sub: Row = (out, o, a, p, s, b, q, t, n) => {
  for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! - b[q + i * t]!;
};
const mul: Row = (out, o, a, p, s, b, q, t, n) => {
  for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! * b[q + i * t]!;
};
const div: Row = (out, o, a, p, s, b, q, t, n) => {
  for (let i = 0; i < n; i++) out[o + i] = a[p + i * s]! / b[q + i * t]!;
};

function each(f: (x: number, y: number) => number): Row {
  return (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++) out[o + i] = f(a[p + i * s]!, b[q + i * t]!);
  };
}

/** Python's sign rule for integers: the result has the sign of the divisor. */
function floorMod(x: number, y: number): number {
  if (y === 0) throw new ArithmeticFailure('ZeroDivisionError');
  const r = x % y;
  return (r !== 0 && r < 0 !== y < 0 ? r + y : r) + 0;
}

function integerDivide(x: number, y: number): number {
  if (y === 0) throw new ArithmeticFailure('ZeroDivisionError');
  return Math.trunc(x / y) + 0;
}

/** Picks the row by element type; integer results are checked to be exact. */
function typed(float: Row, integer: Row): Kernel {
  const floats = broadcast(float);
  const integers = broadcast(integer);
  return (node, inputs, outputs) => {
    if (node.outputs[0]!.type !== 'int64') return floats(node, inputs, outputs);
    integers(node, inputs, outputs);
    for (const x of outputs[0]!)
      if (Math.abs(x) > Number.MAX_SAFE_INTEGER && x !== -(2 ** 63))
        throw new ArithmeticFailure('an int64 result is beyond 2^53');
  };
}

/** Element-wise operators of two operands, and Where. */
export const binaryKernels: KernelTable = {
  Add: typed(add, add),
  Sub: typed(sub, sub),
  Mul: typed(mul, mul),
  Div: typed(div, each(integerDivide)),
  Pow: typed(
    // Math.pow has 1 ** NaN = NaN where C has 1.
    each((x, y) => (x === 1 ? 1 : x ** y)),
    each((x, y) => Math.trunc(x ** y)),
  ),
  Mod: (node, inputs, outputs) => (numberOf(node, 'fmod') ? fmod : modulo)(node, inputs, outputs),
  Max: broadcast(each((x, y) => (x > y || Number.isNaN(x) ? x : y))),
  Min: broadcast(each((x, y) => (x < y || Number.isNaN(x) ? x : y))),
  And: broadcast(each((x, y) => x & y)),
  Or: broadcast(each((x, y) => x | y)),
  Xor: broadcast(each((x, y) => x ^ y)),
  Equal: broadcast(each((x, y) => (x === y ? 1 : 0))),
  Greater: broadcast(each((x, y) => (x > y ? 1 : 0))),
  GreaterOrEqual: broadcast(each((x, y) => (x >= y ? 1 : 0))),
  Less: broadcast(each((x, y) => (x < y ? 1 : 0))),
  LessOrEqual: broadcast(each((x, y) => (x <= y ? 1 : 0))),
  Where: (node, [c, a, b], [out]) => {
    const shape = node.outputs[0]!.shape;
    const { shape: dims, strides } = mergeAxes(
      shape,
      [0, 1, 2].map(i => broadcastStrides(inputShape(node, i), shape)),
    );
    const [sc, sa, sb] = strides as [number[], number[], number[]];
    const index = new Int32Array(dims.length);
    let [i, j, k] = [0, 0, 0];
    for (let o = 0; o < out!.length; o++) {
      out![o] = c![i] ? a![j]! : b![k]!;
      for (let d = dims.length - 1; d >= 0; d--) {
        i += sc[d]!;
        j += sa[d]!;
        k += sb[d]!;
        if (++index[d]! < dims[d]!) break;
        index[d] = 0;
        i -= sc[d]! * dims[d]!;
        j -= sa[d]! * dims[d]!;
        k -= sb[d]! * dims[d]!;
      }
    }
  },
};

const fmod = broadcast(each((x, y) => x % y));
const modulo = broadcast(each(floorMod));
