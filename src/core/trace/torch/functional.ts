import type { GraphValue } from '../graph/graph.ts';
import { numel, sameShape } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import { sequenceItems } from '../interpreter/values.ts';
import { dtypes } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Args } from './args.ts';
import { castTensor, castTo, copyInto, fresh, reshapeValue, transposeValue } from './kit.ts';
import { add, mul } from './pointwise.ts';
import { reduceValue } from './reduction.ts';
import { type Row, row } from './row.ts';

/** x·Wᵀ + b over the last axis. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor {
  const { session } = x;
  const [n, k] = weight.rank === 1 ? [1, weight.shape[0]!] : (weight.shape as [number, number]);
  if (weight.rank === 0 || weight.rank > 2 || x.rank === 0)
    throw raise('RuntimeError', 'linear: the weight must be a matrix and the input a vector at least');
  const own = x.shape[x.rank - 1];
  const rows = numel(x.shape.slice(0, -1));
  if (own !== k)
    throw raise('RuntimeError', `mat1 and mat2 shapes cannot be multiplied (${rows}x${own} and ${k}x${n})`);
  if (x.dtype !== weight.dtype)
    throw raise(
      'RuntimeError',
      `mat1 and mat2 must have the same dtype, but got ${x.dtype.name} and ${weight.dtype.name}`,
    );
  session.checkSize([rows, n]);
  const inputs = [reshapeValue(session, x.value, [rows, k]), reshapeValue(session, weight.value, [n, k])];
  if (bias) {
    if (bias.numel !== n || bias.rank > 1)
      throw raise(
        'RuntimeError',
        `The expanded size of the tensor (${n}) must match the existing size (${bias.numel})`,
      );
    inputs.push(reshapeValue(session, castTensor(bias, x.dtype), [n]));
  }
  const value = session.op('Gemm', inputs);
  return fresh(
    session,
    reshapeValue(session, value, [...x.shape.slice(0, -1), ...(weight.rank === 1 ? [] : [n])]),
    x.dtype,
  );
}

function embedding(a: Args): Tensor {
  const [ids, weight] = [a.tensor(0), a.tensor(1)];
  if (ids.dtype !== dtypes.int64 && ids.dtype !== dtypes.int32)
    throw raise(
      'RuntimeError',
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${ids.dtype.legacy} instead (while checking arguments for embedding)`,
    );
  if (a.given(3)) throw a.refuse('max_norm');
  if (ids.value.constant) {
    const numbers = ids.numbers();
    for (let i = 0; i < numbers.length; i++)
      if (numbers[i]! < 0 || numbers[i]! >= weight.shape[0]!)
        throw raise('IndexError', 'index out of range in self');
  }
  return fresh(
    a.session,
    a.session.op('Gather', [weight.value, castTensor(ids, dtypes.int64)], { axis: 0 }),
    weight.dtype,
  );
}

/** A weight or bias of a normalisation: one number per channel (or per normalised element). */
function affine(a: Args, i: number, shape: readonly number[]): GraphValue | undefined {
  const value = a.optionalTensor(i);
  if (!value) return undefined;
  if (!sameShape(value.shape, shape))
    throw raise(
      'RuntimeError',
      `Expected weight and bias of shape [${shape.join(', ')}] in ${a.name}, but got [${value.shape.join(', ')}]`,
    );
  return castTensor(value, a.tensor(0).dtype);
}

function layerNorm(a: Args): Tensor {
  const x = a.floats(0);
  const shape = a.ints(1);
  const { session } = a;
  const axis = x.rank - shape.length;
  if (axis < 0 || shape.some((d, i) => d !== x.shape[axis + i]))
    throw raise(
      'RuntimeError',
      `Given normalized_shape=[${shape.join(', ')}], expected input with shape [*, ${shape.join(', ')}], but got input of size[${x.shape.join(', ')}]`,
    );
  const ones = () => session.op('Expand', [session.graph.scalar(x.dtype.element, 1)], { shape });
  const inputs = [x.value, affine(a, 2, shape) ?? ones()];
  const bias = a.optionalTensor(3);
  if (bias) inputs.push(bias.value);
  return fresh(session, session.op('LayerNormalization', inputs, { axis, epsilon: a.number(4) }), x.dtype);
}

/** [C] as [C, 1, …] for a tensor [N, C, …]. */
function perChannel(x: Tensor, v: GraphValue): GraphValue {
  return reshapeValue(x.session, v, [v.shape[0]!, ...x.shape.slice(2).map(() => 1)]);
}

function groupNorm(a: Args): Tensor {
  const x = a.floats(0);
  if (x.rank < 2) throw raise('RuntimeError', 'Expected at least 2 dimensions for input tensor');
  const groups = a.int(1);
  const { session } = a;
  const [n, c] = x.shape as [number, number];
  if (c % groups !== 0)
    throw raise(
      'RuntimeError',
      `Expected number of channels in input to be divisible by num_groups, but got input of shape [${x.shape.join(', ')}] and num_groups=${groups}`,
    );
  const grouped = reshapeValue(session, x.value, [n, groups, numel(x.shape) / (n * groups)]);
  const vector = (v: number) =>
    session.op('Expand', [session.graph.scalar(x.dtype.element, v)], { shape: [groups] });
  const normal = session.op('InstanceNormalization', [grouped, vector(1), vector(0)], {
    epsilon: a.number(4),
  });
  let value = reshapeValue(session, normal, x.shape);
  const [weight, bias] = [affine(a, 2, [c]), affine(a, 3, [c])];
  if (weight) value = session.op('Mul', [value, perChannel(x, weight)]);
  if (bias) value = session.op('Add', [value, perChannel(x, bias)]);
  return fresh(session, value, x.dtype);
}

function batchNorm(a: Args): Tensor {
  const x = a.floats(0);
  if (x.rank < 2) throw raise('RuntimeError', 'Expected at least 2 dimensions for input tensor');
  const channels = [x.shape[1]!];
  const { session } = a;
  const training = a.bool(5);
  let [mean, variance] = [affine(a, 1, channels), affine(a, 2, channels)];
  if (training || !mean || !variance) {
    const axes = x.shape.map((_, i) => i).filter(i => i !== 1);
    const centre = reduceValue(session, 'ReduceMean', x.value, axes, true);
    const gap = session.op('Sub', [x.value, centre]);
    const squares = session.op('Mul', [gap, gap]);
    mean = reshapeValue(session, centre, [x.shape[1]!]);
    variance = reduceValue(session, 'ReduceMean', squares, axes, false);
    updateRunning(a, x, mean, variance, x.numel / x.shape[1]!);
  }
  // As torch: one scale and one shift per channel.
  const eps = session.graph.scalar(x.dtype.element, a.number(7));
  let scale = session.op('Reciprocal', [session.op('Sqrt', [session.op('Add', [variance, eps])])]);
  const weight = affine(a, 3, channels);
  if (weight) scale = session.op('Mul', [weight, scale]);
  let shift = session.op('Neg', [session.op('Mul', [mean, scale])]);
  const bias = affine(a, 4, channels);
  if (bias) shift = session.op('Add', [bias, shift]);
  const scaled = session.op('Mul', [x.value, perChannel(x, scale)]);
  return fresh(session, session.op('Add', [scaled, perChannel(x, shift)]), x.dtype);
}

/** Running statistics move towards those of the batch; the variance without bias. */
function updateRunning(a: Args, x: Tensor, mean: GraphValue, variance: GraphValue, count: number): void {
  const momentum = a.number(6);
  const move = (running: Tensor | undefined, to: Tensor) => {
    if (!running) return;
    const kept = mul(a.session, running, 1 - momentum === 1 ? 1 : fromNumber(a, x, 1 - momentum));
    copyInto(running, add(a.session, kept, mul(a.session, to, fromNumber(a, x, momentum))));
  };
  move(a.optionalTensor(1), fresh(a.session, mean, x.dtype));
  const unbiased = mul(
    a.session,
    fresh(a.session, variance, x.dtype),
    fromNumber(a, x, count / Math.max(1, count - 1)),
  );
  move(a.optionalTensor(2), unbiased);
}

function fromNumber(a: Args, x: Tensor, value: number): Tensor {
  return fresh(a.session, a.session.graph.scalar(x.dtype.element, value), x.dtype);
}

/** Per-axis arguments of a window: stride, dilation. */
function padding(
  a: Args,
  i: number,
  count: number,
  kernel: readonly number[],
  dilations: readonly number[],
  strides: readonly number[],
): number[] {
  const given = a.value(i);
  if (given === 'valid') return new Array<number>(2 * count).fill(0);
  if (given === 'same') {
    if (strides.some(s => s !== 1))
      throw raise('RuntimeError', "padding='same' is not supported for strided convolutions");
    const total = kernel.map((k, d) => dilations[d]! * (k - 1));
    return [...total.map(t => Math.floor(t / 2)), ...total.map(t => t - Math.floor(t / 2))];
  }
  const each = a.perAxis(i, count);
  return [...each, ...each];
}

/** A convolution over `rank` axes; one axis is computed as two, because that is what GPUs have. */
function convolution(a: Args, rank: number): Tensor {
  const { session } = a;
  let x = a.floats(0);
  const weight = a.tensor(1);
  const bias = a.optionalTensor(2);
  if (weight.rank !== rank + 2)
    throw raise(
      'RuntimeError',
      `expected ${rank + 2}-dimensional weight for conv${rank}d, but got [${weight.shape.join(', ')}]`,
    );
  if (bias && !sameShape(bias.shape, [weight.shape[0]!]))
    throw raise(
      'RuntimeError',
      `expected bias to be 1-dimensional with ${weight.shape[0]} elements, but got [${bias.shape.join(', ')}]`,
    );
  if (x.rank !== rank + 2 && x.rank !== rank + 1)
    throw raise(
      'RuntimeError',
      `Expected ${rank + 1}D (unbatched) or ${rank + 2}D (batched) input to conv${rank}d, but got input of size: [${x.shape.join(', ')}]`,
    );
  const unbatched = x.rank === rank + 1;
  if (unbatched) x = fresh(session, reshapeValue(session, x.value, [1, ...x.shape]), x.dtype);
  const groups = a.int(6);
  if (x.shape[1] !== weight.shape[1]! * groups)
    throw raise(
      'RuntimeError',
      `Given groups=${groups}, weight of size [${weight.shape.join(', ')}], expected input[${x.shape.join(', ')}] to have ${weight.shape[1]! * groups} channels, but got ${x.shape[1]} channels instead`,
    );
  if (x.dtype !== weight.dtype)
    throw raise(
      'RuntimeError',
      `Input type (${x.dtype.legacy}) and bias type (${weight.dtype.legacy}) should be the same`,
    );
  const kernel = weight.shape.slice(2);
  const [strides, dilations] = [a.perAxis(3, rank), a.perAxis(5, rank)];
  const pads = padding(a, 4, rank, kernel, dilations, strides);
  x.shape.slice(2).forEach((d, i) => {
    if (d + pads[i]! + pads[i + rank]! < dilations[i]! * (kernel[i]! - 1) + 1)
      throw raise(
        'RuntimeError',
        `Calculated padded input size per channel: (${x.shape
          .slice(2)
          .map((s, k) => s + pads[k]! + pads[k + rank]!)
          .join(
            ' x ',
          )}). Kernel size: (${kernel.join(' x ')}). Kernel size can't be greater than actual input size`,
      );
  });
  let value: GraphValue;
  if (rank === 1) value = convolution1d(x, weight, bias, strides[0]!, pads, dilations[0]!, groups);
  else {
    const inputs = [x.value, weight.value];
    if (bias) inputs.push(bias.value);
    value = session.op('Conv', inputs, { strides, pads, dilations, group: groups });
  }
  return fresh(session, unbatched ? reshapeValue(session, value, value.shape.slice(1)) : value, x.dtype);
}

function convolution1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  stride: number,
  pads: readonly number[],
  dilation: number,
  groups: number,
): GraphValue {
  const { session } = x;
  const [outChannels, perGroup, size] = weight.shape as [number, number, number];
  if (size === 1 && stride === 1 && groups === 1 && pads.every(p => p === 0)) {
    // A kernel of one tap is a matrix product.
    const matrix = reshapeValue(session, weight.value, [outChannels, perGroup]);
    const value = session.op('MatMul', [matrix, x.value]);
    return bias ? session.op('Add', [value, reshapeValue(session, bias.value, [outChannels, 1])]) : value;
  }
  const inputs = [
    reshapeValue(session, x.value, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]),
    reshapeValue(session, weight.value, [outChannels, perGroup, 1, size]),
  ];
  if (bias) inputs.push(bias.value);
  const value = session.op('Conv', inputs, {
    strides: [1, stride],
    pads: [0, pads[0]!, 0, pads[1]!],
    dilations: [1, dilation],
    group: groups,
  });
  return reshapeValue(session, value, [value.shape[0]!, value.shape[1]!, value.shape[3]!]);
}

function convTranspose(a: Args, rank: number): Tensor {
  const { session } = a;
  const [x, weight, bias] = [a.floats(0), a.tensor(1), a.optionalTensor(2)];
  const groups = a.int(6);
  if (weight.rank !== rank + 2 || x.shape[1] !== weight.shape[0] || weight.dtype !== x.dtype)
    throw raise(
      'RuntimeError',
      `conv_transpose${rank}d: the weight [${weight.shape.join(', ')}] does not fit the input [${x.shape.join(', ')}]`,
    );
  if (bias && !sameShape(bias.shape, [weight.shape[1]! * groups]))
    throw raise('RuntimeError', `conv_transpose${rank}d: the bias has the shape [${bias.shape.join(', ')}]`);
  if (x.rank !== rank + 2) throw a.refuse(`input of rank ${x.rank}`, 'Add a batch axis.');
  const lift = (v: GraphValue) =>
    rank === 1 ? reshapeValue(session, v, [v.shape[0]!, v.shape[1]!, 1, v.shape[2]!]) : v;
  const widen = (list: number[], first: number) => (rank === 1 ? [first, ...list] : list);
  const each = widen(a.perAxis(4, rank), 0);
  const inputs = [lift(x.value), lift(weight.value)];
  if (bias) inputs.push(bias.value);
  const value = session.op('ConvTranspose', inputs, {
    strides: widen(a.perAxis(3, rank), 1),
    pads: [...each, ...each],
    output_padding: widen(a.perAxis(5, rank), 0),
    group: a.int(6),
    dilations: widen(a.perAxis(7, rank), 1),
  });
  return fresh(
    session,
    rank === 1 ? reshapeValue(session, value, [value.shape[0]!, value.shape[1]!, value.shape[3]!]) : value,
    x.dtype,
  );
}

/** Brings [.., C, L] and unbatched inputs to [N, C, H, W] and back. */
function pooled(a: Args, rank: number, run: (x: GraphValue) => GraphValue): Tensor {
  const { session } = a;
  const x = a.floats(0);
  if (x.rank !== rank + 1 && x.rank !== rank + 2) throw a.refuse(`input of rank ${x.rank}`);
  let shape = x.rank === rank + 1 ? [1, ...x.shape] : [...x.shape];
  if (rank === 1) shape = [shape[0]!, shape[1]!, 1, shape[2]!];
  const value = run(reshapeValue(session, x.value, shape));
  let out = rank === 1 ? [value.shape[0]!, value.shape[1]!, value.shape[3]!] : [...value.shape];
  if (x.rank === rank + 1) out = out.slice(1);
  return fresh(session, reshapeValue(session, value, out), x.dtype);
}

function pool(a: Args, rank: number, op: 'MaxPool' | 'AveragePool', ceilAt: number): Tensor {
  const widen = (list: number[], first: number) => (rank === 1 ? [first, ...list] : list);
  const kernel = widen(a.perAxis(1, rank), 1);
  const strides = a.given(2) && a.optionalInts(2)?.length ? widen(a.perAxis(2, rank), 1) : kernel;
  const each = widen(a.perAxis(3, rank), 0);
  return pooled(a, rank, x => {
    const space = x.shape.slice(2);
    const dilations = op === 'MaxPool' ? widen(a.perAxis(4, rank), 1) : kernel.map(() => 1);
    if (a.bool(ceilAt)) {
      const odd = space.some(
        (d, i) => (d + 2 * each[i]! - dilations[i]! * (kernel[i]! - 1) - 1) % strides[i]! !== 0,
      );
      if (odd) throw a.refuse('ceil_mode=True', 'Only where the windows fit exactly.');
    }
    const common = { kernel_shape: kernel, strides, pads: [...each, ...each] };
    if (op === 'MaxPool') return a.session.op(op, [x], { ...common, dilations });
    return a.session.op(op, [x], { ...common, count_include_pad: a.bool(5) ? 1 : 0 });
  });
}

/** Weights [out, in] of a linear resampling, applied to one axis by a matrix product. */
function alongAxis(
  session: Tensor['session'],
  x: GraphValue,
  axis: number,
  rows: readonly (readonly number[])[],
): GraphValue {
  const [n, m] = [rows.length, x.shape[axis]!];
  const last = axis === x.shape.length - 1;
  const flat = new Float64Array(n * m);
  rows.forEach((r, i) => {
    for (let j = 0; j < m; j++) flat[last ? j * n + i : i * m + j] = r[j]!;
  });
  const matrix = session.graph.numbers(
    x.type === 'float64' ? 'float64' : 'float32',
    last ? [m, n] : [n, m],
    flat,
  );
  if (last) return session.op('MatMul', [x, matrix]);
  const after = numel(x.shape.slice(axis + 1));
  const value = session.op('MatMul', [
    matrix,
    reshapeValue(session, x, [...x.shape.slice(0, axis), m, after]),
  ]);
  return reshapeValue(session, value, [...x.shape.slice(0, axis), n, ...x.shape.slice(axis + 1)]);
}

function adaptiveAverage(a: Args, rank: number): Tensor {
  const given = a.perAxisOrNone(1, rank);
  if (given.some(n => n !== null && n < 0))
    throw raise('RuntimeError', `elements of output_size must be greater than or equal to 0`);
  a.session.checkSize(given.map(n => n ?? 1));
  return pooled(a, rank, x => {
    let value = x;
    const first = 4 - (rank === 1 ? 1 : rank);
    for (let i = 0; i < rank; i++) {
      const axis = (rank === 3 ? 2 : first) + i;
      const size = x.shape[axis]!;
      const out = given[i] ?? size;
      if (out === size) continue;
      a.session.checkSize([out, size]);
      const rows = Array.from({ length: out }, (_, o) => {
        const [start, end] = [Math.floor((o * size) / out), Math.ceil(((o + 1) * size) / out)];
        return Array.from({ length: size }, (_x, j) => (j >= start && j < end ? 1 / (end - start) : 0));
      });
      value =
        out === 1
          ? reduceValue(a.session, 'ReduceMean', value, [axis], true)
          : alongAxis(a.session, value, axis, rows);
    }
    return value;
  });
}

const cubic = (x: number, A: number): number => {
  const t = Math.abs(x);
  if (t <= 1) return ((A + 2) * t - (A + 3)) * t * t + 1;
  return t < 2 ? ((A * t - 5 * A) * t + 8 * A) * t - 4 * A : 0;
};

/** Rows of the resampling matrix of one axis. */
function resampling(
  mode: string,
  size: number,
  out: number,
  scale: number,
  align: boolean,
  antialias: boolean,
): number[][] {
  return Array.from({ length: out }, (_, o) => {
    const row = new Array<number>(size).fill(0);
    const put = (i: number, w: number) => {
      row[Math.min(Math.max(i, 0), size - 1)]! += w;
    };
    if (antialias) {
      const support = (mode === 'bicubic' ? 2 : 1) * Math.max(scale, 1);
      const centre = scale * (o + 0.5);
      const invert = scale >= 1 ? 1 / scale : 1;
      const [from, to] = [
        Math.max(Math.trunc(centre - support + 0.5), 0),
        Math.min(Math.trunc(centre + support + 0.5), size),
      ];
      const weights = Array.from({ length: to - from }, (_x, j) => {
        const t = (j + from - centre + 0.5) * invert;
        return mode === 'bicubic' ? cubic(t, -0.5) : Math.max(0, 1 - Math.abs(t));
      });
      const total = weights.reduce((p, q) => p + q, 0);
      weights.forEach((w, j) => {
        put(from + j, w / total);
      });
      return row;
    }
    let at = align ? (out > 1 ? (o * (size - 1)) / (out - 1) : 0) : (o + 0.5) * scale - 0.5;
    if (mode === 'bicubic') {
      const base = Math.floor(at);
      for (let k = -1; k <= 2; k++) put(base + k, cubic(at - base - k, -0.75));
      return row;
    }
    if (!align) at = Math.max(at, 0);
    const base = Math.min(Math.floor(at), size - 1);
    put(base, 1 - (at - base));
    put(base + 1, at - base);
    return row;
  });
}

function interpolate(a: Args): Tensor {
  const x = a.floats(0);
  if (x.rank < 3) throw a.refuse(`input of rank ${x.rank}`);
  const { session } = a;
  const space = x.shape.slice(2);
  const mode = a.string(3);
  const align = a.given(4) && a.bool(4);
  const antialias = a.bool(6);
  let out: number[];
  let scales: (number | undefined)[] = space.map(() => undefined);
  if (a.given(1)) out = a.perAxis(1, space.length);
  else if (a.given(2)) {
    const items = sequenceItems(a.value(2));
    const factors = items ? items.map(v => a.toNumber(v)!) : space.map(() => a.number(2));
    out = space.map((d, i) => Math.floor(d * factors[i]!));
    if (!a.bool(5)) scales = factors.map(f => 1 / f);
  } else throw raise('ValueError', 'either size or scale_factor should be defined');
  if (!['nearest', 'nearest-exact', 'linear', 'bilinear', 'trilinear', 'bicubic', 'area'].includes(mode))
    throw raise(
      'NotImplementedError',
      `Got ${x.rank}D input, but interpolation mode ${mode} needs another rank`,
    );
  let value = x.value;
  session.checkSize([...x.shape.slice(0, 2), ...out]);
  session.checkSize([Math.max(...space), Math.max(...out)]);
  space.forEach((size, i) => {
    const n = out[i]!;
    const scale = scales[i] ?? size / n;
    if (mode === 'nearest' || mode === 'nearest-exact') {
      const half = mode === 'nearest' ? 0 : 0.5;
      const table = Array.from({ length: n }, (_, o) =>
        Math.min(Math.floor((o + half) * Math.fround(scale)), size - 1),
      );
      if (n === size && table.every((t, k) => t === k)) return;
      value = session.op('Gather', [value, session.graph.ints(table)], { axis: i + 2 });
    } else if (mode === 'area') {
      if (n === size) return;
      const rows = Array.from({ length: n }, (_, o) => {
        const [start, end] = [Math.floor((o * size) / n), Math.ceil(((o + 1) * size) / n)];
        return Array.from({ length: size }, (_x, j) => (j >= start && j < end ? 1 / (end - start) : 0));
      });
      value = alongAxis(session, value, i + 2, rows);
    } else {
      const rows = resampling(mode, size, n, align ? size / n : scale, align, antialias);
      if (n === size && rows.every((r, k) => r.every((w, j) => w === (j === k ? 1 : 0)))) return;
      value = alongAxis(session, value, i + 2, rows);
    }
  });
  return fresh(session, value, x.dtype);
}

/** Pads from the last axis backwards; negative numbers crop. */
function pad(a: Args): Tensor {
  const x = a.tensor(0);
  const { session } = a;
  const given = a.ints(1);
  const mode = a.string(2);
  if (given.length % 2 !== 0) throw raise('RuntimeError', 'Padding length must be divisible by 2');
  if (given.length / 2 > x.rank)
    throw raise(
      'RuntimeError',
      `Padding length should be less than or equal to two times the input dimension but got padding length ${given.length} and input of dimension ${x.rank}`,
    );
  const before = new Array<number>(x.rank).fill(0);
  const after = new Array<number>(x.rank).fill(0);
  for (let i = 0; i < given.length / 2; i++) {
    before[x.rank - 1 - i] = given[2 * i]!;
    after[x.rank - 1 - i] = given[2 * i + 1]!;
  }
  session.checkSize(x.shape.map((d, i) => Math.max(0, d + before[i]! + after[i]!)));
  let value = x.value;
  x.shape.forEach((d, axis) => {
    const [from, to] = [Math.max(0, -before[axis]!), d - Math.max(0, -after[axis]!)];
    if (from > 0 || to < d) {
      if (mode !== 'constant') throw a.refuse('negative padding');
      value = session.op('Slice', [value], { starts: [from], ends: [to], axes: [axis], steps: [1] });
    }
    if (mode === 'reflect' && (before[axis]! >= d || after[axis]! >= d) && (before[axis] || after[axis]))
      throw raise(
        'RuntimeError',
        `Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (${before[axis]}, ${after[axis]}) at dimension ${axis} of input [${x.shape.join(', ')}]`,
      );
  });
  const pads = [...before, ...after].map(p => Math.max(0, p));
  if (pads.every(p => p === 0)) return fresh(session, value, x.dtype);
  const fill = a.optionalNumber(3) ?? 0;
  if (
    mode === 'circular' ||
    mode === 'reflect' ||
    mode === 'replicate' ||
    x.dtype.element !== 'float32' ||
    mode !== 'constant'
  ) {
    if (!['constant', 'reflect', 'replicate', 'circular'].includes(mode)) throw a.refuse(`mode='${mode}'`);
    return fresh(
      session,
      mode === 'constant' ? padConstant(x, value, pads, fill) : padByTable(x, value, before, after, mode),
      x.dtype,
    );
  }
  return fresh(session, session.op('Pad', [value], { pads, mode: 'constant', value: fill }), x.dtype);
}

/** Constant padding of types that backends' Pad does not take. */
function padConstant(x: Tensor, value: GraphValue, pads: readonly number[], fill: number): GraphValue {
  const { session } = x;
  let current = value;
  const rank = value.shape.length;
  const one = castTo(
    session,
    session.graph.scalar(x.dtype.element === 'bool' ? 'int64' : x.dtype.element, fill),
    x.dtype.element,
  );
  for (let axis = 0; axis < rank; axis++) {
    const block = (n: number) => {
      const shape = current.shape.map((d, i) => (i === axis ? n : d));
      return session.op('Expand', [one], { shape });
    };
    const parts = [current];
    if (pads[axis]! > 0) parts.unshift(block(pads[axis]!));
    if (pads[axis + rank]! > 0) parts.push(block(pads[axis + rank]!));
    if (parts.length > 1) current = session.op('Concat', parts, { axis });
  }
  return current;
}

function padByTable(
  x: Tensor,
  value: GraphValue,
  before: readonly number[],
  after: readonly number[],
  mode: string,
): GraphValue {
  const { session } = x;
  let current = value;
  x.shape.forEach((n, axis) => {
    if (!before[axis] && !after[axis]) return;
    const table = Array.from({ length: n + before[axis]! + after[axis]! }, (_, o) => {
      const i = o - before[axis]!;
      if (mode === 'circular') return ((i % n) + n) % n;
      if (mode === 'replicate') return Math.min(Math.max(i, 0), n - 1);
      return i < 0 ? -i : i >= n ? 2 * n - 2 - i : i;
    });
    current = session.op('Gather', [current, session.graph.ints(table)], { axis });
  });
  return current;
}

/** im2col: [N, C, H, W] → [N, C·kh·kw, L]. */
function unfold2d(a: Args): Tensor {
  const x = a.tensor(0);
  const { session } = a;
  const [kernel, dilation, pads, stride] = [1, 2, 3, 4].map(i => a.perAxis(i, 2)) as [
    number[],
    number[],
    number[],
    number[],
  ];
  if (x.rank !== 4) throw a.refuse(`input of rank ${x.rank}`);
  const [p, q] = pads as [number, number];
  const padded =
    p || q
      ? session.op('Pad', [x.value], { pads: [0, 0, p, q, 0, 0, p, q], mode: 'constant', value: 0 })
      : x.value;
  const [n, c, h, w] = padded.shape as [number, number, number, number];
  const count = [h, w].map((d, i) => Math.floor((d - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1);
  if ([...kernel, ...dilation, ...stride].some(n => n < 1) || count.some(n => n < 1))
    throw raise('RuntimeError', 'unfold: kernel, dilation and stride must be positive and fit the input');
  session.checkSize([n, c, kernel[0]! * kernel[1]!, count[0]! * count[1]!]);
  const table: number[] = [];
  for (let ky = 0; ky < kernel[0]!; ky++)
    for (let kx = 0; kx < kernel[1]!; kx++)
      for (let y = 0; y < count[0]!; y++)
        for (let z = 0; z < count[1]!; z++)
          table.push((y * stride[0]! + ky * dilation[0]!) * w + z * stride[1]! + kx * dilation[1]!);
  const flat = reshapeValue(session, padded, [n, c, h * w]);
  const picked = session.op('Gather', [flat, session.graph.ints(table)], { axis: 2 });
  return fresh(
    session,
    reshapeValue(session, picked, [n, c * kernel[0]! * kernel[1]!, count[0]! * count[1]!]),
    x.dtype,
  );
}

function oneHot(a: Args): Tensor {
  const x = a.tensor(0);
  const { session } = a;
  let classes = a.optionalInt(1) ?? -1;
  if (classes < 0) classes = x.numel === 0 ? 0 : Math.max(...Array.from(x.numbers())) + 1;
  session.checkSize([x.numel, classes]);
  const line = session.graph.ints(Array.from({ length: classes }, (_, i) => i));
  const hot = session.op('Equal', [
    reshapeValue(session, castTensor(x, dtypes.int64), [...x.shape, 1]),
    line,
  ]);
  return fresh(session, castTo(session, hot, 'int64'), dtypes.int64);
}

/** [N, C·r², H, W] ↔ [N, C, H·r, W·r] */
function pixelShuffle(a: Args, up: boolean): Tensor {
  const x = a.tensor(0);
  const { session } = a;
  const r = a.int(1);
  const lead = x.shape.slice(0, -3);
  const k = lead.length;
  const [c, h, w] = x.shape.slice(-3) as [number, number, number];
  if (x.rank < 3 || (up ? c % (r * r) !== 0 : h % r !== 0 || w % r !== 0))
    throw raise('RuntimeError', `${a.name}: the input [${x.shape.join(', ')}] does not divide by ${r}`);
  const axes = Array.from({ length: k }, (_, i) => i);
  const split = up ? [...lead, c / (r * r), r, r, h, w] : [...lead, c, h / r, r, w / r, r];
  const perm = (up ? [0, 3, 1, 4, 2] : [0, 2, 4, 1, 3]).map(i => i + k);
  const shape = up ? [...lead, c / (r * r), h * r, w * r] : [...lead, c * r * r, h / r, w / r];
  const value = transposeValue(session, reshapeValue(session, x.value, split), [...axes, ...perm]);
  return fresh(session, reshapeValue(session, value, shape), x.dtype);
}

export const functionalRows: readonly Row[] = [
  row('linear(input, weight, bias=None)', 'f', a => linear(a.tensor(0), a.tensor(1), a.optionalTensor(2))),
  row(
    'embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False)',
    'f',
    embedding,
  ),
  row('layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)', 'f', layerNorm),
  row('group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)', 'f', groupNorm),
  row(
    'batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05)',
    'f',
    batchNorm,
  ),
  ...[1, 2, 3].flatMap(rank => [
    row(`conv${rank}d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)`, 'f', a =>
      convolution(a, rank),
    ),
    row(
      `conv_transpose${rank}d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)`,
      'f',
      a => convTranspose(a, rank),
    ),
    row(
      `avg_pool${rank}d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)`,
      'f',
      a => {
        if (a.given(6)) throw a.refuse('divisor_override');
        return pool(a, rank, 'AveragePool', 4);
      },
    ),
    row(
      `max_pool${rank}d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)`,
      'f',
      a => {
        if (a.bool(6)) throw a.refuse('return_indices=True');
        return pool(a, rank, 'MaxPool', 5);
      },
    ),
    row(`adaptive_avg_pool${rank}d(input, output_size)`, 'f', a => adaptiveAverage(a, rank)),
  ]),
  row(
    "interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False)",
    'f',
    interpolate,
  ),
  row("pad(input, pad, mode='constant', value=None)", 'f', pad),
  row('unfold(input, kernel_size, dilation=1, padding=0, stride=1)', 'f', unfold2d),
  row('one_hot(tensor, num_classes=-1)', 'f', oneHot),
  row('pixel_shuffle(input, upscale_factor)', 'f', a => pixelShuffle(a, true)),
  row('pixel_unshuffle(input, downscale_factor)', 'f', a => pixelShuffle(a, false)),
];
