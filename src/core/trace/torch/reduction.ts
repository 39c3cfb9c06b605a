import type { GraphValue } from '../graph/graph.ts';
import { numel } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import { PyFloat, PyTuple, type Value } from '../interpreter/values.ts';
import { dtypes, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor, tensorFrom } from '../tensor/tensor.ts';
import { type Args, wrapAxis } from './args.ts';
import { castTensor, castTo, floatingDType, fresh, reshapeValue, sizeOf, whereValue } from './kit.ts';
import { namedTuple } from './namedTuple.ts';
import { maximum, minimum, sub, truthOf } from './pointwise.ts';
import { also, type Row, row } from './row.ts';

type ReduceOp = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd';

/** Reduces a graph value; over no axes at all it is the value itself. */
export function reduceValue(
  session: TorchSession,
  op: ReduceOp,
  value: GraphValue,
  axes: readonly number[],
  keepdim: boolean,
): GraphValue {
  if (axes.length === 0) return value;
  return session.op(op, [value], { axes: [...axes], keepdims: keepdim ? 1 : 0 });
}

/** Sum over axes in a given dtype. */
export function sum(x: Tensor, axes: readonly number[], keepdim: boolean, dtype?: TorchDType): Tensor {
  const to = dtype ?? (x.dtype.isFloating ? x.dtype : dtypes.int64);
  return fresh(x.session, reduceValue(x.session, 'ReduceSum', castTensor(x, to), axes, keepdim), to);
}

function mean(a: Args): Tensor {
  const x = a.tensor(0);
  const dtype = a.dtype(3) ?? x.dtype;
  if (!dtype.isFloating)
    throw raise(
      'RuntimeError',
      'mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype.',
    );
  return fresh(
    a.session,
    reduceValue(a.session, 'ReduceMean', castTensor(x, dtype), a.axes(1, x.rank), a.bool(2)),
    dtype,
  );
}

/** How many degrees of freedom are taken off: `unbiased` (a bool in place of dim, too) or `correction`. */
function variance(a: Args): { value: GraphValue; mean: GraphValue; dtype: TorchDType } {
  const x = a.tensor(0);
  if (!x.dtype.isFloating)
    throw raise('RuntimeError', 'std and var only support floating point and complex dtypes');
  const { session } = a;
  const flag = typeof a.value(1) === 'boolean' ? a.bool(1) : a.given(2) ? a.bool(2) : true;
  const correction = a.optionalNumber(4) ?? (flag ? 1 : 0);
  const axes = typeof a.value(1) === 'boolean' ? x.shape.map((_, i) => i) : a.axes(1, x.rank);
  const keep = a.bool(3);
  const middle = reduceValue(session, 'ReduceMean', x.value, axes, true);
  const gap = session.op('Sub', [x.value, middle]);
  const squares = session.op('Mul', [gap, gap]);
  const count = session.graph.scalar(x.dtype.element, Math.max(0, sizeOf(x.shape, axes) - correction));
  const total = reduceValue(session, 'ReduceSum', squares, axes, keep);
  const value = session.op('Div', [total, count]);
  return { value, mean: reduceValue(session, 'ReduceMean', x.value, axes, keep), dtype: x.dtype };
}

const maxResult = namedTuple('max', 'values', 'indices');
const minResult = namedTuple('min', 'values', 'indices');
const topkResult = namedTuple('topk', 'values', 'indices');
const sortResult = namedTuple('sort', 'values', 'indices');
const medianResult = namedTuple('median', 'values', 'indices');
const cummaxResult = namedTuple('aminmax', 'min', 'max');

function requireElements(x: Tensor, name: string): void {
  if (x.numel === 0)
    throw raise(
      name.startsWith('arg') ? 'IndexError' : 'RuntimeError',
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
}

/** max/min over axes, also of booleans. */
function extremeOver(
  x: Tensor,
  op: 'ReduceMax' | 'ReduceMin',
  axes: readonly number[],
  keepdim: boolean,
): Tensor {
  const { session } = x;
  if (x.dtype !== dtypes.bool)
    return fresh(session, reduceValue(session, op, x.value, axes, keepdim), x.dtype);
  const value = reduceValue(session, op, castTo(session, x.value, 'int64'), axes, keepdim);
  return fresh(session, castTo(session, value, 'bool'), dtypes.bool);
}

function argExtreme(x: Tensor, op: 'ArgMax' | 'ArgMin', axis: number | undefined, keepdim: boolean): Tensor {
  const { session } = x;
  const numeric = x.dtype === dtypes.bool ? castTo(session, x.value, 'int64') : x.value;
  if (axis === undefined) {
    const flat = reshapeValue(session, numeric, [x.numel]);
    const index = session.op(op, [flat], { axis: 0, keepdims: 0 });
    return fresh(
      session,
      keepdim
        ? reshapeValue(
            session,
            index,
            x.shape.map(() => 1),
          )
        : index,
      dtypes.int64,
    );
  }
  if (x.rank === 0) return tensorFrom(session, dtypes.int64, [], [0]);
  return fresh(session, session.op(op, [numeric], { axis, keepdims: keepdim ? 1 : 0 }), dtypes.int64);
}

function maxMin(a: Args, kind: 'max' | 'min'): Value {
  const x = a.tensor(0);
  const second = a.value(1);
  if (second instanceof Tensor) return (kind === 'max' ? maximum : minimum)(a.session, x, second);
  const op = kind === 'max' ? 'ReduceMax' : 'ReduceMin';
  if (second === null) {
    requireElements(x, kind);
    return extremeOver(
      x,
      op,
      x.shape.map((_, i) => i),
      false,
    );
  }
  const axis = a.axis(1, x.rank);
  const axes = x.rank === 0 ? [] : [axis];
  return (kind === 'max' ? maxResult : minResult)(
    extremeOver(x, op, axes, a.bool(2)),
    argExtreme(x, kind === 'max' ? 'ArgMax' : 'ArgMin', axis, a.bool(2)),
  );
}

/** all/any over axes. */
function quantifier(a: Args, op: 'ReduceMin' | 'ReduceMax'): Tensor {
  const x = a.tensor(0);
  const { session } = a;
  const axes = a.axes(1, x.rank);
  if (sizeOf(x.shape, axes) === 0) {
    const shape = x.shape.filter((_, i) => !axes.includes(i));
    return tensorFrom(
      session,
      dtypes.bool,
      shape,
      new Float64Array(numel(shape)).fill(op === 'ReduceMin' ? 1 : 0),
    );
  }
  const numbers = castTo(session, truthOf(session, x), 'int64');
  const value = reduceValue(session, op, numbers, axes, a.bool(2));
  return fresh(session, castTo(session, value, 'bool'), dtypes.bool);
}

/** Σ|x|^p ^ (1/p) over axes. */
export function norm(x: Tensor, p: number, axes: readonly number[], keepdim: boolean): Tensor {
  const { session } = x;
  if (!x.dtype.isFloating)
    throw raise(
      'RuntimeError',
      `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${x.dtype.name}`,
    );
  const s = (v: number) => session.graph.scalar(x.dtype.element, v);
  const size = session.op('Abs', [x.value]);
  const reduced = (op: ReduceOp, v: GraphValue) =>
    fresh(session, reduceValue(session, op, v, axes, keepdim), x.dtype);
  if (p === Infinity) return reduced('ReduceMax', size);
  if (p === -Infinity) return reduced('ReduceMin', size);
  if (p === 1) return reduced('ReduceSum', size);
  if (p === 0) {
    const counted = session.op('Not', [session.op('Equal', [x.value, s(0)])]);
    return reduced('ReduceSum', castTo(session, counted, x.dtype.element));
  }
  if (p === 2) {
    const total = reduceValue(session, 'ReduceSum', session.op('Mul', [x.value, x.value]), axes, keepdim);
    return fresh(session, session.op('Sqrt', [total]), x.dtype);
  }
  const total = reduceValue(session, 'ReduceSum', session.op('Pow', [size, s(p)]), axes, keepdim);
  return fresh(session, session.op('Pow', [total, s(1 / p)]), x.dtype);
}

function normOrder(a: Args, i: number): number {
  const value = a.value(i);
  if (value === null || value === 'fro') return 2;
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  throw a.refuse(`p=${a.runtime.repr(value)}`);
}

/** softmax in operators that both backends have. */
export function softmax(x: Tensor, axis: number, dtype: TorchDType | undefined, log: boolean): Tensor {
  const { session } = x;
  const to = dtype ?? x.dtype;
  if (!to.isFloating)
    throw raise('RuntimeError', `"softmax_lastdim_kernel_impl" not implemented for '${to.name}'`);
  const value = castTensor(x, to);
  if (x.rank === 0) {
    const one = reshapeValue(session, value, [1]);
    const soft = session.op('Softmax', [one], { axis: 0 });
    return fresh(session, reshapeValue(session, log ? session.op('Log', [soft]) : soft, []), to);
  }
  if (!log) return fresh(session, session.op('Softmax', [value], { axis }), to);
  const max = reduceValue(session, 'ReduceMax', value, [axis], true);
  const shifted = session.op('Sub', [value, max]);
  const total = reduceValue(session, 'ReduceSum', session.op('Exp', [shifted]), [axis], true);
  return fresh(session, session.op('Sub', [shifted, session.op('Log', [total])]), to);
}

function logsumexp(x: Tensor, axes: readonly number[], keepdim: boolean): Tensor {
  const { session } = x;
  const dtype = floatingDType(session, x.dtype);
  const value = castTensor(x, dtype);
  const max = reduceValue(session, 'ReduceMax', value, axes, true);
  const finite = session.op('Where', [
    session.op('IsInf', [max]),
    session.graph.scalar(dtype.element, 0),
    max,
  ]);
  const exps = session.op('Exp', [session.op('Sub', [value, finite])]);
  const total = session.op('Log', [reduceValue(session, 'ReduceSum', exps, axes, keepdim)]);
  const back = keepdim ? finite : reshapeValue(session, finite, total.shape);
  return fresh(session, session.op('Add', [total, back]), dtype);
}

function topk(x: Tensor, k: number, axis: number, largest: boolean): [Tensor, Tensor] {
  const { session } = x;
  if (x.rank === 0) return [x, tensorFrom(session, dtypes.int64, [], [0])];
  if (k < 0 || k > x.shape[axis]!) throw raise('RuntimeError', 'selected index k out of range');
  const numeric = x.dtype === dtypes.bool ? castTo(session, x.value, 'int64') : x.value;
  const [values, indices] = session.ops('TopK', [numeric], { axis, k, largest: largest ? 1 : 0 });
  return [
    fresh(session, castTo(session, values!, x.dtype.element), x.dtype),
    fresh(session, indices!, dtypes.int64),
  ];
}

function sort(a: Args, axisAt: number, descendingAt: number): [Tensor, Tensor] {
  const x = a.tensor(0);
  const axis = a.axis(axisAt, x.rank);
  return topk(x, x.shape[axis] ?? 1, axis, a.bool(descendingAt));
}

/** The lower median along an axis: torch takes the smaller of the two middle values. */
function median(x: Tensor, axis: number, keepdim: boolean): [Tensor, Tensor] {
  const { session } = x;
  if (x.rank === 0) return [x, tensorFrom(session, dtypes.int64, [], [0])];
  const k = Math.floor((x.shape[axis]! - 1) / 2) + 1;
  const last = (t: Tensor): Tensor => {
    const value = session.op('Slice', [t.value], { starts: [k - 1], ends: [k], axes: [axis], steps: [1] });
    const shape = keepdim ? value.shape : value.shape.filter((_, i) => i !== axis);
    return fresh(session, reshapeValue(session, value, shape), t.dtype);
  };
  const [values, indices] = topk(x, k, axis, false);
  return [last(values), last(indices)];
}

function cumulative(a: Args): Tensor {
  const x = a.tensor(0);
  const to = a.dtype(2) ?? (x.dtype.isFloating ? x.dtype : dtypes.int64);
  const axis = a.axis(1, x.rank);
  const value = castTensor(x, to);
  return fresh(a.session, x.rank === 0 ? value : a.session.op('CumSum', [value], { axis }), to);
}

/** The distinct values; their number depends on the data, so the data are looked at. */
function unique(a: Args): Value {
  const x = a.tensor(0);
  if (a.given(4)) throw a.refuse('dim');
  const numbers = Array.from(x.numbers());
  const distinct = [...new Set(numbers)].sort((p, q) => p - q);
  const place = new Map(distinct.map((v, i) => [v, i]));
  const out: Value[] = [tensorFrom(a.session, x.dtype, [distinct.length], distinct)];
  if (a.bool(2))
    out.push(
      tensorFrom(
        a.session,
        dtypes.int64,
        x.shape,
        numbers.map(v => place.get(v)!),
      ),
    );
  if (a.bool(3)) {
    const counts = new Array<number>(distinct.length).fill(0);
    for (const v of numbers) counts[place.get(v)!]!++;
    out.push(tensorFrom(a.session, dtypes.int64, [distinct.length], counts));
  }
  return out.length === 1 ? out[0]! : new PyTuple(out);
}

/** Coordinates of the elements that are not zero. */
export function nonzero(x: Tensor): number[][] {
  const numbers = x.numbers();
  const found: number[][] = x.shape.map(() => []);
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] === 0) continue;
    let rest = i;
    for (let d = x.rank - 1; d >= 0; d--) {
      found[d]!.push(rest % x.shape[d]!);
      rest = Math.floor(rest / x.shape[d]!);
    }
  }
  return found;
}

export const reductionRows: readonly Row[] = [
  row('sum(input, dim=None, keepdim=False, *, dtype=None)', 'fm', a =>
    sum(a.tensor(0), a.axes(1, a.tensor(0).rank), a.bool(2), a.dtype(3)),
  ),
  row('nansum(input, dim=None, keepdim=False, *, dtype=None)', 'fm', a => {
    const x = a.tensor(0);
    const clean = x.dtype.isFloating
      ? fresh(
          a.session,
          whereValue(
            a.session,
            a.session.op('IsNaN', [x.value]),
            a.session.graph.scalar(x.dtype.element, 0),
            x.value,
          ),
          x.dtype,
        )
      : x;
    return sum(clean, a.axes(1, x.rank), a.bool(2), a.dtype(3));
  }),
  row('mean(input, dim=None, keepdim=False, *, dtype=None)', 'fm', mean),
  row('prod(input, dim=None, keepdim=False, *, dtype=None)', 'fm', a => {
    const x = a.tensor(0);
    const to = a.dtype(3) ?? (x.dtype.isFloating ? x.dtype : dtypes.int64);
    const axes = a.given(1) ? [a.axis(1, x.rank)] : x.shape.map((_, i) => i);
    const value = reduceValue(
      a.session,
      'ReduceProd',
      castTensor(x, to),
      x.rank === 0 ? [] : axes,
      a.bool(2),
    );
    return fresh(a.session, value, to);
  }),
  row('var(input, dim=None, unbiased=None, keepdim=False, *, correction=None)', 'fm', a => {
    const { value, dtype } = variance(a);
    return fresh(a.session, value, dtype);
  }),
  row('std(input, dim=None, unbiased=None, keepdim=False, *, correction=None)', 'fm', a => {
    const { value, dtype } = variance(a);
    return fresh(a.session, a.session.op('Sqrt', [value]), dtype);
  }),
  row('var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None)', 'f', a => {
    const { value, mean: middle, dtype } = variance(a);
    return new PyTuple([fresh(a.session, value, dtype), fresh(a.session, middle, dtype)]);
  }),
  row('std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None)', 'f', a => {
    const { value, mean: middle, dtype } = variance(a);
    return new PyTuple([
      fresh(a.session, a.session.op('Sqrt', [value]), dtype),
      fresh(a.session, middle, dtype),
    ]);
  }),
  row('max(input, dim=None, keepdim=False)', 'fm', a => maxMin(a, 'max')),
  row('min(input, dim=None, keepdim=False)', 'fm', a => maxMin(a, 'min')),
  row('amax(input, dim=(), keepdim=False)', 'fm', a =>
    extremeOver(a.tensor(0), 'ReduceMax', a.axes(1, a.tensor(0).rank), a.bool(2)),
  ),
  row('amin(input, dim=(), keepdim=False)', 'fm', a =>
    extremeOver(a.tensor(0), 'ReduceMin', a.axes(1, a.tensor(0).rank), a.bool(2)),
  ),
  row('aminmax(input, *, dim=None, keepdim=False)', 'fm', a => {
    const x = a.tensor(0);
    const axes = a.given(1) ? [a.axis(1, x.rank)] : x.shape.map((_, i) => i);
    return cummaxResult(
      extremeOver(x, 'ReduceMin', axes, a.bool(2)),
      extremeOver(x, 'ReduceMax', axes, a.bool(2)),
    );
  }),
  row('argmax(input, dim=None, keepdim=False)', 'fm', a => {
    const x = a.tensor(0);
    if (!a.given(1)) requireElements(x, 'argmax');
    return argExtreme(x, 'ArgMax', a.given(1) ? a.axis(1, x.rank) : undefined, a.bool(2));
  }),
  row('argmin(input, dim=None, keepdim=False)', 'fm', a => {
    const x = a.tensor(0);
    if (!a.given(1)) requireElements(x, 'argmin');
    return argExtreme(x, 'ArgMin', a.given(1) ? a.axis(1, x.rank) : undefined, a.bool(2));
  }),
  row('all(input, dim=None, keepdim=False)', 'fm', a => quantifier(a, 'ReduceMin')),
  row('any(input, dim=None, keepdim=False)', 'fm', a => quantifier(a, 'ReduceMax')),
  row("norm(input, p='fro', dim=None, keepdim=False, dtype=None)", 'fm', a => {
    const x = a.tensor(0);
    const to = a.dtype(4);
    const typed = to && to !== x.dtype ? fresh(a.session, castTensor(x, to), to) : x;
    return norm(typed, normOrder(a, 1), a.axes(2, x.rank), a.bool(3));
  }),
  row('logsumexp(input, dim, keepdim=False)', 'fm', a =>
    logsumexp(a.tensor(0), a.axes(1, a.tensor(0).rank), a.bool(2)),
  ),
  row('softmax(input, dim, dtype=None)', 'fm', a =>
    softmax(a.tensor(0), a.axis(1, a.tensor(0).rank), a.dtype(2), false),
  ),
  row('log_softmax(input, dim, dtype=None)', 'fm', a =>
    softmax(a.tensor(0), a.axis(1, a.tensor(0).rank), a.dtype(2), true),
  ),
  row('cumsum(input, dim, *, dtype=None)', 'fmi', cumulative),
  row('cumprod(input, dim, *, dtype=None)', 'fm', a => {
    const x = a.tensor(0);
    const to = a.dtype(2) ?? (x.dtype.isFloating ? x.dtype : dtypes.int64);
    const axis = a.axis(1, x.rank);
    let value = castTensor(x, to);
    const size = x.shape[axis] ?? 1;
    const { session } = a;
    const one = session.graph.scalar(to.element, 1);
    // Doubling: after step s each element holds the product of the 2s before it.
    for (let s = 1; s < size; s *= 2) {
      const head = session.op('Slice', [value], { starts: [0], ends: [size - s], axes: [axis], steps: [1] });
      const shape = [...value.shape];
      shape[axis] = s;
      const ones = session.op('Expand', [one], { shape });
      value = session.op('Mul', [value, session.op('Concat', [ones, head], { axis })]);
    }
    return fresh(session, value, to);
  }),
  row('topk(input, k, dim=-1, largest=True, sorted=True)', 'fm', a => {
    const x = a.tensor(0);
    return topkResult(...topk(x, a.int(1), a.axis(2, x.rank), a.bool(3)));
  }),
  row('sort(input, dim=-1, descending=False, stable=False)', 'fm', a => sortResult(...sort(a, 1, 2))),
  row('argsort(input, dim=-1, descending=False, stable=False)', 'fm', a => sort(a, 1, 2)[1]),
  row('median(input, dim=None, keepdim=False)', 'fm', a => {
    const x = a.tensor(0);
    if (a.given(1)) return medianResult(...median(x, a.axis(1, x.rank), a.bool(2)));
    requireElements(x, 'median');
    const flat = fresh(a.session, reshapeValue(a.session, x.value, [x.numel]), x.dtype);
    return median(flat, 0, false)[0];
  }),
  row('kthvalue(input, k, dim=-1, keepdim=False)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(2, x.rank);
    const sorted = topk(x, a.int(1), axis, false);
    const last = sorted.map(t => {
      const value = a.session.op('Slice', [t.value], {
        starts: [a.int(1) - 1],
        ends: [a.int(1)],
        axes: [axis],
        steps: [1],
      });
      const shape = a.bool(3) ? value.shape : value.shape.filter((_, i) => i !== axis);
      return fresh(a.session, reshapeValue(a.session, value, shape), t.dtype);
    });
    return sortResult(...last);
  }),
  row('count_nonzero(input, dim=None)', 'fm', a => {
    const x = a.tensor(0);
    const counted = castTo(a.session, truthOf(a.session, x), 'int64');
    return fresh(
      a.session,
      reduceValue(a.session, 'ReduceSum', counted, a.axes(1, x.rank), false),
      dtypes.int64,
    );
  }),
  ...also(
    row('nonzero(input, *, as_tuple=False)', 'fm', a => {
      const x = a.tensor(0);
      const found = nonzero(x);
      const count = found[0]?.length ?? (x.numbers()[0] ? 1 : 0);
      if (a.bool(1)) return new PyTuple(found.map(f => tensorFrom(a.session, dtypes.int64, [count], f)));
      const flat = new Float64Array(count * x.rank);
      found.forEach((f, d) => {
        for (let i = 0; i < count; i++) flat[i * x.rank + d] = f[i]!;
      });
      return tensorFrom(a.session, dtypes.int64, [count, x.rank], flat);
    }),
    'argwhere',
  ),
  row('unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)', 'fm', unique),
  row('bincount(input, weights=None, minlength=0)', 'fm', a => {
    const x = a.tensor(0);
    if (a.given(1)) throw a.refuse('weights');
    const numbers = Array.from(x.numbers());
    if (numbers.some(v => v < 0))
      throw raise('RuntimeError', 'bincount only supports 1-d non-negative integral inputs.');
    const size = numbers.reduce((n, v) => Math.max(n, v + 1), Math.max(0, a.int(2)));
    a.session.checkSize([size]);
    const counts = new Float64Array(size);
    for (const v of numbers) counts[v]!++;
    return tensorFrom(a.session, dtypes.int64, [counts.length], counts);
  }),
  row('dist(input, other, p=2)', 'fm', a => {
    const gap = sub(a.session, a.tensor(0), a.tensor(1));
    return norm(
      gap,
      normOrder(a, 2),
      gap.shape.map((_, i) => i),
      false,
    );
  }),
];

/** Softmax family with the signatures of torch.nn.functional. */
export const softmaxRows: readonly Row[] = [
  row('softmax(input, dim=None, _stacklevel=3, dtype=None)', 'f', a =>
    softmax(a.tensor(0), softDim(a), a.dtype(3), false),
  ),
  row('log_softmax(input, dim=None, _stacklevel=3, dtype=None)', 'f', a =>
    softmax(a.tensor(0), softDim(a), a.dtype(3), true),
  ),
];

/** torch guesses a missing dim: 0 for rank 0, 1 and 3, otherwise 1. */
function softDim(a: Args): number {
  const { rank } = a.tensor(0);
  return a.given(1) ? a.axis(1, rank) : wrapAxis(rank === 0 || rank === 1 || rank === 3 ? 0 : 1, rank);
}
