import type { GraphValue } from '../graph/graph.ts';
import { numel, sameShape, stridesOf } from '../graph/shape.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import { classOf, ellipsis, PyList, PyRange, PySlice, PyTuple, type Value } from '../interpreter/values.ts';
import { dtypes, integral } from '../tensor/dtype.ts';
import { placeByTable, positions } from '../tensor/scatter.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor, tensorFrom } from '../tensor/tensor.ts';
import { narrow, select, unsqueeze } from '../tensor/views.ts';
import { type Args, wrapAxis } from './args.ts';
import { fromNested } from './creation.ts';
import {
  broadcast,
  castTensor,
  copyInto,
  expandValue,
  fillOperand,
  fresh,
  operand,
  reshapeValue,
  scalarTypeName,
  transposeValue,
  whereValue,
} from './kit.ts';
import { nonzero } from './reduction.ts';
import { type Row, row } from './row.ts';
import { inRange } from './shape.ts';

/** What `x[key]` means: a view by ints, slices and None, then index tensors on some of its axes. */
interface Parsed {
  readonly view: Tensor;
  /** Per axis of the view: an int64 index tensor, or undefined for the whole axis. */
  readonly indices: readonly (Tensor | undefined)[];
}

function isIndexTensor(value: Value): boolean {
  return value instanceof Tensor || value instanceof PyList || value instanceof PyRange;
}

function keyItems(key: Value): readonly Value[] {
  if (key instanceof PyTuple) return key.items;
  // A short list that itself holds slices or lists is read as a tuple by old torch; a list of numbers is an index.
  return [key];
}

function bound(value: Value, otherwise: number, size: number): number {
  if (value === null) return otherwise;
  let n: number | undefined;
  if (typeof value === 'number') n = value;
  else if (typeof value === 'bigint') n = value > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
  else if (value instanceof Tensor) n = value.toIndex();
  if (n === undefined)
    throw raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
  const i = n < 0 ? n + size : n;
  return Math.min(Math.max(i, 0), size);
}

/** How many axes of the tensor an item of a key uses up. */
function used(item: Value): number {
  if (item === null || item === ellipsis || typeof item === 'boolean') return 0;
  if (item instanceof Tensor && item.dtype === dtypes.bool) return item.rank;
  return 1;
}

function parse(x: Tensor, key: Value): Parsed {
  const { session } = x;
  const items = keyItems(key).map(item =>
    isIndexTensor(item) && !(item instanceof Tensor) ? fromNested(session, item) : item,
  );
  const count = items.reduce<number>((n, item) => n + used(item), 0);
  if (count > x.rank) throw raise('IndexError', `too many indices for tensor of dimension ${x.rank}`);
  if (items.filter(i => i === ellipsis).length > 1)
    throw new Refusal({
      construct: 'x[…, …]',
      message: 'An index with more than one ellipsis is not supported.',
    });
  let view = x;
  let axis = 0;
  const indices: (Tensor | undefined)[] = [];
  for (const item of items) {
    if (item === ellipsis) {
      for (let i = 0; i < x.rank - count; i++, axis++) indices.push(undefined);
    } else if (item === null) {
      view = unsqueeze(view, axis++);
      indices.push(undefined);
    } else if (typeof item === 'boolean') {
      view = unsqueeze(view, axis++);
      indices.push(tensorFrom(session, dtypes.int64, [item ? 1 : 0], item ? [0] : []));
    } else if (
      typeof item === 'number' ||
      (item instanceof Tensor &&
        item.rank === 0 &&
        item.dtype.category === integral &&
        item.dtype !== dtypes.uint8)
    ) {
      const index = typeof item === 'number' ? item : item.toIndex()!;
      const size = view.shape[axis]!;
      if (index < -size || index >= size)
        throw raise('IndexError', `index ${index} is out of bounds for dimension ${axis} with size ${size}`);
      view = select(view, axis, index < 0 ? index + size : index);
    } else if (item instanceof PySlice) {
      const size = view.shape[axis]!;
      const step = item.step === null ? 1 : bound(item.step, 1, Number.MAX_SAFE_INTEGER);
      if (typeof item.step === 'number' && item.step <= 0)
        throw raise('ValueError', 'step must be greater than zero');
      const start = bound(item.start, 0, size);
      const end = Math.max(start, bound(item.stop, size, size));
      if (!(start === 0 && end === size && step === 1)) view = narrow(view, axis, start, end, step);
      indices.push(undefined);
      axis++;
    } else if (item instanceof Tensor) {
      if (item.dtype === dtypes.bool) {
        if (item.rank === 0) {
          const on = item.numbers()[0] !== 0;
          view = unsqueeze(view, axis);
          indices.push(tensorFrom(session, dtypes.int64, [on ? 1 : 0], on ? [0] : []));
        } else indices.push(item);
        // As torch does it: a mask of several axes counts as one until everything else is done.
        axis++;
      } else {
        if (item.dtype.isFloating || (item.dtype.bits < 32 && item.dtype !== dtypes.uint8))
          throw raise('IndexError', 'tensors used as indices must be long, byte or bool tensors');
        if (item.dtype === dtypes.uint8)
          throw new Refusal({
            construct: 'x[uint8 tensor]',
            message: 'Indexing with a uint8 tensor as a mask is not supported.',
            hint: 'Convert the mask to bool.',
          });
        indices.push(toInt64(item));
        axis++;
      }
    } else if (typeof item === 'bigint') {
      throw raise('IndexError', `index ${item} is out of bounds`);
    } else
      throw raise(
        typeof item === 'string' ? 'TypeError' : 'IndexError',
        `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${classOf(item).name})`,
      );
  }
  return { view, indices: expandMasks(view, indices) };
}

/** Masks become index tensors, one per axis; what is left of the axes is whole. */
function expandMasks(view: Tensor, indices: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
  const out: (Tensor | undefined)[] = [];
  for (const item of indices) {
    if (item?.dtype !== dtypes.bool) {
      out.push(item);
      continue;
    }
    item.shape.forEach((d, i) => {
      if (d !== view.shape[out.length + i])
        throw raise(
          'IndexError',
          `The shape of the mask [${item.shape.join(', ')}] at index ${i} does not match the shape of the indexed tensor [${view.shape.join(', ')}] at index ${out.length + i}`,
        );
    });
    for (const f of nonzero(item)) out.push(tensorFrom(view.session, dtypes.int64, [f.length], f));
  }
  if (out.length > view.rank)
    throw raise('IndexError', `too many indices for tensor of dimension ${view.rank}`);
  while (out.length < view.rank) out.push(undefined);
  return out;
}

function toInt64(t: Tensor): Tensor {
  return t.dtype === dtypes.int64 ? t : fresh(t.session, castTensor(t, dtypes.int64), dtypes.int64);
}

/** Refuses indices out of range where the numbers are known while tracing. */
function checkRange(index: Tensor, size: number, axis: number): void {
  if (!index.value.constant) return;
  const numbers = index.numbers();
  for (let i = 0; i < numbers.length; i++)
    if (numbers[i]! < -size || numbers[i]! >= size)
      throw raise(
        'IndexError',
        `index ${numbers[i]} is out of bounds for dimension ${axis} with size ${size}`,
      );
}

/** Elements of a value at index tensors on some axes, in torch's order of axes. */
function gatherAt(
  session: TorchSession,
  value: GraphValue,
  indices: readonly (Tensor | undefined)[],
): GraphValue {
  const axes = indices.flatMap((t, i) => (t ? [i] : []));
  // torch does not look at the indices of a result without elements.
  const empty = value.shape.some((d, i) => d === 0 && !axes.includes(i));
  if (empty) {
    const zeros = axes.map(i => {
      const { shape } = indices[i]!;
      return [i, tensorFrom(session, dtypes.int64, shape, new Float64Array(numel(shape)))] as const;
    });
    if (axes.every(i => value.shape[i]! > 0))
      indices = indices.map((t, i) => zeros.find(z => z[0] === i)?.[1] ?? t);
  } else for (const axis of axes) checkRange(indices[axis]!, value.shape[axis]!, axis);
  if (axes.length === 1) return session.op('Gather', [value, indices[axes[0]!]!.value], { axis: axes[0]! });
  const shape = axes.map(i => indices[i]!.shape).reduce((p, q) => indexShape(p, q));
  const rest = value.shape.map((_, i) => i).filter(i => !axes.includes(i));
  // The indexed axes to the front, as one axis with one linear index.
  const front = transposeValue(session, value, [...axes, ...rest]);
  const sizes = axes.map(i => value.shape[i]!);
  const restShape = rest.map(i => value.shape[i]!);
  const flat = reshapeValue(session, front, [numel(sizes), ...restShape]);
  const linear = linearIndex(
    session,
    axes.map(i => indices[i]!),
    sizes,
    shape,
  );
  const picked = session.op('Gather', [flat, linear], { axis: 0 });
  const adjacent = axes.every((a, i) => i === 0 || a === axes[i - 1]! + 1);
  if (!adjacent) return picked;
  // Neighbouring index tensors: their axes take the place of the indexed ones.
  const before = axes[0]!;
  const k = shape.length;
  const perm = [
    ...Array.from({ length: before }, (_, i) => k + i),
    ...Array.from({ length: k }, (_, i) => i),
    ...Array.from({ length: restShape.length - before }, (_, i) => k + before + i),
  ];
  return transposeValue(session, picked, perm);
}

function indexShape(p: readonly number[], q: readonly number[]): readonly number[] {
  try {
    return broadcast(p, q);
  } catch {
    throw raise(
      'IndexError',
      `shape mismatch: indexing tensors could not be broadcast together with shapes [${p.join(', ')}], [${q.join(', ')}]`,
    );
  }
}

function linearIndex(
  session: TorchSession,
  indices: readonly Tensor[],
  sizes: readonly number[],
  shape: readonly number[],
): GraphValue {
  const strides = stridesOf(sizes);
  let sum: GraphValue | undefined;
  indices.forEach((t, i) => {
    const size = session.graph.scalar('int64', sizes[i]!);
    const negative = session.op('Less', [t.value, session.graph.scalar('int64', 0)]);
    const wrapped = session.op('Where', [negative, session.op('Add', [t.value, size]), t.value]);
    const part = session.op('Mul', [wrapped, session.graph.scalar('int64', strides[i]!)]);
    sum = sum ? session.op('Add', [sum, part]) : part;
  });
  return expandValue(session, sum!, shape);
}

/** `x[key]`: a view, or a copy where index tensors are involved. */
export function getItem(x: Tensor, key: Value): Tensor {
  const { view, indices } = parse(x, key);
  if (indices.every(i => i === undefined)) return view === x ? x.alias() : view;
  return fresh(x.session, gatherAt(x.session, view.value, indices), x.dtype);
}

function requireSameDType(x: Tensor, value: Value): void {
  if (value instanceof Tensor && value.dtype !== x.dtype)
    throw raise(
      'RuntimeError',
      `Index put requires the source and destination dtypes match, got ${scalarTypeName(x.dtype)} for the destination and ${scalarTypeName(value.dtype)} for the source.`,
    );
}

/** `x[key] = value` */
export function setItem(x: Tensor, key: Value, value: Value): void {
  const items = keyItems(key);
  const mask =
    items.length === 1 && items[0] instanceof Tensor && items[0].dtype === dtypes.bool ? items[0] : undefined;
  // One number under a mask needs no look at the mask.
  if (
    mask &&
    mask.rank > 0 &&
    (!(value instanceof Tensor) || value.numel === 1) &&
    sameShape(mask.shape, x.shape.slice(0, mask.rank))
  ) {
    requireSameDType(x, value);
    const lifted = reshapeValue(x.session, mask.value, [
      ...mask.shape,
      ...x.shape.slice(mask.rank).map(() => 1),
    ]);
    const filling = operand(x.session, value, x.dtype);
    const one = reshapeValue(x.session, filling, []);
    x.write(whereValue(x.session, lifted, one, x.value));
    return;
  }
  const { view, indices } = parse(x, key);
  if (indices.every(i => i === undefined)) {
    copyInto(view, value);
    return;
  }
  requireSameDType(x, value);
  putAt(view, indices, fillOperand(x.session, value, x.dtype), false);
}

/** Writes (or adds) at index tensors. */
function putAt(
  view: Tensor,
  indices: readonly (Tensor | undefined)[],
  value: GraphValue,
  accumulate: boolean,
): void {
  const { session } = view;
  const counter = tensorFrom(
    session,
    dtypes.int64,
    view.shape,
    Float64Array.from({ length: view.numel }, (_, i) => i),
  );
  const places = gatherAt(session, counter.value, indices);
  const fitted = fitTo(session, value, places.shape);
  if (places.constant && !accumulate) {
    const target = session.read(places).data;
    const own = positions(view);
    const base = view.storage.value;
    const total = numel(base.shape);
    const table = Float64Array.from({ length: total }, (_, i) => i);
    for (let i = 0; i < target.length; i++) table[own[target[i]!]!] = total + i;
    view.storage.value = placeByTable(view, base, fitted, table);
    view.storage.version++;
    return;
  }
  const flat = reshapeValue(session, view.value, [view.numel]);
  const n = numel(places.shape);
  const written = session.op(
    'ScatterElements',
    [flat, reshapeValue(session, places, [n]), reshapeValue(session, fitted, [n])],
    { axis: 0, reduction: accumulate ? 'add' : 'none' },
  );
  view.write(reshapeValue(session, written, view.shape));
}

function fitTo(session: TorchSession, value: GraphValue, shape: readonly number[]): GraphValue {
  let extra = Math.max(0, value.shape.length - shape.length);
  while (extra > 0 && value.shape.slice(0, extra).some(d => d !== 1)) extra--;
  const trimmed = reshapeValue(session, value, value.shape.slice(extra));
  const ok =
    trimmed.shape.length <= shape.length &&
    trimmed.shape.every((d, i) => d === 1 || d === shape[shape.length - trimmed.shape.length + i]);
  if (!ok)
    throw raise(
      'RuntimeError',
      `shape mismatch: value tensor of shape [${value.shape.join(', ')}] cannot be broadcast to indexing result of shape [${shape.join(', ')}]`,
    );
  return expandValue(session, trimmed, shape);
}

function requireIndex(a: Args, i: number): Tensor {
  const index = a.tensor(i);
  if (index.dtype !== dtypes.int64 && index.dtype !== dtypes.int32)
    throw raise('RuntimeError', `${a.name}(): Expected dtype int64 for index`);
  return toInt64(index);
}

/** gather: out[i][j] = x[index[i][j]][j] (axis 0). The index may be shorter on the other axes. */
function gather(a: Args): Tensor {
  const x = a.tensor(0);
  const axis = a.axis(1, x.rank);
  const index = requireIndex(a, 2);
  if (index.rank !== x.rank && index.numel > 0)
    throw raise('RuntimeError', 'Index tensor must have the same number of dimensions as input tensor');
  if (x.rank === 0) return x;
  index.shape.forEach((d, i) => {
    if (i !== axis && d > x.shape[i]!)
      throw raise(
        'RuntimeError',
        `Size does not match at dimension ${i} expected index [${index.shape.join(', ')}] to be smaller than self [${x.shape.join(', ')}] apart from dimension ${axis}`,
      );
  });
  checkGather(index, x.shape[axis]!, axis);
  let value = x.value;
  index.shape.forEach((d, i) => {
    if (i !== axis && d < x.shape[i]!)
      value = a.session.op('Slice', [value], { starts: [0], ends: [d], axes: [i], steps: [1] });
  });
  return fresh(a.session, a.session.op('GatherElements', [value, index.value], { axis }), x.dtype);
}

function checkGather(index: Tensor, size: number, axis: number): void {
  if (!index.value.constant) return;
  const numbers = index.numbers();
  for (let i = 0; i < numbers.length; i++)
    if (numbers[i]! < 0 || numbers[i]! >= size)
      throw raise(
        'RuntimeError',
        `index ${numbers[i]} is out of bounds for dimension ${axis} with size ${size}`,
      );
}

function scatter(a: Args, reduction: 'none' | 'add' | 'mul'): Tensor {
  const x = a.tensor(0);
  const axis = a.axis(1, x.rank);
  const index = requireIndex(a, 2);
  checkGather(index, x.shape[axis]!, axis);
  const source = a.value(3);
  let updates = operand(a.session, source, x.dtype);
  if (!(source instanceof Tensor)) updates = expandValue(a.session, updates, index.shape);
  else if (source.dtype !== x.dtype)
    throw raise('RuntimeError', `${a.name}(): Expected self.dtype to be equal to src.dtype`);
  if (index.numel === 0) return fresh(a.session, x.value, x.dtype);
  const misfit = index.shape.some((d, i) => d > updates.shape[i]! || (i !== axis && d > x.shape[i]!));
  if (index.rank !== x.rank || updates.shape.length !== x.rank || misfit || x.rank === 0)
    throw raise(
      'RuntimeError',
      `Expected index [${index.shape.join(', ')}] to be smaller than self [${x.shape.join(', ')}] apart from dimension ${axis} and to be smaller size than src [${updates.shape.join(', ')}]`,
    );
  index.shape.forEach((d, i) => {
    if (d < updates.shape[i]!)
      updates = a.session.op('Slice', [updates], { starts: [0], ends: [d], axes: [i], steps: [1] });
  });
  const value = a.session.op('ScatterElements', [x.value, index.value, updates], { axis, reduction });
  return fresh(a.session, value, x.dtype);
}

/** Index vectors for whole slices along one axis. */
function sliceIndices(a: Args, x: Tensor): { axis: number; indices: (Tensor | undefined)[] } {
  const axis = a.axis(1, x.rank);
  const index = requireIndex(a, 2);
  if (x.rank === 0 || index.rank > 1) throw a.refuse(x.rank === 0 ? 'a scalar' : 'an index of higher rank');
  return { axis, indices: x.shape.map((_, i) => (i === axis ? index : undefined)) };
}

function changed(x: Tensor, change: (copy: Tensor) => void): Tensor {
  const copy = fresh(x.session, x.value, x.dtype);
  change(copy);
  return copy;
}

export const indexingRows: readonly Row[] = [
  row('gather(input, dim, index, *, sparse_grad=False)', 'fm', gather),
  row('take_along_dim(input, indices, dim=None)', 'fm', a => {
    const x = a.tensor(0);
    const index = requireIndex(a, 1);
    if (a.given(2) && index.rank !== x.rank)
      throw raise(
        'RuntimeError',
        'torch.take_along_dim(): input and indices should have the same number of dimensions',
      );
    if (!a.given(2)) {
      const flat = reshapeValue(a.session, x.value, [x.numel]);
      const at = reshapeValue(a.session, index.value, [index.numel]);
      return fresh(a.session, a.session.op('Gather', [flat, at], { axis: 0 }), x.dtype);
    }
    const axis = a.axis(2, x.rank);
    const others = (t: Tensor) => t.shape.map((d, i) => (i === axis ? 1 : d));
    const shape = broadcast(others(x), others(index));
    shape[axis] = index.shape[axis]!;
    const source = expandValue(
      a.session,
      x.value,
      shape.map((d, i) => (i === axis ? x.shape[i]! : d)),
    );
    const at = expandValue(a.session, index.value, shape);
    return fresh(a.session, a.session.op('GatherElements', [source, at], { axis }), x.dtype);
  }),
  row('index_select(input, dim, index)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(1, x.rank);
    const index = requireIndex(a, 2);
    checkGather(index, x.shape[axis]!, axis);
    return fresh(
      a.session,
      a.session.op('Gather', [x.value, reshapeValue(a.session, index.value, [index.numel])], { axis }),
      x.dtype,
    );
  }),
  row('take(input, index)', 'fm', a => {
    const x = a.tensor(0);
    const flat = reshapeValue(a.session, x.value, [x.numel]);
    return fresh(a.session, a.session.op('Gather', [flat, requireIndex(a, 1).value], { axis: 0 }), x.dtype);
  }),
  row('masked_select(input, mask)', 'fm', a => {
    const shape = broadcast(a.tensor(0).shape, a.tensor(1).shape);
    const spread = (t: Tensor) => fresh(a.session, expandValue(a.session, t.value, shape), t.dtype);
    return getItem(spread(a.tensor(0)), spread(a.tensor(1)));
  }),
  row('masked_scatter(input, mask, source)', 'fmi', a => {
    const x = a.tensor(0);
    if (a.tensor(1).dtype !== dtypes.bool)
      throw raise('RuntimeError', 'masked_scatter_ only supports boolean masks');
    if (a.tensor(2).dtype !== x.dtype)
      throw raise('RuntimeError', 'masked_scatter: expected self and source to have same dtypes');
    if (!sameShape(broadcast(x.shape, a.tensor(1).shape), x.shape)) throw a.refuse('a mask of higher rank');
    const mask = fresh(a.session, expandValue(a.session, a.tensor(1).value, x.shape), dtypes.bool);
    return changed(x, copy => {
      const found = nonzero(mask);
      const n = found[0]?.length ?? 0;
      const flat = reshapeValue(a.session, a.tensor(2).value, [a.tensor(2).numel]);
      const values = a.session.op('Slice', [flat], { starts: [0], ends: [n], axes: [0], steps: [1] });
      putAt(
        copy,
        found.map(f => tensorFrom(a.session, dtypes.int64, [f.length], f)),
        values,
        false,
      );
    });
  }),
  row('scatter(input, dim, index, src, *, reduce=None)', 'fmi', a => {
    const mode = a.optionalString(4);
    if (mode !== undefined && mode !== 'add' && mode !== 'multiply') throw a.refuse(`reduce='${mode}'`);
    return scatter(a, mode === 'add' ? 'add' : mode === 'multiply' ? 'mul' : 'none');
  }),
  row('scatter_add(input, dim, index, src)', 'fmi', a => scatter(a, 'add')),
  row('index_add(input, dim, index, source, *, alpha=1)', 'fmi', a => {
    const x = a.tensor(0);
    a.only(4, 1);
    return changed(x, copy =>
      putAt(copy, sliceIndices(a, x).indices, operand(a.session, a.tensor(3), x.dtype), true),
    );
  }),
  row('index_copy(input, dim, index, source)', 'fmi', a => {
    const x = a.tensor(0);
    return changed(x, copy =>
      putAt(copy, sliceIndices(a, x).indices, operand(a.session, a.tensor(3), x.dtype), false),
    );
  }),
  row('index_fill(input, dim, index, value)', 'fmi', a => {
    const x = a.tensor(0);
    return changed(x, copy =>
      putAt(copy, sliceIndices(a, x).indices, fillOperand(a.session, a.value(3), x.dtype), false),
    );
  }),
  row('index_put(input, indices, values, accumulate=False)', 'fmi', a => {
    const x = a.tensor(0);
    const list = a.tensors(1);
    if (list.length === 0 || list.length > x.rank || list.some(t => t.dtype === dtypes.bool))
      throw a.refuse('these indices');
    const indices = x.shape.map((_, i) => (list[i] ? toInt64(list[i]) : undefined));
    return changed(x, copy => putAt(copy, indices, operand(a.session, a.tensor(2), x.dtype), a.bool(3)));
  }),
  row('select_scatter(input, src, dim, index)', 'fm', a => {
    const x = a.tensor(0);
    const axis = wrapAxis(a.int(2), x.rank);
    return changed(x, copy => copyInto(select(copy, axis, inRange(a.int(3), x.shape[axis]!)), a.tensor(1)));
  }),
];
