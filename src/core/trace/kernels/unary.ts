import { erf } from './erf.ts';
import type { Kernel, KernelTable } from './kernel.ts';

/** Rounds half to even, as torch and ONNX do. */
function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

function map(f: (x: number) => number): Kernel {
  return (_node, [x], [y]) => {
    for (let i = 0; i < y!.length; i++) y![i] = f(x![i]!);
  };
}

/** Element-wise operators of one operand. */
export const unaryKernels: KernelTable = {
  Neg: map(x => -x),
  Abs: map(Math.abs),
  Sqrt: map(Math.sqrt),
  Exp: map(Math.exp),
  Log: map(Math.log),
  Sin: map(Math.sin),
  Cos: map(Math.cos),
  Tan: map(Math.tan),
  Asin: map(Math.asin),
  Acos: map(Math.acos),
  Atan: map(Math.atan),
  Sinh: map(Math.sinh),
  Cosh: map(Math.cosh),
  Tanh: map(Math.tanh),
  Sigmoid: map(x => 1 / (1 + Math.exp(-x))),
  Erf: map(erf),
  Floor: map(Math.floor),
  Ceil: map(Math.ceil),
  Round: map(roundHalfEven),
  Sign: map(Math.sign),
  Reciprocal: map(x => 1 / x),
  Relu: map(x => (x > 0 ? x : Number.isNaN(x) ? NaN : 0)),
  Not: map(x => (x ? 0 : 1)),
  IsNaN: map(x => (Number.isNaN(x) ? 1 : 0)),
  IsInf: map(x => (x === Infinity || x === -Infinity ? 1 : 0)),
};
