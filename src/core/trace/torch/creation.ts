import { numel } from '../graph/shape.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import { native } from '../interpreter/native.ts';
import {
  classOf,
  NativeObject,
  PyClass,
  PyFloat,
  PyInstance,
  PyRange,
  PyTuple,
  sequenceItems,
  tupleClass,
  type Value,
} from '../interpreter/values.ts';
import { dtypes, resultType, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor, tensorFrom } from '../tensor/tensor.ts';
import { unsqueeze } from '../tensor/views.ts';
import type { Args } from './args.ts';
import {
  castTensor,
  checkFill,
  copyInto,
  expandValue,
  fresh,
  operand,
  overflows,
  plainNumber,
  promotable,
  whereValue,
} from './kit.ts';
import { type Row, row } from './row.ts';
import { cat } from './shape.ts';

/** `torch.Size`: a tuple that knows its number of elements. */
export const sizeClass = new PyClass('Size', {
  bases: [tupleClass],
  module: 'torch',
  namespace: new Map<string, Value>([
    ['numel', native('numel(self)', ([self]) => numel((self as PyTuple).items as number[]))],
    ['__repr__', native('__repr__(self)', ([self]) => `torch.Size([${(self as PyTuple).items.join(', ')}])`)],
  ]),
  construct: (cls, args, _keywords, runtime) =>
    new PyTuple(args.length === 0 ? [] : runtime.list(args[0]!), cls),
});

/** A shape as Python sees it. */
export function sizeOfShape(shape: readonly number[]): PyTuple {
  return new PyTuple(shape, sizeClass);
}

/** A tensor from nested Python sequences of numbers; tensors inside are stacked. */
export function fromNested(session: TorchSession, data: Value, dtype?: TorchDType, a?: Args): Tensor {
  if (data instanceof Tensor)
    return fresh(session, castTensor(data, dtype ?? data.dtype), dtype ?? data.dtype);
  const shape: number[] = [];
  for (let level: Value | undefined = data; ; ) {
    const items: readonly Value[] | undefined = listItems(level);
    if (!items) break;
    shape.push(items.length);
    if (items.length === 0) break;
    level = items[0];
  }
  session.checkItems(shape.reduce((product, length) => product * length, 1));
  const leaves: Value[] = [];
  collect(data, shape, 0, leaves);
  if (leaves.some(v => v instanceof Tensor)) return stackLeaves(session, shape, leaves, dtype, a);
  const to =
    dtype ??
    (leaves.length === 0
      ? session.defaultDType
      : resultType(leaves.map(v => ({ ...promotable(session, v, 'data'), rank: 'tensor' as const }))));
  const values = leaves.map(plainNumber);
  if (to.category === 1 && values.some(v => overflows(v, to)))
    throw raise('RuntimeError', `value cannot be converted to type ${to.name} without overflow`);
  return tensorFrom(
    session,
    to,
    shape,
    to.category === 1 ? values.map(v => wrapNarrow(Math.trunc(v), to)) : values,
  );
}

function wrapNarrow(x: number, dtype: TorchDType): number {
  if (dtype.bits >= 64) return x;
  const span = 2 ** dtype.bits;
  const low = dtype.unsigned ? 0 : -span / 2;
  return ((((x - low) % span) + span) % span) + low;
}

function listItems(value: Value | undefined): readonly Value[] | undefined {
  if (value instanceof PyRange)
    return Array.from({ length: value.length }, (_, i) => value.start + i * value.step);
  return value === undefined ? undefined : sequenceItems(value);
}

function collect(value: Value, shape: readonly number[], depth: number, leaves: Value[]): void {
  const items = listItems(value);
  if (depth === shape.length) {
    if (items) throw raise('ValueError', `too many dimensions 'list'`);
    if (!(value instanceof Tensor) && !isNumber(value))
      throw raise('TypeError', `must be real number, not ${classOf(value).name}`);
    leaves.push(value);
    return;
  }
  if (!items || items.length !== shape[depth])
    throw raise(
      'ValueError',
      items
        ? `expected sequence of length ${shape[depth]} at dim ${depth} (got ${items.length})`
        : `expected sequence of length ${shape[depth]} at dim ${depth}`,
    );
  for (const item of items) collect(item, shape, depth + 1, leaves);
}

function isNumber(value: Value): boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    value instanceof PyFloat ||
    (value instanceof PyInstance && value.payload !== undefined)
  );
}

/** Lists of one-element tensors become one tensor of numbers, without looking at them. */
function stackLeaves(
  session: TorchSession,
  shape: number[],
  leaves: readonly Value[],
  dtype: TorchDType | undefined,
  a?: Args,
): Tensor {
  const parts = leaves.map(v => {
    if (v instanceof Tensor && v.numel !== 1)
      throw raise('ValueError', 'only one element tensors can be converted to Python scalars');
    return v;
  });
  const to = dtype ?? resultType(parts.map(v => ({ ...promotable(session, v), rank: 'tensor' as const })));
  const columns = parts.map(v =>
    unsqueeze(fresh(session, session.op('Reshape', [operand(session, v, to)], { shape: [] }), to), 0),
  );
  if (!a)
    throw new Refusal({
      construct: 'a list of tensors as an index',
      message: 'A list of tensors is not supported as an index.',
    });
  const joined = cat(a, columns, 0);
  return fresh(session, session.op('Reshape', [joined.value], { shape }), to);
}

/** A tensor full of one number. */
export function filled(
  session: TorchSession,
  shape: readonly number[],
  value: number,
  dtype: TorchDType,
): Tensor {
  session.checkSize(shape);
  for (const d of shape)
    if (d < 0)
      throw raise(
        'RuntimeError',
        `Trying to create tensor with negative dimension ${d}: [${shape.join(', ')}]`,
      );
  const x = dtype.category === 1 ? wrapNarrow(Math.trunc(value), dtype) : value;
  return fresh(session, expandValue(session, session.graph.scalar(dtype.element, x), shape), dtype);
}

/** Memory nobody has written: its numbers are refused until somebody does. */
export function uninitialized(a: Args, shape: readonly number[], dtype: TorchDType): Tensor {
  a.session.checkSize(shape);
  // Where there is no memory, nothing is uninitialised.
  if (shape.includes(0)) return tensorFrom(a.session, dtype, shape, []);
  const value = a.session.graph.unavailable(
    dtype.element,
    shape,
    `${a.name}() leaves its memory uninitialised`,
  );
  return fresh(a.session, value, dtype);
}

const factory = 'dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False';
const like = 'dtype=None, layout=None, device=None, requires_grad=False, memory_format=None';

/** Sizes from `*size`, or from the keyword `size`. */
function sizes(a: Args, i: number): number[] {
  return a.sizes(i);
}

function marked(t: Tensor, requiresGrad: boolean): Tensor {
  t.requiresGrad = requiresGrad;
  return t;
}

function constantRow(name: string, value: number): Row[] {
  return [
    row(`${name}(*size, out=None, names=None, ${factory})`, 'f', a => {
      a.only(1);
      return marked(filled(a.session, sizes(a, 0), value, a.dtype(3) ?? a.session.defaultDType), a.bool(6));
    }),
    row(`${name}_like(input, *, ${like})`, 'f', a => {
      const x = a.tensor(0);
      return marked(filled(a.session, x.shape, value, a.dtype(1) ?? x.dtype), a.bool(4));
    }),
    row(`new_${name}(input, *size, ${factory})`, 'm', a =>
      marked(filled(a.session, sizes(a, 1), value, a.dtype(2) ?? a.tensor(0).dtype), a.bool(5)),
    ),
  ];
}

function fillValue(a: Args, i: number, shape: readonly number[], dtype: TorchDType | undefined): Tensor {
  const given = a.value(i);
  if (given instanceof Tensor) {
    if (given.rank > 0) throw a.mismatch(i, 'Number');
    const to = dtype ?? given.dtype;
    const one = a.session.op('Reshape', [castTensor(given, to)], { shape: [] });
    return fresh(a.session, expandValue(a.session, one, shape), to);
  }
  const to = dtype ?? promotable(a.session, given, 'fill_value').dtype;
  checkFill(plainNumber(given), to);
  return filled(a.session, shape, plainNumber(given), to);
}

function arange(a: Args): Tensor {
  const given = [a.value(0), a.value(1), a.value(2)];
  const [start, end] = given[1] === null ? [0 as Value, given[0]!] : [given[0]!, given[1]!];
  const step = given[2] ?? 1;
  const numbers = [start, end, step].map(v => a.toNumber(v));
  if (numbers.some(n => n === undefined)) throw a.mismatch(0, 'Number');
  const [from, to, by] = numbers as [number, number, number];
  if (by === 0) throw raise('RuntimeError', 'step must be nonzero');
  if ((by > 0 && from > to) || (by < 0 && from < to))
    throw raise('RuntimeError', 'upper bound and larger bound inconsistent with step sign');
  const floating = [start, end, step].some(
    v => v instanceof PyFloat || (v instanceof Tensor && v.dtype.isFloating),
  );
  const dtype = a.dtype(3) ?? (floating ? a.session.defaultDType : dtypes.int64);
  const n = Math.ceil((to - from) / by);
  a.session.checkSize([n]);
  a.session.charge(n);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = from + i * by;
  return tensorFrom(a.session, dtype, [n], values);
}

function linspace(a: Args): Tensor {
  const [start, end, steps] = [a.number(0), a.number(1), a.int(2)];
  const dtype = a.dtype(3) ?? a.session.defaultDType;
  a.session.checkSize([steps]);
  const round = dtype.element === 'float32' ? Math.fround : (x: number) => x;
  const step = round((end - start) / Math.max(1, steps - 1));
  // Both ends are hit exactly: the second half counts back from the end.
  const values = Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + step * i : end - step * (steps - 1 - i),
  );
  if (steps === 1) values[0] = start;
  return tensorFrom(a.session, dtype, [steps], dtype.isFloating ? values : values.map(Math.trunc));
}

/** Keeps the part of a matrix on one side of a diagonal. */
function triangle(a: Args, lower: boolean): Tensor {
  const x = a.tensor(0);
  const k = a.int(1);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  if (x.rank < 2) throw raise('RuntimeError', `${a.name}: input tensor must have at least 2 dimensions`);
  const keep = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const gap = (i % columns) - Math.floor(i / columns);
    return (lower ? gap <= k : gap >= k) ? 1 : 0;
  });
  const mask = a.session.graph.constant({ type: 'bool', shape: [rows, columns], data: keep });
  const zero = a.session.graph.scalar(x.dtype.element, 0);
  return fresh(a.session, whereValue(a.session, mask, x.value, zero), x.dtype);
}

function triangleIndices(a: Args, lower: boolean): Tensor {
  const [rows, columns, offset] = [a.int(0), a.int(1), a.int(2)];
  a.session.checkSize([rows, columns]);
  const found: [number, number][] = [];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) if (lower ? j - i <= offset : j - i >= offset) found.push([i, j]);
  return tensorFrom(
    a.session,
    dtypes.int64,
    [2, found.length],
    [...found.map(f => f[0]), ...found.map(f => f[1])],
  );
}

function tensor(a: Args): Tensor {
  const data = a.value(0);
  if (data instanceof NativeObject && !(data instanceof Tensor)) {
    const inner = a.runtime.findAttribute(data, 'tensor');
    if (inner instanceof Tensor) return marked(fromNested(a.session, inner, a.dtype(1), a), a.bool(3));
  }
  if (data instanceof PyInstance && data.payload === undefined) {
    // Our stand-in for numpy arrays holds a tensor of that name.
    const inner = a.runtime.findAttribute(data, 'tensor');
    if (inner instanceof Tensor) return marked(fromNested(a.session, inner, a.dtype(1), a), a.bool(3));
  }
  return marked(fromNested(a.session, data, a.dtype(1), a), a.bool(3));
}

export const creationRows: readonly Row[] = [
  row('tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)', 'f', tensor),
  row('as_tensor(data, dtype=None, device=None)', 'f', a => {
    const data = a.value(0);
    const to = a.dtype(1);
    if (data instanceof Tensor && (!to || to === data.dtype)) return data;
    if (data instanceof PyInstance) {
      const inner = a.runtime.findAttribute(data, 'tensor');
      if (inner instanceof Tensor)
        return !to || to === inner.dtype ? inner : fromNested(a.session, inner, to, a);
    }
    return fromNested(a.session, data, to, a);
  }),
  row('scalar_tensor(s, *, dtype=None, device=None)', 'f', a =>
    filled(a.session, [], a.number(0), a.dtype(1) ?? a.session.defaultDType),
  ),
  row('new_tensor(input, data, *, dtype=None, device=None, requires_grad=False)', 'm', a =>
    marked(fromNested(a.session, a.value(1), a.dtype(2) ?? a.tensor(0).dtype, a), a.bool(4)),
  ),
  ...constantRow('zeros', 0),
  ...constantRow('ones', 1),
  row(`full(size, fill_value, *, out=None, ${factory})`, 'f', a => {
    a.only(2);
    return marked(fillValue(a, 1, a.ints(0), a.dtype(3)), a.bool(6));
  }),
  row(`full_like(input, fill_value, *, ${like})`, 'f', a =>
    marked(fillValue(a, 1, a.tensor(0).shape, a.dtype(2) ?? a.tensor(0).dtype), a.bool(5)),
  ),
  row(`new_full(input, size, fill_value, *, ${factory})`, 'm', a =>
    marked(fillValue(a, 2, a.ints(1), a.dtype(3) ?? a.tensor(0).dtype), a.bool(6)),
  ),
  row(`empty(*size, out=None, names=None, ${factory}, memory_format=None)`, 'f', a =>
    marked(uninitialized(a, sizes(a, 0), a.dtype(3) ?? a.session.defaultDType), a.bool(6)),
  ),
  row(`empty_like(input, *, ${like})`, 'f', a =>
    marked(uninitialized(a, a.tensor(0).shape, a.dtype(1) ?? a.tensor(0).dtype), a.bool(4)),
  ),
  row(`new_empty(input, *size, ${factory})`, 'm', a =>
    uninitialized(a, sizes(a, 1), a.dtype(2) ?? a.tensor(0).dtype),
  ),
  row(
    'arange(start, end=None, step=1, *, dtype=None, layout=None, device=None, requires_grad=False, out=None)',
    'f',
    a => {
      a.only(7);
      return marked(arange(a), a.bool(6));
    },
  ),
  row(
    'linspace(start, end, steps, *, dtype=None, layout=None, device=None, requires_grad=False)',
    'f',
    linspace,
  ),
  row(
    'logspace(start, end, steps, base=10.0, *, dtype=None, layout=None, device=None, requires_grad=False)',
    'f',
    a => {
      const [start, end, steps, base] = [a.number(0), a.number(1), a.int(2), a.number(3)];
      a.session.checkSize([steps]);
      const values = Float64Array.from(
        { length: steps },
        (_, i) => base ** (start + ((end - start) * i) / Math.max(1, steps - 1)),
      );
      return tensorFrom(a.session, a.dtype(4) ?? a.session.defaultDType, [steps], values);
    },
  ),
  row('eye(n, m=None, *, dtype=None, layout=None, device=None, requires_grad=False)', 'f', a => {
    const n = a.int(0);
    const m = a.optionalInt(1) ?? n;
    a.session.checkSize([n, m]);
    const values = new Float64Array(n * m);
    for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1;
    return tensorFrom(a.session, a.dtype(2) ?? a.session.defaultDType, [n, m], values);
  }),
  row('tril(input, diagonal=0)', 'fmi', a => triangle(a, true)),
  row('triu(input, diagonal=0)', 'fmi', a => triangle(a, false)),
  row('tril_indices(row, col, offset=0, *, dtype=None, device=None, layout=None)', 'f', a =>
    triangleIndices(a, true),
  ),
  row('triu_indices(row, col, offset=0, *, dtype=None, device=None, layout=None)', 'f', a =>
    triangleIndices(a, false),
  ),
  row('fill_(input, value)', 'm', a => copyInto(a.tensor(0), a.value(1))),
  row('zero_(input)', 'm', a => copyInto(a.tensor(0), 0)),
  row('copy_(input, src, non_blocking=False)', 'm', a => copyInto(a.tensor(0), a.value(1))),
  row('fill_diagonal_(input, fill_value, wrap=False)', 'm', a => {
    const x = a.tensor(0);
    a.only(2, false);
    if (x.rank !== 2) throw a.refuse(`rank ${x.rank}`);
    const fill = a.value(1);
    if (fill instanceof Tensor && fill.rank > 0)
      throw raise('TypeError', "fill_diagonal_(): argument 'fill_value' must be Number, not Tensor");
    const [n, m] = x.shape as [number, number];
    const mask = Uint8Array.from({ length: n * m }, (_, i) => (Math.floor(i / m) === i % m ? 1 : 0));
    const on = a.session.graph.constant({ type: 'bool', shape: [n, m], data: mask });
    x.write(whereValue(a.session, on, operand(a.session, fill, x.dtype), x.value));
    return x;
  }),
];
