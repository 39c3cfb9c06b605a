import type { GraphValue } from '../graph/graph.ts';
import { numel } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import { sequenceItems, type Value } from '../interpreter/values.ts';
import { promoteTypes } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { diagonal } from '../tensor/views.ts';
import { type Args, wrapAxis } from './args.ts';
import { broadcast, castTo, commonDType, fresh, operand, reshapeValue, transposeValue } from './kit.ts';
import { add, mul } from './pointwise.ts';
import { reduceValue, sum } from './reduction.ts';
import { type Row, row } from './row.ts';

function requireOneDType(x: Tensor, y: Tensor, name: string): void {
  if (x.dtype !== y.dtype)
    throw raise(
      'RuntimeError',
      `expected m1 and m2 to have the same dtype, but got: ${x.dtype.name} != ${y.dtype.name} (${name})`,
    );
}

/** Matrix product of graph values; integers go through doubles' exact range in the kernels. */
function product(x: Tensor, a: GraphValue, b: GraphValue): GraphValue {
  const { session } = x;
  if (x.dtype.element === 'bool')
    throw raise('RuntimeError', '"addmm_impl_cpu_" not implemented for \'Bool\'');
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  session.checkSize([...batch, a.shape[a.shape.length - 2]!, b.shape[b.shape.length - 1]!]);
  return session.op('MatMul', [a, b]);
}

/** As `torch.matmul`: vectors, matrices, batches. */
export function matmul(x: Tensor, y: Tensor): Tensor {
  const { session } = x;
  if (x.rank === 0 || y.rank === 0)
    throw raise(
      'RuntimeError',
      `both arguments to matmul need to be at least 1D, but they are ${x.rank}D and ${y.rank}D`,
    );
  requireOneDType(x, y, 'matmul');
  const left = x.rank === 1 ? reshapeValue(session, x.value, [1, x.shape[0]!]) : x.value;
  const right = y.rank === 1 ? reshapeValue(session, y.value, [y.shape[0]!, 1]) : y.value;
  const [k, k2] = [left.shape[left.shape.length - 1], right.shape[right.shape.length - 2]];
  if (k !== k2) {
    if (x.rank === 1 && y.rank === 1)
      throw raise(
        'RuntimeError',
        `inconsistent tensor size, expected tensor [${x.shape}] and src [${y.shape}] to have the same number of elements, but got ${k} and ${k2} elements respectively`,
      );
    throw raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${numel(left.shape.slice(0, -1))}x${k} and ${k2}x${right.shape[right.shape.length - 1]})`,
    );
  }
  const value = product(x, left, right);
  let shape = [...value.shape];
  if (y.rank === 1) shape = shape.slice(0, -1);
  if (x.rank === 1) shape.splice(shape.length - (y.rank === 1 ? 1 : 2), 1);
  return fresh(session, reshapeValue(session, value, shape), x.dtype);
}

function matrices(a: Args, i: number, rank: number): [Tensor, Tensor] {
  const [x, y] = [a.tensor(i), a.tensor(i + 1)];
  if (x.rank !== rank || y.rank !== rank)
    throw raise('RuntimeError', rank === 2 ? 'self must be a matrix' : `batch1 must be a ${rank}D tensor`);
  return [x, y];
}

/** One operand of an einsum: a value and the label of each of its axes. */
interface Labelled {
  readonly value: GraphValue;
  readonly labels: readonly string[];
}

/**
 * `torch.einsum` as transposes, products and matrix products, operands taken from left to right. Ellipsis axes become
 * labels of their own, counted from the right.
 */
export function einsum(a: Args, equation: string, tensors: readonly Tensor[]): Tensor {
  const { session } = a;
  const text = equation.replaceAll(' ', '');
  const [left, right] = text.split('->') as [string, string | undefined];
  const terms = left.split(',');
  if (terms.length !== tensors.length)
    throw raise(
      'RuntimeError',
      `einsum(): the number of subscripts in the equation (${terms.length}) does not match the number of operands (${tensors.length})`,
    );
  const dtype = tensors.map(t => t.dtype).reduce(promoteTypes);
  tensors.forEach(t => {
    if (t.dtype !== dtype) throw raise('RuntimeError', 'einsum(): operands do not have the same dtype');
  });
  const sizes = new Map<string, number>();
  let ellipsisRank = 0;
  const operands = tensors.map((t, i): Labelled => {
    const term = terms[i]!;
    const named = term.replace('...', '');
    const extra = term.includes('...') ? t.rank - named.length : 0;
    if (extra < 0 || (!term.includes('...') && named.length !== t.rank))
      throw raise(
        'RuntimeError',
        `einsum(): the number of subscripts in the equation (${named.length}) does not match the number of dimensions (${t.rank}) for operand ${i} and no ellipsis was given`,
      );
    ellipsisRank = Math.max(ellipsisRank, extra);
    const dots = Array.from({ length: extra }, (_, k) => `.${extra - k}`);
    const labels = term.includes('...')
      ? [...term.slice(0, term.indexOf('...')), ...dots, ...term.slice(term.indexOf('...') + 3)]
      : [...term];
    return takeDiagonals(a, { value: t.value, labels });
  });
  for (const { value, labels } of operands)
    labels.forEach((label, axis) => {
      const d = value.shape[axis]!;
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && d !== 1 && known !== d)
        throw raise(
          'RuntimeError',
          `einsum(): operands do not broadcast with remapped shapes: label ${label} has sizes ${known} and ${d}`,
        );
      sizes.set(label, Math.max(known, d));
    });
  const dots = Array.from({ length: ellipsisRank }, (_, k) => `.${ellipsisRank - k}`);
  const output =
    right === undefined
      ? implicitOutput(terms, dots)
      : right.includes('...')
        ? [...right.slice(0, right.indexOf('...')), ...dots, ...right.slice(right.indexOf('...') + 3)]
        : [...right];
  for (const label of output)
    if (!sizes.has(label))
      throw raise(
        'RuntimeError',
        `einsum(): output subscript ${label} does not appear in the equation for any input operand`,
      );
  let current = operands[0]!;
  for (let i = 1; i < operands.length; i++) {
    const later = new Set([...output, ...operands.slice(i + 1).flatMap(o => o.labels)]);
    current = contract(a, current, operands[i]!, later, dtype.element === 'bool');
  }
  const gone = current.labels.flatMap((l, i) => (output.includes(l) ? [] : [i]));
  const summed = reduceValue(session, 'ReduceSum', current.value, gone, false);
  const kept = current.labels.filter(l => output.includes(l));
  const value = transposeValue(
    session,
    summed,
    output.map(l => kept.indexOf(l)),
  );
  return fresh(session, value, dtype);
}

function implicitOutput(terms: readonly string[], dots: readonly string[]): string[] {
  const letters = [...terms.join('').replaceAll('.', '')];
  const once = letters.filter(l => letters.indexOf(l) === letters.lastIndexOf(l)).sort();
  return [...dots, ...once];
}

/** A label that stands twice in one operand keeps the diagonal. */
function takeDiagonals(a: Args, operand: Labelled): Labelled {
  let { value, labels } = operand;
  for (;;) {
    const second = labels.findIndex((l, i) => labels.indexOf(l) < i);
    if (second < 0) return { value, labels };
    const first = labels.indexOf(labels[second]!);
    const n = value.shape[first]!;
    const others = labels.map((_, i) => i).filter(i => i !== first && i !== second);
    const moved = transposeValue(a.session, value, [...others, first, second]);
    const flat = reshapeValue(a.session, moved, [...others.map(i => value.shape[i]!), n * n]);
    const table = Array.from({ length: n }, (_, i) => i * (n + 1));
    const label = labels[first]!;
    value = a.session.op('Gather', [flat, a.session.graph.ints(table)], { axis: others.length });
    labels = [...others.map(i => labels[i]!), label];
  }
}

/** Contracts two operands over the labels that nothing later needs. */
function contract(a: Args, x: Labelled, y: Labelled, later: ReadonlySet<string>, _bool: boolean): Labelled {
  const { session } = a;
  const alone = (o: Labelled, other: Labelled): Labelled => {
    const gone = o.labels.flatMap((l, i) => (!later.has(l) && !other.labels.includes(l) ? [i] : []));
    return {
      value: reduceValue(session, 'ReduceSum', o.value, gone, false),
      labels: o.labels.filter((_, i) => !gone.includes(i)),
    };
  };
  const [p, q] = [alone(x, y), alone(y, x)];
  const size = (o: Labelled, l: string) => o.value.shape[o.labels.indexOf(l)]!;
  const shared = p.labels.filter(l => q.labels.includes(l));
  // A label of length 1 on one side only broadcasts; it cannot be summed by a matrix product.
  const summed = shared.filter(l => !later.has(l) && size(p, l) === size(q, l));
  const odd = shared.filter(l => !later.has(l) && size(p, l) !== size(q, l));
  const batch = shared.filter(l => later.has(l));
  const rows = p.labels.filter(l => !q.labels.includes(l));
  const columns = q.labels.filter(l => !p.labels.includes(l));
  if (summed.length === 0 || odd.length > 0) {
    // No sum: an element-wise product over all labels.
    const labels = [...batch, ...rows, ...columns, ...summed, ...odd];
    const spread = (o: Labelled) => {
      const own = labels.filter(l => o.labels.includes(l));
      const moved = transposeValue(
        session,
        o.value,
        own.map(l => o.labels.indexOf(l)),
      );
      return reshapeValue(
        session,
        moved,
        labels.map(l => (o.labels.includes(l) ? size(o, l) : 1)),
      );
    };
    const value = session.op('Mul', [spread(p), spread(q)]);
    const gone = labels.flatMap((l, i) => (summed.includes(l) || odd.includes(l) ? [i] : []));
    return {
      value: reduceValue(session, 'ReduceSum', value, gone, false),
      labels: labels.filter((_, i) => !gone.includes(i)),
    };
  }
  const arrange = (o: Labelled, order: readonly string[], groups: readonly (readonly string[])[]) => {
    const moved = transposeValue(
      session,
      o.value,
      order.map(l => o.labels.indexOf(l)),
    );
    const sizes = [...batch.map(l => size(o, l)), ...groups.map(g => numel(g.map(l => size(o, l))))];
    return reshapeValue(session, moved, sizes);
  };
  const left = arrange(p, [...batch, ...rows, ...summed], [rows, summed]);
  const right = arrange(q, [...batch, ...summed, ...columns], [summed, columns]);
  const value = session.op('MatMul', [left, right]);
  const shape = [
    ...batch.map(l => Math.max(size(p, l), size(q, l))),
    ...rows.map(l => size(p, l)),
    ...columns.map(l => size(q, l)),
  ];
  return { value: reshapeValue(session, value, shape), labels: [...batch, ...rows, ...columns] };
}

function einsumRow(a: Args): Value {
  const given = a.items(1);
  const only = given.length === 1 ? sequenceItems(given[0]!) : undefined;
  const tensors = (only ?? given) as Tensor[];
  if (typeof a.value(0) !== 'string' || !tensors.every(t => t instanceof Tensor))
    throw a.refuse('sublist format');
  return einsum(a, a.string(0), tensors);
}

function scaledSum(a: Args, product: Tensor): Tensor {
  const { session } = a;
  const base = a.number(3) === 1 ? a.tensor(0) : mul(session, a.tensor(0), a.value(3));
  return add(session, base, a.number(4) === 1 ? product : mul(session, product, a.value(4)));
}

export const linalgRows: readonly Row[] = [
  row('matmul(input, other)', 'fm', a => matmul(a.tensor(0), a.tensor(1))),
  row('mm(input, mat2)', 'fm', a => matmul(...matrices(a, 0, 2))),
  row('bmm(input, mat2)', 'fm', a => {
    const [x, y] = matrices(a, 0, 3);
    if (x.shape[0] !== y.shape[0] || x.shape[2] !== y.shape[1])
      throw raise(
        'RuntimeError',
        `Expected size for first two dimensions of batch2 tensor to be: [${x.shape[0]}, ${x.shape[2]}] but got: [${y.shape[0]}, ${y.shape[1]}].`,
      );
    return matmul(x, y);
  }),
  row('mv(input, vec)', 'fm', a => {
    if (a.tensor(0).rank !== 2 || a.tensor(1).rank !== 1)
      throw raise(
        'RuntimeError',
        `vector + matrix @ vector expected, got ${a.tensor(0).rank}, ${a.tensor(1).rank}`,
      );
    return matmul(a.tensor(0), a.tensor(1));
  }),
  ...['dot', 'inner'].map(name =>
    row(`${name}(input, other)`, 'fm', a => {
      const [x, y] = [a.tensor(0), a.tensor(1)];
      if (name === 'inner' && (x.rank > 1 || y.rank > 1)) throw a.refuse('matrices');
      return x.rank === 0 || y.rank === 0 ? mul(a.session, x, y) : matmul(x, y);
    }),
  ),
  ...['outer', 'ger'].map(name =>
    row(`${name}(input, vec2)`, 'fm', a => {
      const [x, y] = [a.tensor(0), a.tensor(1)];
      const column = fresh(a.session, reshapeValue(a.session, x.value, [x.numel, 1]), x.dtype);
      return mul(a.session, column, y);
    }),
  ),
  row('addmm(input, mat1, mat2, *, beta=1, alpha=1)', 'fmi', a => scaledSum(a, matmul(...matrices(a, 1, 2)))),
  row('baddbmm(input, batch1, batch2, *, beta=1, alpha=1)', 'fmi', a =>
    scaledSum(a, matmul(...matrices(a, 1, 3))),
  ),
  row('addbmm(input, batch1, batch2, *, beta=1, alpha=1)', 'fm', a => {
    const all = matmul(...matrices(a, 1, 3));
    return scaledSum(
      a,
      fresh(a.session, reduceValue(a.session, 'ReduceSum', all.value, [0], false), all.dtype),
    );
  }),
  row('addmv(input, mat, vec, *, beta=1, alpha=1)', 'fm', a =>
    scaledSum(a, matmul(a.tensor(1), a.tensor(2))),
  ),
  row('einsum(equation, *operands)', 'f', einsumRow),
  row('tensordot(a, b, dims=2)', 'f', a => {
    const [x, y] = [a.tensor(0), a.tensor(1)];
    const given = sequenceItems(a.value(2));
    let [from, to]: [number[], number[]] = [[], []];
    if (given) {
      const axes = (v: Value | undefined, rank: number) =>
        (v === undefined ? [] : (sequenceItems(v) ?? [v])).map(axis => {
          if (typeof axis !== 'number') throw raise('TypeError', 'tensordot expects dims to be ints');
          return wrapAxis(axis, rank);
        });
      [from, to] = [axes(given[0], x.rank), axes(given[1], y.rank)];
    } else {
      const n = a.int(2);
      if (n < 0) throw raise('RuntimeError', `tensordot expects dims >= 0, but got dims=${n}`);
      if (n > Math.min(x.rank, y.rank))
        throw raise(
          'IndexError',
          `tensordot contracts ${n} dimensions of tensors of rank ${x.rank} and ${y.rank}`,
        );
      from = Array.from({ length: n }, (_, i) => x.rank - n + i);
      to = Array.from({ length: n }, (_, i) => i);
    }
    if (from.some((f, i) => f < 0 || x.shape[f] !== y.shape[to[i]!]) || from.length !== to.length)
      throw raise('RuntimeError', 'contracted dimensions need to match');
    requireOneDType(x, y, 'tensordot');
    const keepX = x.shape.map((_, i) => i).filter(i => !from.includes(i));
    const keepY = y.shape.map((_, i) => i).filter(i => !to.includes(i));
    const k = numel(from.map(i => x.shape[i]!));
    const left = reshapeValue(a.session, transposeValue(a.session, x.value, [...keepX, ...from]), [
      numel(keepX.map(i => x.shape[i]!)),
      k,
    ]);
    const right = reshapeValue(a.session, transposeValue(a.session, y.value, [...to, ...keepY]), [
      k,
      numel(keepY.map(i => y.shape[i]!)),
    ]);
    const shape = [...keepX.map(i => x.shape[i]!), ...keepY.map(i => y.shape[i]!)];
    return fresh(a.session, reshapeValue(a.session, a.session.op('MatMul', [left, right]), shape), x.dtype);
  }),
  row('trace(input)', 'fm', a => {
    if (a.tensor(0).rank !== 2) throw raise('RuntimeError', 'trace: expected a matrix');
    const line = diagonal(a.tensor(0), 0, 0, 1);
    return sum(line, [0], false);
  }),
  row('diag(input, diagonal=0)', 'fm', a => {
    const x = a.tensor(0);
    if (x.rank === 2) {
      const line = diagonal(x, a.int(1), 0, 1);
      return fresh(a.session, line.value, x.dtype);
    }
    return diagonalMatrix(a, x, a.int(1));
  }),
  row('diag_embed(input, offset=0, dim1=-2, dim2=-1)', 'fm', a => {
    a.only(2, -2);
    a.only(3, -1);
    return diagonalMatrix(a, a.tensor(0), a.int(1));
  }),
  row('cross(input, other, dim=-1)', 'fm', a => {
    const [x, y] = [a.tensor(0), a.tensor(1)];
    const axis = a.axis(2, x.rank);
    if (x.shape[axis] !== 3)
      throw raise('RuntimeError', 'linalg.cross: inputs dimension must have length 3.');
    const turn = (v: GraphValue, by: number[]) =>
      a.session.op('Gather', [v, a.session.graph.ints(by)], { axis });
    if (x.rank !== y.rank)
      throw raise('RuntimeError', 'linalg.cross: inputs must have the same number of dimensions.');
    if (y.shape[axis] !== 3)
      throw raise('RuntimeError', 'linalg.cross: inputs dimension must have length 3.');
    const dtype = commonDType(a.session, x, y);
    const [p, q] = [operand(a.session, x, dtype), operand(a.session, y, dtype)];
    broadcast(p.shape, q.shape);
    if (dtype.element === 'bool') throw a.refuse('bool');
    const first = a.session.op('Mul', [turn(p, [1, 2, 0]), turn(q, [2, 0, 1])]);
    const second = a.session.op('Mul', [turn(p, [2, 0, 1]), turn(q, [1, 2, 0])]);
    return fresh(a.session, a.session.op('Sub', [first, second]), dtype);
  }),
  row('cdist(x1, x2, p=2.0, compute_mode=None)', 'f', a => {
    const [x, y] = [a.tensor(0), a.tensor(1)];
    if (a.number(2) !== 2) throw a.refuse('p');
    if (x.rank < 2 || y.rank < 2 || x.shape[x.rank - 1] !== y.shape[y.rank - 1])
      throw raise('RuntimeError', 'X1 and X2 must have the same number of columns.');
    if (!x.dtype.isFloating || x.dtype !== y.dtype) throw a.refuse('these dtypes');
    broadcast(x.shape.slice(0, -2), y.shape.slice(0, -2));
    const p = reshapeValue(a.session, x.value, [...x.shape.slice(0, -1), 1, x.shape[x.rank - 1]!]);
    const q = reshapeValue(a.session, y.value, [...y.shape.slice(0, -2), 1, ...y.shape.slice(-2)]);
    const gap = a.session.op('Sub', [p, q]);
    const total = reduceValue(
      a.session,
      'ReduceSum',
      a.session.op('Mul', [gap, gap]),
      [gap.shape.length - 1],
      false,
    );
    return fresh(a.session, a.session.op('Sqrt', [total]), x.dtype);
  }),
  row('kron(input, other)', 'fm', a => {
    const [x, y] = [a.tensor(0), a.tensor(1)];
    const rank = Math.max(x.rank, y.rank);
    const full = (t: Tensor) => [...new Array<number>(rank - t.rank).fill(1), ...t.shape];
    const [p, q] = [full(x), full(y)];
    const left = fresh(
      a.session,
      reshapeValue(
        a.session,
        x.value,
        p.flatMap(d => [d, 1]),
      ),
      x.dtype,
    );
    const right = fresh(
      a.session,
      reshapeValue(
        a.session,
        y.value,
        q.flatMap(d => [1, d]),
      ),
      y.dtype,
    );
    const both = mul(a.session, left, right);
    return fresh(
      a.session,
      reshapeValue(
        a.session,
        both.value,
        p.map((d, i) => d * q[i]!),
      ),
      both.dtype,
    );
  }),
];

/** Vectors along a diagonal of new matrices. */
function diagonalMatrix(a: Args, x: Tensor, offset: number): Tensor {
  if (x.rank === 0) throw raise('RuntimeError', `${a.name}: expected a tensor with at least one dimension`);
  const { session } = a;
  const n = x.shape[x.rank - 1]!;
  const size = n + Math.abs(offset);
  session.checkSize([size, size]);
  const zero = castTo(session, session.graph.scalar('int64', 0), x.dtype.element);
  const table = Array.from({ length: size * size }, (_, i) => {
    const [r, c] = [Math.floor(i / size), i % size];
    return c - r === offset ? Math.min(r, c) : n;
  });
  const padded = session.op(
    'Concat',
    [x.value, session.op('Expand', [zero], { shape: [...x.shape.slice(0, -1), 1] })],
    { axis: x.rank - 1 },
  );
  const picked = session.op('Gather', [padded, session.graph.numbers('int64', [size, size], table)], {
    axis: x.rank - 1,
  });
  return fresh(session, picked, x.dtype);
}
