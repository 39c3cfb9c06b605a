import { numel } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import { PyList, PyTuple, sequenceItems, type Value } from '../interpreter/values.ts';
import { resultType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import {
  diagonal,
  expand,
  narrow,
  permute,
  select,
  squeeze,
  transpose,
  tryView,
  unfold,
  unsqueeze,
} from '../tensor/views.ts';
import { type Args, wrapAxis } from './args.ts';
import { broadcast, castTensor, fresh, reshapeValue, transposeValue } from './kit.ts';
import { also, type Row, row } from './row.ts';

/** A shape in which one size may be -1. */
export function inferShape(sizes: readonly number[], total: number): number[] {
  const unknown = sizes.indexOf(-1);
  const bad = () =>
    raise('RuntimeError', `shape '[${sizes.join(', ')}]' is invalid for input of size ${total}`);
  if (sizes.some(s => s < -1))
    throw raise('RuntimeError', `invalid shape dimension ${sizes.find(s => s < -1)}`);
  if (sizes.indexOf(-1, unknown + 1) > unknown && unknown >= 0)
    throw raise('RuntimeError', 'only one dimension can be inferred');
  if (unknown < 0) {
    if (numel(sizes) !== total) throw bad();
    return [...sizes];
  }
  const rest = numel(sizes.filter((_, i) => i !== unknown));
  if (rest === 0)
    throw raise(
      'RuntimeError',
      `cannot reshape tensor of 0 elements into shape [${sizes.join(', ')}] because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  if (total % rest !== 0) throw bad();
  return sizes.map((s, i) => (i === unknown ? total / rest : s));
}

/** A view where memory allows it, otherwise a copy. */
export function reshape(x: Tensor, sizes: readonly number[]): Tensor {
  const shape = inferShape(sizes, x.numel);
  return tryView(x, shape) ?? fresh(x.session, reshapeValue(x.session, x.value, shape), x.dtype);
}

function view(x: Tensor, sizes: readonly number[]): Tensor {
  const viewed = tryView(x, inferShape(sizes, x.numel));
  if (!viewed)
    throw raise(
      'RuntimeError',
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    );
  return viewed;
}

function flatten(x: Tensor, start: number, end: number): Tensor {
  if (x.rank === 0) return reshape(x, [1]);
  const [first, last] = [wrapAxis(start, x.rank), wrapAxis(end, x.rank)];
  if (first > last)
    throw raise('RuntimeError', 'flatten() has invalid args: start_dim cannot come after end_dim');
  if (first === last) return x;
  return reshape(x, [
    ...x.shape.slice(0, first),
    numel(x.shape.slice(first, last + 1)),
    ...x.shape.slice(last + 1),
  ]);
}

/** Tensors of one shape or dtype family joined along an axis. */
export function cat(a: Args, tensors: readonly Tensor[], dim: number): Tensor {
  if (tensors.length === 0) throw raise('RuntimeError', 'torch.cat(): expected a non-empty list of Tensors');
  const dtype = resultType(tensors.map(t => ({ dtype: t.dtype, rank: t.rank === 0 ? 'scalar' : 'tensor' })));
  // Empty vectors may stand beside tensors of any shape, for historical reasons.
  const full = tensors.filter(t => !(t.rank === 1 && t.shape[0] === 0));
  if (full.length === 0) return tensors[0]!;
  const first = full[0]!;
  if (full.some(t => t.rank === 0))
    throw raise('RuntimeError', 'zero-dimensional tensor (at position 0) cannot be concatenated');
  const axis = wrapAxis(dim, first.rank);
  full.forEach((t, i) => {
    if (t.rank !== first.rank)
      throw raise(
        'RuntimeError',
        `Tensors must have same number of dimensions: got ${first.rank} and ${t.rank}`,
      );
    t.shape.forEach((d, k) => {
      if (k !== axis && d !== first.shape[k])
        throw raise(
          'RuntimeError',
          `Sizes of tensors must match except in dimension ${axis}. Expected size ${first.shape[k]} but got size ${d} for tensor number ${i} in the list.`,
        );
    });
  });
  const values = full.map(t => castTensor(t, dtype));
  return fresh(a.session, values.length === 1 ? values[0]! : a.session.op('Concat', values, { axis }), dtype);
}

function stack(a: Args, tensors: readonly Tensor[], dim: number): Tensor {
  if (tensors.length === 0) throw raise('RuntimeError', 'stack expects a non-empty TensorList');
  const first = tensors[0]!;
  tensors.forEach((t, i) => {
    if (t.shape.join() !== first.shape.join())
      throw raise(
        'RuntimeError',
        `stack expects each tensor to be equal size, but got [${first.shape.join(', ')}] at entry 0 and [${t.shape.join(', ')}] at entry ${i}`,
      );
  });
  const axis = wrapAxis(dim, first.rank + 1);
  return cat(
    a,
    tensors.map(t => unsqueeze(t, axis)),
    axis,
  );
}

/** Pieces of given lengths along an axis, as views. */
export function splitBy(x: Tensor, lengths: readonly number[], axis: number): Tensor[] {
  let at = 0;
  return lengths.map(length => {
    at += length;
    return narrow(x, axis, at - length, at);
  });
}

function evenLengths(total: number, size: number): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < total; at += size) lengths.push(Math.min(size, total - at));
  return lengths.length === 0 ? [0] : lengths;
}

function split(a: Args): Value {
  const x = a.tensor(0);
  if (x.rank === 0) throw raise('RuntimeError', 'split expects at least a 1-dimensional tensor');
  const axis = a.axis(2, x.rank);
  const total = x.shape[axis]!;
  const given = a.value(1);
  if (sequenceItems(given)) {
    const lengths = a.ints(1);
    if (lengths.reduce((p, q) => p + q, 0) !== total)
      throw raise(
        'RuntimeError',
        `split_with_sizes expects split_sizes to sum exactly to ${total} (input tensor's size at dimension ${axis}), but got split_sizes=[${lengths.join(', ')}]`,
      );
    return new PyTuple(splitBy(x, lengths, axis));
  }
  const size = a.int(1);
  if (size < 0 || (size === 0 && total !== 0))
    throw raise(
      'RuntimeError',
      `split_size can only be 0 if dimension size is 0, but got dimension size of ${total}`,
    );
  return new PyTuple(splitBy(x, size === 0 ? [0] : evenLengths(total, size), axis));
}

/** The permutation that brings axes `from` to the places `to`. */
function moved(rank: number, from: readonly number[], to: readonly number[]): number[] {
  const perm = new Array<number>(rank).fill(-1);
  from.forEach((f, i) => {
    perm[to[i]!] = f;
  });
  const rest = Array.from({ length: rank }, (_, i) => i).filter(i => !from.includes(i));
  return perm.map(p => (p === -1 ? rest.shift()! : p));
}

function flip(x: Tensor, axes: readonly number[]): Tensor {
  let value = x.value;
  if (x.rank === 0) return fresh(x.session, value, x.dtype);
  for (const axis of axes) {
    const n = x.shape[axis]!;
    const table = Array.from({ length: n }, (_, i) => n - 1 - i);
    value = x.session.op('Gather', [value, x.session.graph.ints(table)], { axis });
  }
  return fresh(x.session, value, x.dtype);
}

function roll(a: Args): Tensor {
  const x = a.tensor(0);
  const shifts = a.ints(1);
  const flat = !a.given(2);
  let value = flat ? reshapeValue(a.session, x.value, [x.numel]) : x.value;
  const axes = flat ? [0] : a.ints(2).map(d => wrapAxis(d, x.rank));
  if (x.rank === 0) return x;
  if (axes.length !== shifts.length)
    throw raise(
      'RuntimeError',
      `shifts and dimensions must align. shifts: ${shifts.length}, dims:${flat ? 0 : axes.length}`,
    );
  axes.forEach((axis, i) => {
    const n = value.shape[axis]!;
    if (n === 0) return;
    const table = Array.from({ length: n }, (_, k) => (((k - shifts[i]!) % n) + n) % n);
    value = a.session.op('Gather', [value, a.session.graph.ints(table)], { axis });
  });
  return fresh(a.session, reshapeValue(a.session, value, x.shape), x.dtype);
}

/** Repeats the whole tensor: [a, b, …] copies along each axis. */
function repeat(x: Tensor, counts: readonly number[]): Tensor {
  const { session } = x;
  if (counts.length < x.rank)
    throw raise(
      'RuntimeError',
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
  const own = [...new Array<number>(counts.length - x.rank).fill(1), ...x.shape];
  const spread = own.flatMap((d, i) => [counts[i]!, d]);
  session.checkSize(spread);
  const lifted = reshapeValue(
    session,
    x.value,
    own.flatMap(d => [1, d]),
  );
  const value = session.op('Expand', [lifted], { shape: spread });
  return fresh(
    session,
    reshapeValue(
      session,
      value,
      own.map((d, i) => d * counts[i]!),
    ),
    x.dtype,
  );
}

function repeatInterleave(a: Args): Tensor {
  const { session } = a;
  let x = a.tensor(0);
  if (!a.given(2)) x = reshape(x, [-1]);
  const axis = a.given(2) ? a.axis(2, x.rank) : 0;
  const n = x.shape[axis] ?? 1;
  const given = a.value(1);
  const counts = given instanceof Tensor ? Array.from(given.numbers()) : [a.int(1)];
  if (counts.some(c => c < 0)) throw raise('RuntimeError', 'repeats can not be negative');
  if (counts.length === 1) {
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    const spread = [...before, n, counts[0]!, ...after];
    session.checkSize(spread);
    const column = reshapeValue(session, x.value, [...before, n, 1, ...after]);
    const value = session.op('Expand', [column], { shape: spread });
    return fresh(session, reshapeValue(session, value, [...before, n * counts[0]!, ...after]), x.dtype);
  }
  if (counts.length !== n) throw raise('RuntimeError', 'repeats must have the same size as input along dim');
  session.checkSize([counts.reduce((s, c) => s + c, 0)]);
  const table = counts.flatMap((c, i) => new Array<number>(c).fill(i));
  const value = session.op('Gather', [x.value, session.graph.ints(table)], { axis });
  return fresh(session, value, x.dtype);
}

/** A copy in row-major memory. */
export function contiguous(x: Tensor): Tensor {
  return x.contiguous ? x : fresh(x.session, x.value, x.dtype);
}

/** Replaces a tensor's own shape by that of a view of it (`unsqueeze_`, `t_`). */
function becomes(x: Tensor, viewed: Tensor): Tensor {
  x.shape = viewed.shape;
  x.strides = viewed.strides;
  x.offset = viewed.offset;
  x.view = viewed.view;
  x.region = viewed.region;
  return x;
}

function squeezeAxes(a: Args, x: Tensor): number[] {
  if (!a.given(1)) return x.shape.map((_, i) => i);
  return a.ints(1).map(d => wrapAxis(d, x.rank));
}

function tensorSplit(a: Args): Value {
  const x = a.tensor(0);
  const axis = a.axis(2, x.rank);
  const total = x.shape[axis]!;
  if (sequenceItems(a.value(1))) {
    const cuts = a.ints(1).map(c => Math.min(Math.max(c < 0 ? c + total : c, 0), total));
    return new PyTuple(
      [0, ...cuts].map((start, i) => narrow(x, axis, start, Math.max(start, cuts[i] ?? total))),
    );
  }
  const n = a.int(1);
  if (n <= 0) throw raise('RuntimeError', `number of sections must be larger than 0, got ${n}`);
  a.session.checkSize([n]);
  const lengths = Array.from({ length: n }, (_, i) => Math.floor(total / n) + (i < total % n ? 1 : 0));
  return new PyTuple(splitBy(x, lengths, axis));
}

export const shapeRows: readonly Row[] = [
  row('view(input, *shape)', 'm', a => {
    const only = a.value(1);
    const first = only instanceof PyTuple ? only.items[0] : undefined;
    if (first !== undefined && first instanceof Object && 'legacy' in first) throw a.refuse('dtype');
    return view(a.tensor(0), a.sizes(1));
  }),
  row('view_as(input, other)', 'm', a => view(a.tensor(0), a.tensor(1).shape)),
  row('reshape(input, *shape)', 'm', a => reshape(a.tensor(0), a.sizes(1))),
  row('reshape(input, shape)', 'f', a => reshape(a.tensor(0), a.ints(1))),
  row('reshape_as(input, other)', 'm', a => reshape(a.tensor(0), a.tensor(1).shape)),
  row('flatten(input, start_dim=0, end_dim=-1)', 'fm', a => flatten(a.tensor(0), a.int(1), a.int(2))),
  row('ravel(input)', 'fm', a => reshape(contiguous(a.tensor(0)), [-1])),
  row('unflatten(input, dim, sizes)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(1, x.rank);
    const sizes = inferShape(a.ints(2), x.shape[axis]!);
    return reshape(x, [...x.shape.slice(0, axis), ...sizes, ...x.shape.slice(axis + 1)]);
  }),
  row('permute(input, *dims)', 'fm', a => {
    const x = a.tensor(0);
    const perm = a.sizes(1).map(d => wrapAxis(d, x.rank));
    if (perm.length !== x.rank)
      throw raise(
        'RuntimeError',
        `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${x.rank} is not equal to len(dims) = ${perm.length}`,
      );
    if (new Set(perm).size !== perm.length)
      throw raise('RuntimeError', 'permute(): duplicate dims are not allowed.');
    return permute(x, perm);
  }),
  ...also(
    row('transpose(input, dim0, dim1)', 'fm', a => {
      const x = a.tensor(0);
      return transpose(x, a.axis(1, x.rank), a.axis(2, x.rank));
    }),
    'swapaxes',
    'swapdims',
  ),
  row('transpose_(input, dim0, dim1)', 'm', a => {
    const x = a.tensor(0);
    return becomes(x, transpose(x, a.axis(1, x.rank), a.axis(2, x.rank)));
  }),
  row('t(input)', 'fm', a => {
    const x = a.tensor(0);
    if (x.rank > 2)
      throw raise('RuntimeError', `t() expects a tensor with <= 2 dimensions, but self is ${x.rank}D`);
    return x.rank < 2 ? x.alias() : transpose(x, 0, 1);
  }),
  row('t_(input)', 'm', a => {
    const x = a.tensor(0);
    if (x.rank > 2)
      throw raise('RuntimeError', `t_() expects a tensor with <= 2 dimensions, but self is ${x.rank}D`);
    return x.rank < 2 ? x : becomes(x, transpose(x, 0, 1));
  }),
  row('adjoint(input)', 'fm', a => transpose(a.tensor(0), a.tensor(0).rank - 2, a.tensor(0).rank - 1)),
  ...also(
    row('movedim(input, source, destination)', 'fm', a => {
      const x = a.tensor(0);
      const wrap = (list: number[]) => list.map(d => wrapAxis(d, x.rank));
      return permute(x, moved(x.rank, wrap(a.ints(1)), wrap(a.ints(2))));
    }),
    'moveaxis',
  ),
  row('squeeze(input, dim=None)', 'fm', a => squeeze(a.tensor(0), squeezeAxes(a, a.tensor(0)))),
  row('squeeze_(input, dim=None)', 'm', a =>
    becomes(a.tensor(0), squeeze(a.tensor(0), squeezeAxes(a, a.tensor(0)))),
  ),
  row('unsqueeze(input, dim)', 'fm', a => unsqueeze(a.tensor(0), a.axis(1, a.tensor(0).rank + 1))),
  row('unsqueeze_(input, dim)', 'm', a =>
    becomes(a.tensor(0), unsqueeze(a.tensor(0), a.axis(1, a.tensor(0).rank + 1))),
  ),
  row('expand(input, *sizes)', 'm', a => expand(a.tensor(0), a.sizes(1))),
  row('expand_as(input, other)', 'm', a => expand(a.tensor(0), a.tensor(1).shape)),
  row('broadcast_to(input, size)', 'fm', a => expand(a.tensor(0), a.ints(1))),
  row('broadcast_tensors(*tensors)', 'f', a => {
    const list = a.starTensors(0);
    const shape = list.map(t => t.shape).reduce((p, q) => broadcast(p, q));
    return new PyTuple(list.map(t => expand(t, shape)));
  }),
  row('repeat(input, *sizes)', 'm', a => repeat(a.tensor(0), a.sizes(1))),
  row('tile(input, *dims)', 'fm', a => {
    const counts = a.sizes(1);
    return repeat(a.tensor(0), [
      ...new Array<number>(Math.max(0, a.tensor(0).rank - counts.length)).fill(1),
      ...counts,
    ]);
  }),
  row('repeat_interleave(input, repeats, dim=None, *, output_size=None)', 'fm', repeatInterleave),
  ...also(
    row('cat(tensors, dim=0)', 'f', a => cat(a, a.tensors(0), a.int(1))),
    'concat',
    'concatenate',
  ),
  row('stack(tensors, dim=0)', 'f', a => stack(a, a.tensors(0), a.int(1))),
  row('hstack(tensors)', 'f', a => {
    const list = a.tensors(0).map(t => (t.rank === 0 ? reshape(t, [1]) : t));
    return cat(a, list, list[0]?.rank === 1 ? 0 : 1);
  }),
  row('vstack(tensors)', 'f', a =>
    cat(
      a,
      a.tensors(0).map(t => (t.rank < 2 ? reshape(t, [1, -1]) : t)),
      0,
    ),
  ),
  ...also(row('split(input, split_size_or_sections, dim=0)', 'f', split), 'split_with_sizes'),
  ...also(row('split(input, split_size, dim=0)', 'm', split), 'split_with_sizes'),
  row('chunk(input, chunks, dim=0)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(2, x.rank);
    if (a.int(1) <= 0)
      throw raise('RuntimeError', `chunk expects \`chunks\` to be greater than 0, got: ${a.int(1)}`);
    const total = x.shape[axis]!;
    return new PyTuple(splitBy(x, evenLengths(total, Math.max(1, Math.ceil(total / a.int(1)))), axis));
  }),
  row('tensor_split(input, indices_or_sections, dim=0)', 'fm', tensorSplit),
  row('unbind(input, dim=0)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(1, x.rank);
    return new PyTuple(Array.from({ length: x.shape[axis]! }, (_, i) => select(x, axis, i)));
  }),
  row('select(input, dim, index)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(1, x.rank);
    return select(x, axis, inRange(a.int(2), x.shape[axis]!));
  }),
  row('narrow(input, dim, start, length)', 'fm', a => {
    const x = a.tensor(0);
    const axis = a.axis(1, x.rank);
    const [start, length] = [a.int(2), a.int(3)];
    const first = start < 0 ? start + x.shape[axis]! : start;
    if (first < 0 || length < 0 || first + length > x.shape[axis]!)
      throw raise(
        'RuntimeError',
        `start (${start}) + length (${length}) exceeds dimension size (${x.shape[axis]}).`,
      );
    return narrow(x, axis, first, first + length);
  }),
  row('diagonal(input, offset=0, dim1=0, dim2=1)', 'fm', a => {
    const x = a.tensor(0);
    const [p, q] = [a.axis(2, x.rank), a.axis(3, x.rank)];
    if (p === q) throw raise('RuntimeError', `diagonal dimensions cannot be identical ${p}, ${q}`);
    return diagonal(x, a.int(1), p, q);
  }),
  row('unfold(input, dimension, size, step)', 'm', a => {
    const x = a.tensor(0);
    return unfold(x, a.axis(1, x.rank), a.int(2), a.int(3));
  }),
  row('flip(input, *dims)', 'fm', a =>
    flip(
      a.tensor(0),
      a.sizes(1).map(d => wrapAxis(d, a.tensor(0).rank)),
    ),
  ),
  row('fliplr(input)', 'fm', a => flip(a.tensor(0), [1])),
  row('flipud(input)', 'fm', a => flip(a.tensor(0), [0])),
  row('roll(input, shifts, dims=None)', 'fm', roll),
  row('rot90(input, k=1, dims=(0, 1))', 'fm', a => {
    const x = a.tensor(0);
    const [p, q] = a.ints(2).map(d => wrapAxis(d, x.rank)) as [number, number];
    if (q === undefined || p === q) throw raise('RuntimeError', 'expected total rotation dims == 2');
    const turns = ((a.int(1) % 4) + 4) % 4;
    const swap = (t: Tensor) => {
      const perm = t.shape.map((_, i) => (i === p ? q : i === q ? p : i));
      return fresh(t.session, transposeValue(t.session, t.value, perm), t.dtype);
    };
    if (turns === 1) return swap(flip(x, [q]));
    if (turns === 2) return flip(x, [p, q]);
    return turns === 3 ? flip(swap(x), [q]) : fresh(a.session, x.value, x.dtype);
  }),
  row('contiguous(input, memory_format=None)', 'm', a => contiguous(a.tensor(0))),
  row('clone(input, *, memory_format=None)', 'fm', a => {
    const x = a.tensor(0);
    return Tensor.of(a.session, x.value, x.dtype, x.contiguous ? undefined : denseLayout(x));
  }),
  row('__deepcopy__(input, memo)', 'm', a => {
    const x = a.tensor(0);
    const copy = Tensor.of(a.session, x.value, x.dtype, x.contiguous ? undefined : denseLayout(x));
    copy.isParameter = x.isParameter;
    copy.requiresGrad = x.requiresGrad;
    return copy;
  }),
  row('detach(input)', 'fm', a => a.tensor(0).alias()),
  row('detach_(input)', 'm', a => a.tensor(0)),
  ...[1, 2, 3].map(n =>
    row(`atleast_${n}d(input)`, 'f', a => {
      const x = a.tensor(0);
      if (x.rank >= n) return x;
      if (n < 3 || x.rank === 0) return reshape(x, [...new Array<number>(n - x.rank).fill(1), ...x.shape]);
      return reshape(x, x.rank === 1 ? [1, x.shape[0]!, 1] : [...x.shape, 1]);
    }),
  ),
  row('meshgrid(*tensors, indexing=None)', 'f', a => {
    const list = a.starTensors(0);
    const mode = a.optionalString(1) ?? 'ij';
    if (mode !== 'ij' && mode !== 'xy')
      throw raise(
        'RuntimeError',
        `torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${mode}`,
      );
    const swap = mode === 'xy' && list.length >= 2;
    const ordered = swap ? [list[1]!, list[0]!, ...list.slice(2)] : list;
    const shape = ordered.map(t => t.numel);
    const grids = ordered.map((t, i) => {
      const line = reshape(
        t,
        shape.map((_, k) => (k === i ? -1 : 1)),
      );
      return expand(line, shape);
    });
    return new PyTuple(swap ? [grids[1]!, grids[0]!, ...grids.slice(2)] : grids);
  }),
  row('block_diag(*tensors)', 'f', a => {
    const list = a.starTensors(0).map(t => reshape(t, t.rank === 2 ? t.shape : [1, t.numel]));
    const columns = list.reduce((n, t) => n + t.shape[1]!, 0);
    let at = 0;
    const rows = list.map(t => {
      const pads = [0, at, 0, columns - at - t.shape[1]!];
      at += t.shape[1]!;
      return fresh(a.session, a.session.op('Pad', [t.value], { pads, mode: 'constant', value: 0 }), t.dtype);
    });
    return cat(a, rows, 0);
  }),
  row('cartesian_prod(*tensors)', 'f', a => {
    const list = a.starTensors(0);
    if (list.length === 1) return list[0]!;
    const shape = list.map(t => t.numel);
    const parts = list.map((t, i) =>
      reshape(
        expand(
          reshape(
            t,
            shape.map((_, k) => (k === i ? -1 : 1)),
          ),
          shape,
        ),
        [-1],
      ),
    );
    return stack(a, parts, 1);
  }),
  row('tolist(input)', 'm', a => toList(a.tensor(0))),
  row('is_contiguous(input, memory_format=None)', 'm', a => a.tensor(0).contiguous),
];

/** The strides that torch gives a copy which preserves the layout of a dense tensor. */
function denseLayout(x: Tensor): readonly number[] | undefined {
  const order = x.shape.map((_, i) => i).filter(i => x.shape[i] !== 1);
  order.sort((p, q) => x.strides[p]! - x.strides[q]!);
  let step = 1;
  for (const axis of order) {
    if (x.strides[axis] !== step) return undefined;
    step *= x.shape[axis]!;
  }
  return x.strides;
}

/** An index from the front. @throws IndexError */
export function inRange(index: number, size: number): number {
  if (index < -size || index >= size)
    throw raise('IndexError', `index ${index} is out of bounds for dimension 0 with size ${size}`);
  return index < 0 ? index + size : index;
}

/** Nested lists of Python numbers. */
function toList(x: Tensor): Value {
  x.session.checkItems(x.numel);
  const numbers = x.numbers();
  let at = 0;
  const build = (axis: number): Value => {
    if (axis === x.rank) return x.python(numbers[at++]!);
    return new PyList(Array.from({ length: x.shape[axis]! }, () => build(axis + 1)));
  };
  return build(0);
}
