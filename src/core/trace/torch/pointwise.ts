import type { GraphValue } from '../graph/graph.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import type { Value } from '../interpreter/values.ts';
import { boolean, dtypes, integral, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Args } from './args.ts';
import {
  broadcast,
  castTo,
  commonDType,
  elementwise,
  fillOperand,
  floatingDType,
  operand,
  plainNumber,
  whereValue,
  wrapInteger,
} from './kit.ts';
import { also, type Row, row } from './row.ts';

/** Two operands in their common dtype. */
function pair(session: TorchSession, x: Value, y: Value, dtype = commonDType(session, x, y)) {
  const [a, b] = [operand(session, x, dtype), operand(session, y, dtype)];
  session.checkSize(broadcast(a.shape, b.shape));
  return { a, b, dtype };
}

/** A binary operator in the common dtype of its operands. */
function arithmetic(session: TorchSession, op: string, x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  return elementwise(session, wrapInteger(session, session.op(op, [a, b]), dtype), dtype, [x, y]);
}

export function add(session: TorchSession, x: Value, y: Value): Tensor {
  return arithmetic(session, commonDType(session, x, y) === dtypes.bool ? 'Or' : 'Add', x, y);
}

export function sub(session: TorchSession, x: Value, y: Value): Tensor {
  const bool = (v: Value) => typeof v === 'boolean' || (v instanceof Tensor && v.dtype === dtypes.bool);
  if (bool(x) && bool(y))
    throw raise(
      'RuntimeError',
      'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
    );
  if ((bool(y) && y instanceof Tensor) || (bool(x) && x instanceof Tensor))
    throw raise(
      'RuntimeError',
      'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    );
  return arithmetic(session, 'Sub', x, y);
}

export function mul(session: TorchSession, x: Value, y: Value): Tensor {
  return arithmetic(session, commonDType(session, x, y) === dtypes.bool ? 'And' : 'Mul', x, y);
}

export function trueDivide(session: TorchSession, x: Value, y: Value): Tensor {
  const dtype = floatingDType(session, commonDType(session, x, y));
  const { a, b } = pair(session, x, y, dtype);
  return elementwise(session, session.op('Div', [a, b]), dtype, [x, y]);
}

function sign(session: TorchSession, v: GraphValue): GraphValue {
  return session.op('Less', [v, session.graph.scalar(v.type, 0)]);
}

function nonzero(session: TorchSession, v: GraphValue): GraphValue {
  return session.op('Not', [session.op('Equal', [v, session.graph.scalar(v.type, 0)])]);
}

/** Where a float remainder has another sign than its divisor. */
function crossed(session: TorchSession, remainder: GraphValue, divisor: GraphValue): GraphValue {
  const differ = session.op('Xor', [sign(session, remainder), sign(session, divisor)]);
  return session.op('And', [nonzero(session, remainder), differ]);
}

export function floorDivide(session: TorchSession, x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  if (dtype === dtypes.bool)
    throw new Refusal({
      construct: 'bool // bool',
      message: 'Floor division of bool tensors is not supported.',
    });
  if (!dtype.isFloating) {
    const even = session.op('Sub', [a, session.op('Mod', [a, b], { fmod: 0 })]);
    return elementwise(session, session.op('Div', [even, b]), dtype, [x, y]);
  }
  // As Python divides: (a − fmod(a, b)) / b is a whole number up to rounding; one less where the signs differ.
  const one = session.graph.scalar(dtype.element, 1);
  const rest = session.op('Mod', [a, b], { fmod: 1 });
  const quotient = session.op('Div', [session.op('Sub', [a, rest]), b]);
  const floored = session.op('Round', [
    session.op('Where', [crossed(session, rest, b), session.op('Sub', [quotient, one]), quotient]),
  ]);
  const zero = session.op('Equal', [b, session.graph.scalar(dtype.element, 0)]);
  return elementwise(session, session.op('Where', [zero, session.op('Div', [a, b]), floored]), dtype, [x, y]);
}

export function remainder(session: TorchSession, x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  if (dtype === dtypes.bool)
    throw new Refusal({
      construct: 'bool % bool',
      message: 'The remainder of bool tensors is not supported.',
    });
  if (!dtype.isFloating) return elementwise(session, session.op('Mod', [a, b], { fmod: 0 }), dtype, [x, y]);
  const rest = session.op('Mod', [a, b], { fmod: 1 });
  const value = session.op('Where', [crossed(session, rest, b), session.op('Add', [rest, b]), rest]);
  return elementwise(session, value, dtype, [x, y]);
}

export function power(session: TorchSession, x: Value, y: Value): Tensor {
  let dtype = commonDType(session, x, y);
  if (dtype === dtypes.bool) dtype = dtypes.int64;
  if (!(y instanceof Tensor) && x instanceof Tensor) {
    const exponent = plainNumber(y);
    if (!dtype.isFloating && exponent < 0)
      throw raise('RuntimeError', 'Integers to negative integer powers are not allowed.');
    const base = operand(session, x, dtype);
    const simple = simplePower(session, base, exponent, dtype);
    if (simple) return elementwise(session, wrapInteger(session, simple, dtype), dtype, [x]);
  }
  const { a, b } = pair(session, x, y, dtype);
  return elementwise(session, wrapInteger(session, session.op('Pow', [a, b]), dtype), dtype, [x, y]);
}

/** Powers that torch computes by multiplication or roots as well. */
function simplePower(
  session: TorchSession,
  x: GraphValue,
  exponent: number,
  dtype: TorchDType,
): GraphValue | undefined {
  if (exponent === 1) return x;
  if (exponent === 2) return session.op('Mul', [x, x]);
  if (exponent === 3) return session.op('Mul', [session.op('Mul', [x, x]), x]);
  if (!dtype.isFloating) return undefined;
  if (exponent === 0.5) return session.op('Sqrt', [x]);
  if (exponent === -0.5) return session.op('Reciprocal', [session.op('Sqrt', [x])]);
  if (exponent === -1) return session.op('Reciprocal', [x]);
  if (exponent === -2) return session.op('Reciprocal', [session.op('Mul', [x, x])]);
  return undefined;
}

const comparisons: Readonly<Record<string, string>> = {
  '<': 'Less',
  '<=': 'LessOrEqual',
  '==': 'Equal',
  '>': 'Greater',
  '>=': 'GreaterOrEqual',
};

export function compare(session: TorchSession, operator: string, x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  if (operator === '!=')
    return elementwise(session, session.op('Not', [session.op('Equal', [a, b])]), dtypes.bool, [x, y]);
  // ONNX orders numbers only.
  const ordered = dtype === dtypes.bool && operator !== '==';
  const [p, q] = ordered ? [castTo(session, a, 'int64'), castTo(session, b, 'int64')] : [a, b];
  return elementwise(session, session.op(comparisons[operator]!, [p, q]), dtypes.bool, [x, y]);
}

export function bitwise(session: TorchSession, op: 'And' | 'Or' | 'Xor', x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  if (dtype.isFloating)
    throw raise('RuntimeError', `"bitwise_${op.toLowerCase()}_cpu" not implemented for '${dtype.name}'`);
  if (dtype !== dtypes.bool)
    throw new Refusal({
      construct: `bitwise_${op.toLowerCase()} on ${dtype.name}`,
      message: 'Bitwise operations are supported on bool tensors only.',
    });
  return elementwise(session, session.op(op, [a, b]), dtype, [x, y]);
}

/** Truth of each element. */
export function truthOf(session: TorchSession, x: Value): GraphValue {
  return operand(session, x, dtypes.bool);
}

function logical(a: Args, op: string): Tensor {
  const [x, y] = [truthOf(a.session, a.tensor(0)), truthOf(a.session, a.tensor(1))];
  broadcast(x.shape, y.shape);
  return elementwise(a.session, a.session.op(op, [x, y]), dtypes.bool, [a.tensor(0), a.tensor(1)]);
}

/** A unary operator on floats; integers become the default dtype first. */
export function floatUnary(session: TorchSession, x: Tensor, f: (v: GraphValue) => GraphValue): Tensor {
  const dtype = floatingDType(session, x.dtype);
  return elementwise(session, f(operand(session, x, dtype)), dtype, [x]);
}

function floatRow(name: string, op: string): Row {
  return row(`${name}(input)`, 'fmi', a => floatUnary(a.session, a.tensor(0), v => a.session.op(op, [v])));
}

/** A unary operator that keeps the dtype; integers may pass through unchanged. */
function keepRow(name: string, op: string, integers: 'same' | 'pass'): Row {
  return row(`${name}(input)`, 'fmi', a => {
    const x = a.tensor(0);
    if (x.dtype.category === boolean) throw raise('RuntimeError', `"${name}" not implemented for 'Bool'`);
    if (x.dtype.category === integral && integers === 'pass')
      return elementwise(a.session, x.value, x.dtype, [x]);
    const value = wrapInteger(a.session, a.session.op(op, [x.value]), x.dtype);
    return elementwise(a.session, value, x.dtype, [x]);
  });
}

/** Composition of operators on one float value. */
class Chain {
  readonly session: TorchSession;
  readonly x: GraphValue;
  constructor(session: TorchSession, x: GraphValue) {
    this.session = session;
    this.x = x;
  }
  c(value: number): GraphValue {
    return this.session.graph.scalar(this.x.type, value);
  }
  op(name: string, ...inputs: (GraphValue | number)[]): GraphValue {
    return this.session.op(
      name,
      inputs.map(v => (typeof v === 'number' ? this.c(v) : v)),
    );
  }
}

/** A float function written with a chain. */
export function chain(session: TorchSession, x: Tensor, f: (k: Chain) => GraphValue): Tensor {
  return floatUnary(session, x, v => f(new Chain(session, v)));
}

function chainRow(signature: string, f: (k: Chain, a: Args) => GraphValue, places = 'fmi'): Row {
  return row(signature, places, a => chain(a.session, a.tensor(0), k => f(k, a)));
}

/** The larger or smaller of two tensors; NaN wins. */
function extreme(session: TorchSession, op: 'Max' | 'Min', x: Value, y: Value): Tensor {
  const { a, b, dtype } = pair(session, x, y);
  const value =
    dtype === dtypes.bool ? session.op(op === 'Max' ? 'Or' : 'And', [a, b]) : session.op(op, [a, b]);
  return elementwise(session, value, dtype, [x, y]);
}

export const maximum = (session: TorchSession, x: Value, y: Value): Tensor => extreme(session, 'Max', x, y);
export const minimum = (session: TorchSession, x: Value, y: Value): Tensor => extreme(session, 'Min', x, y);

function clamp(a: Args, low: Value, high: Value): Tensor {
  if (low === null && high === null)
    throw raise('RuntimeError', "torch.clamp: At least one of 'min' or 'max' must not be None");
  const dtype = commonDType(a.session, ...[a.tensor(0), low, high].filter(v => v !== null));
  if (dtype === dtypes.bool) throw a.refuse('bool');
  let value = operand(a.session, a.tensor(0), dtype);
  const bound = (op: string, by: Value): void => {
    const other = operand(a.session, by, dtype);
    broadcast(value.shape, other.shape);
    value = a.session.op(op, [value, other]);
  };
  if (low !== null) bound('Max', low);
  if (high !== null) bound('Min', high);
  return elementwise(a.session, value, dtype, [a.tensor(0)]);
}

/** x where the condition holds, y elsewhere, in their common dtype. */
export function where(session: TorchSession, condition: Tensor, x: Value, y: Value): Tensor {
  const dtype = commonDType(session, x, y);
  const c = truthOf(session, condition);
  const [p, q] = [operand(session, x, dtype), operand(session, y, dtype)];
  session.checkSize(broadcast(broadcast(c.shape, p.shape), q.shape));
  return elementwise(session, whereValue(session, c, p, q), dtype, [condition, x, y]);
}

function divide(a: Args): Tensor {
  const mode = a.optionalString(2);
  const [x, y] = [a.value(0), a.value(1)];
  if (mode === undefined) return trueDivide(a.session, x, y);
  if (mode === 'floor') return floorDivide(a.session, x, y);
  if (mode !== 'trunc')
    throw raise(
      'RuntimeError',
      `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`,
    );
  const { a: p, b: q, dtype } = pair(a.session, x, y);
  const quotient = a.session.op('Div', [p, q]);
  return elementwise(a.session, dtype.isFloating ? truncate(a.session, quotient) : quotient, dtype, [x, y]);
}

function truncate(session: TorchSession, v: GraphValue): GraphValue {
  const negative = session.op('Less', [v, session.graph.scalar(v.type, 0)]);
  return session.op('Where', [negative, session.op('Ceil', [v]), session.op('Floor', [v])]);
}

/** alpha · other */
function scaled(a: Args, i: number, alpha: number): Value {
  const factor = a.value(alpha);
  if (factor === null || plainNumber(factor) === 1) return a.value(i);
  return mul(a.session, a.value(i), factor);
}

function isClose(a: Args): Tensor {
  const [x, y] = [a.tensor(0), a.tensor(1)];
  const { session } = a;
  const dtype = commonDType(session, x, y);
  const f = floatingDType(session, dtype);
  const { a: p, b: q } = pair(session, x, y, f);
  const s = (v: number) => session.graph.scalar(f.element, v);
  const same = session.op('Equal', [p, q]);
  const gap = session.op('Abs', [session.op('Sub', [p, q])]);
  const allowed = session.op('Add', [
    s(a.number(3)),
    session.op('Mul', [s(a.number(2)), session.op('Abs', [q])]),
  ]);
  const finite = session.op('Not', [session.op('IsInf', [gap])]);
  const close = session.op('Or', [
    same,
    session.op('And', [finite, session.op('LessOrEqual', [gap, allowed])]),
  ]);
  const nan = session.op('And', [session.op('IsNaN', [p]), session.op('IsNaN', [q])]);
  return elementwise(session, a.bool(4) ? session.op('Or', [close, nan]) : close, dtypes.bool, [x, y]);
}

/** Gaussian error linear unit. */
export function gelu(session: TorchSession, x: Tensor, approximate: string): Tensor {
  return chain(session, x, k => {
    if (approximate === 'tanh') {
      const cube = k.op('Mul', k.op('Mul', k.x, k.x), k.x);
      const inner = k.op('Mul', k.op('Add', k.x, k.op('Mul', cube, 0.044715)), Math.sqrt(2 / Math.PI));
      return k.op('Mul', k.op('Mul', k.x, 0.5), k.op('Add', k.op('Tanh', inner), 1));
    }
    const cdf = k.op('Add', k.op('Erf', k.op('Div', k.x, Math.SQRT2)), 1);
    return k.op('Mul', k.op('Mul', k.x, 0.5), cdf);
  });
}

/** log(1 + eˣ) without overflow. */
function softplus(k: Chain, x: GraphValue): GraphValue {
  const decay = k.op('Log', k.op('Add', k.op('Exp', k.op('Neg', k.op('Abs', x))), 1));
  return k.op('Add', k.op('Relu', x), decay);
}

function integersAreNever(a: Args, value: boolean): Tensor | undefined {
  const x = a.tensor(0);
  if (x.dtype.isFloating) return undefined;
  const filled = a.session.op('Expand', [a.session.graph.scalar('bool', Number(value))], {
    shape: [...x.shape],
  });
  return Tensor.of(a.session, filled, dtypes.bool);
}

export const pointwiseRows: readonly Row[] = [
  row('add(input, other, *, alpha=1)', 'fmi', a => add(a.session, a.value(0), scaled(a, 1, 2))),
  ...also(
    row('sub(input, other, *, alpha=1)', 'fmi', a => sub(a.session, a.value(0), scaled(a, 1, 2))),
    'subtract',
  ),
  row('rsub(input, other, *, alpha=1)', 'fm', a => sub(a.session, a.value(1), scaled(a, 0, 2))),
  ...also(
    row('mul(input, other)', 'fmi', a => mul(a.session, a.value(0), a.value(1))),
    'multiply',
  ),
  ...also(row('div(input, other, *, rounding_mode=None)', 'fmi', divide), 'divide'),
  row('true_divide(input, other)', 'fmi', a => trueDivide(a.session, a.value(0), a.value(1))),
  row('floor_divide(input, other)', 'fmi', a => floorDivide(a.session, a.value(0), a.value(1))),
  row('remainder(input, other)', 'fmi', a => remainder(a.session, a.value(0), a.value(1))),
  row('fmod(input, other)', 'fmi', a => {
    const { a: p, b: q, dtype } = pair(a.session, a.value(0), a.value(1));
    if (dtype.isFloating)
      return elementwise(a.session, a.session.op('Mod', [p, q], { fmod: 1 }), dtype, [
        a.value(0),
        a.value(1),
      ]);
    const whole = a.session.op('Mul', [a.session.op('Div', [p, q]), q]);
    return elementwise(a.session, a.session.op('Sub', [p, whole]), dtype, [a.value(0), a.value(1)]);
  }),
  row('pow(input, exponent)', 'fmi', a => power(a.session, a.value(0), a.value(1))),
  ...also(keepRow('neg', 'Neg', 'same'), 'negative'),
  row('positive(input)', 'fm', a => a.tensor(0)),
  ...also(keepRow('abs', 'Abs', 'same'), 'absolute'),
  keepRow('floor', 'Floor', 'pass'),
  keepRow('ceil', 'Ceil', 'pass'),
  row('round(input, *, decimals=0)', 'fmi', a => {
    const x = a.tensor(0);
    a.only(1, 0);
    return elementwise(a.session, x.dtype.isFloating ? a.session.op('Round', [x.value]) : x.value, x.dtype, [
      x,
    ]);
  }),
  ...also(
    row('trunc(input)', 'fmi', a => {
      const x = a.tensor(0);
      return elementwise(a.session, x.dtype.isFloating ? truncate(a.session, x.value) : x.value, x.dtype, [
        x,
      ]);
    }),
    'fix',
  ),
  chainRow('frac(input)', k => k.op('Sub', k.x, truncate(k.session, k.x))),
  row('sign(input)', 'fmi', a => {
    const x = a.tensor(0);
    return elementwise(
      a.session,
      x.dtype === dtypes.bool ? x.value : a.session.op('Sign', [x.value]),
      x.dtype,
      [x],
    );
  }),
  row('square(input)', 'fmi', a => power(a.session, a.tensor(0), 2)),
  floatRow('sqrt', 'Sqrt'),
  floatRow('exp', 'Exp'),
  floatRow('log', 'Log'),
  floatRow('sin', 'Sin'),
  floatRow('cos', 'Cos'),
  floatRow('tan', 'Tan'),
  ...also(floatRow('asin', 'Asin'), 'arcsin'),
  ...also(floatRow('acos', 'Acos'), 'arccos'),
  ...also(floatRow('atan', 'Atan'), 'arctan'),
  floatRow('sinh', 'Sinh'),
  floatRow('cosh', 'Cosh'),
  floatRow('tanh', 'Tanh'),
  floatRow('sigmoid', 'Sigmoid'),
  floatRow('erf', 'Erf'),
  floatRow('reciprocal', 'Reciprocal'),
  chainRow('rsqrt(input)', k => k.op('Reciprocal', k.op('Sqrt', k.x))),
  chainRow('log2(input)', k => k.op('Div', k.op('Log', k.x), Math.LN2)),
  chainRow('log10(input)', k => k.op('Div', k.op('Log', k.x), Math.LN10)),
  // Kahan: log1p(x) = log(u)·x/(u − 1) with u = 1 + x as it is rounded; expm1 alike. Both keep small arguments exact.
  chainRow('log1p(input)', k => {
    const u = k.op('Add', k.x, 1);
    const flat = k.op('Equal', u, 1);
    const safe = k.op('Where', flat, k.c(2), u);
    const value = k.op('Div', k.op('Mul', k.op('Log', safe), k.x), k.op('Sub', safe, 1));
    const infinite = k.op('IsInf', k.x);
    return k.op('Where', infinite, k.op('Log', u), k.op('Where', flat, k.x, value));
  }),
  chainRow('expm1(input)', k => {
    const u = k.op('Exp', k.x);
    const flat = k.op('Equal', u, 1);
    const low = k.op('Equal', k.op('Sub', u, 1), -1);
    const big = k.op('Greater', u, 1e30);
    const odd = k.op('Or', flat, k.op('Or', low, big));
    const safe = k.op('Where', odd, k.c(2), u);
    const value = k.op('Div', k.op('Mul', k.op('Sub', safe, 1), k.x), k.op('Log', safe));
    return k.op('Where', flat, k.x, k.op('Where', odd, k.op('Sub', u, 1), value));
  }),
  chainRow('exp2(input)', k => k.op('Exp', k.op('Mul', k.x, Math.LN2))),
  chainRow('erfc(input)', k => k.op('Sub', 1, k.op('Erf', k.x))),
  row('logit(input, eps=None)', 'fmi', a =>
    chain(a.session, a.tensor(0), k => {
      const eps = a.optionalNumber(1);
      const x = eps === undefined ? k.x : k.op('Min', k.op('Max', k.x, eps), 1 - eps);
      return k.op('Log', k.op('Div', x, k.op('Sub', 1, x)));
    }),
  ),
  row('relu(input)', 'fmi', a => {
    const x = a.tensor(0);
    if (x.dtype.isFloating) return elementwise(a.session, a.session.op('Relu', [x.value]), x.dtype, [x]);
    return maximum(a.session, x, 0);
  }),
  ...also(
    row('clamp(input, min=None, max=None)', 'fmi', a => clamp(a, a.value(1), a.value(2))),
    'clip',
  ),
  row('clamp_min(input, min)', 'fmi', a => clamp(a, a.value(1), null)),
  row('clamp_max(input, max)', 'fmi', a => clamp(a, null, a.value(1))),
  ...also(row('maximum(input, other)', 'fm', a => maximum(a.session, a.tensor(0), a.tensor(1)))),
  row('minimum(input, other)', 'fm', a => minimum(a.session, a.tensor(0), a.tensor(1))),
  row('lerp(input, end, weight)', 'fmi', a => {
    const { session } = a;
    const gap = sub(session, a.tensor(1), a.tensor(0));
    return add(session, a.tensor(0), mul(session, a.value(2), gap));
  }),
  row('addcmul(input, tensor1, tensor2, *, value=1)', 'fmi', a =>
    add(a.session, a.tensor(0), mul(a.session, mul(a.session, a.tensor(1), a.tensor(2)), a.value(3))),
  ),
  row('addcdiv(input, tensor1, tensor2, *, value=1)', 'fmi', a =>
    add(a.session, a.tensor(0), mul(a.session, trueDivide(a.session, a.tensor(1), a.tensor(2)), a.value(3))),
  ),
  ...Object.entries({ eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }).map(([name, operator]) =>
    row(`${name}(input, other)`, 'fm', a => compare(a.session, operator, a.value(0), a.value(1))),
  ),
  ...Object.entries({
    not_equal: '!=',
    less: '<',
    less_equal: '<=',
    greater: '>',
    greater_equal: '>=',
  }).map(([name, operator]) =>
    row(`${name}(input, other)`, 'fm', a => compare(a.session, operator, a.value(0), a.value(1))),
  ),
  row('logical_and(input, other)', 'fmi', a => logical(a, 'And')),
  row('logical_or(input, other)', 'fmi', a => logical(a, 'Or')),
  row('logical_xor(input, other)', 'fmi', a => logical(a, 'Xor')),
  row('logical_not(input)', 'fmi', a =>
    elementwise(a.session, a.session.op('Not', [truthOf(a.session, a.tensor(0))]), dtypes.bool, [
      a.tensor(0),
    ]),
  ),
  row('bitwise_and(input, other)', 'fmi', a => bitwise(a.session, 'And', a.value(0), a.value(1))),
  row('bitwise_or(input, other)', 'fmi', a => bitwise(a.session, 'Or', a.value(0), a.value(1))),
  row('bitwise_xor(input, other)', 'fmi', a => bitwise(a.session, 'Xor', a.value(0), a.value(1))),
  row('bitwise_not(input)', 'fmi', a => invert(a.session, a.tensor(0))),
  row('isnan(input)', 'fm', a => integersAreNever(a, false) ?? test(a, 'IsNaN')),
  row('isinf(input)', 'fm', a => integersAreNever(a, false) ?? test(a, 'IsInf')),
  row(
    'isfinite(input)',
    'fm',
    a =>
      integersAreNever(a, true) ??
      chainTo(a, k => k.op('Not', k.op('Or', k.op('IsNaN', k.x), k.op('IsInf', k.x)))),
  ),
  row('isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)', 'fm', isClose),
  row('allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)', 'fm', a =>
    Array.from(isClose(a).numbers()).every(x => x !== 0),
  ),
  row('equal(input, other)', 'fm', a => {
    const [x, y] = [a.tensor(0), a.tensor(1)];
    if (x.shape.join() !== y.shape.join()) return false;
    return Array.from(compare(a.session, '==', x, y).numbers()).every(v => v !== 0);
  }),
  row('where(condition, input=..., other=...)', 'f', a => {
    if (a.given(1) && a.given(2)) return where(a.session, a.tensor(0), a.value(1), a.value(2));
    throw a.refuse('condition', 'Use torch.nonzero(condition, as_tuple=True).');
  }),
  row('where(input, condition, other)', 'm', a => where(a.session, a.tensor(1), a.tensor(0), a.value(2))),
  row('masked_fill(input, mask, value)', 'fmi', a => {
    const [x, mask] = [a.tensor(0), a.tensor(1)];
    if (mask.dtype !== dtypes.bool)
      throw raise(
        'RuntimeError',
        `masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype.name}`,
      );
    const fill = a.value(2);
    if (fill instanceof Tensor && fill.rank > 0)
      throw raise(
        'RuntimeError',
        `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${fill.rank} dimension(s).`,
      );
    broadcast(x.shape, mask.shape);
    const value = whereValue(a.session, mask.value, fillOperand(a.session, fill, x.dtype), x.value);
    return elementwise(a.session, value, x.dtype, [x]);
  }),
  row('nan_to_num(input, nan=0.0, posinf=None, neginf=None)', 'fmi', a =>
    chain(a.session, a.floats(0), k => {
      const largest = a.tensor(0).dtype === dtypes.float64 ? Number.MAX_VALUE : 3.4028234663852886e38;
      const high = a.optionalNumber(2) ?? largest;
      const low = a.optionalNumber(3) ?? -largest;
      const known = k.op('Where', k.op('IsNaN', k.x), k.c(a.optionalNumber(1) ?? 0), k.x);
      const below = k.op('Where', k.op('Equal', known, -Infinity), k.c(low), known);
      return k.op('Where', k.op('Equal', below, Infinity), k.c(high), below);
    }),
  ),
];

/** A row for floats alone. */
function floatChain(signature: string, f: (k: Chain, a: Args) => GraphValue, places: string): Row {
  return row(signature, places, a => chain(a.session, a.floats(0), k => f(k, a)));
}

/** Activations of torch.nn.functional, with its signatures. */
export const activationRows: readonly Row[] = [
  row('relu(input, inplace=False)', 'f', a =>
    a.tensor(0).dtype.isFloating
      ? elementwise(a.session, a.session.op('Relu', [a.tensor(0).value]), a.tensor(0).dtype, [a.tensor(0)])
      : maximum(a.session, a.tensor(0), 0),
  ),
  row("gelu(input, approximate='none')", 'f', a => gelu(a.session, a.floats(0), a.string(1))),
  floatChain('silu(input, inplace=False)', k => k.op('Mul', k.x, k.op('Sigmoid', k.x)), 'f'),
  chainRow('sigmoid(input)', k => k.op('Sigmoid', k.x), 'f'),
  chainRow('tanh(input)', k => k.op('Tanh', k.x), 'f'),
  floatChain('mish(input, inplace=False)', k => k.op('Mul', k.x, k.op('Tanh', softplus(k, k.x))), 'f'),
  floatChain(
    'leaky_relu(input, negative_slope=0.01, inplace=False)',
    (k, a) => k.op('Where', k.op('Greater', k.x, 0), k.x, k.op('Mul', k.x, a.number(1))),
    'f',
  ),
  floatChain(
    'elu(input, alpha=1.0, inplace=False)',
    (k, a) => {
      const low = k.op('Mul', k.op('Sub', k.op('Exp', k.op('Min', k.x, 0)), 1), a.number(1));
      return k.op('Where', k.op('Greater', k.x, 0), k.x, low);
    },
    'f',
  ),
  floatChain(
    'softplus(input, beta=1, threshold=20)',
    (k, a) => {
      const scaledX = k.op('Mul', k.x, a.number(1));
      const soft = k.op('Div', softplus(k, scaledX), a.number(1));
      return k.op('Where', k.op('Greater', scaledX, a.number(2)), k.x, soft);
    },
    'f',
  ),
  floatChain('softsign(input)', k => k.op('Div', k.x, k.op('Add', k.op('Abs', k.x), 1)), 'f'),
  floatChain('logsigmoid(input)', k => k.op('Neg', softplus(k, k.op('Neg', k.x))), 'f'),
  floatChain(
    'hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)',
    (k, a) => k.op('Min', k.op('Max', k.x, a.number(1)), a.number(2)),
    'f',
  ),
  floatChain('relu6(input, inplace=False)', k => k.op('Min', k.op('Max', k.x, 0), 6), 'f'),
  floatChain(
    'hardsigmoid(input, inplace=False)',
    k => k.op('Div', k.op('Min', k.op('Max', k.op('Add', k.x, 3), 0), 6), 6),
    'f',
  ),
  floatChain(
    'hardswish(input, inplace=False)',
    k => k.op('Div', k.op('Mul', k.x, k.op('Min', k.op('Max', k.op('Add', k.x, 3), 0), 6)), 6),
    'f',
  ),
];

/** −x, in memory as x. */
export function negate(session: TorchSession, x: Tensor): Tensor {
  return elementwise(session, wrapInteger(session, session.op('Neg', [x.value]), x.dtype), x.dtype, [x]);
}

/** Not for booleans, −x − 1 for integers. */
export function invert(session: TorchSession, x: Tensor): Tensor {
  if (x.dtype === dtypes.bool) return elementwise(session, session.op('Not', [x.value]), dtypes.bool, [x]);
  if (x.dtype.isFloating)
    throw raise('TypeError', '~ (operator.invert) is only implemented on integer and Boolean-type tensors');
  const minusOne = session.graph.scalar('int64', -1);
  return elementwise(
    session,
    wrapInteger(session, session.op('Sub', [minusOne, x.value]), x.dtype),
    x.dtype,
    [x],
  );
}

function test(a: Args, op: string): Tensor {
  return elementwise(a.session, a.session.op(op, [a.tensor(0).value]), dtypes.bool, [a.tensor(0)]);
}

function chainTo(a: Args, f: (k: Chain) => GraphValue): Tensor {
  return elementwise(a.session, f(new Chain(a.session, a.tensor(0).value)), dtypes.bool, [a.tensor(0)]);
}
