import fc from 'fast-check';
import { type ElementType, type TensorData, tensorData } from '../../../src/core/trace/graph/data.ts';
import type { Attributes, Graph, GraphValue } from '../../../src/core/trace/graph/graph.ts';
import { numel } from '../../../src/core/trace/graph/shape.ts';

/** One operator application: operand types and shapes, the range of their numbers, attributes. */
export interface Application {
  readonly op: string;
  readonly operands: readonly { type: ElementType; shape: readonly number[]; low?: number; high?: number }[];
  readonly attributes?: Attributes;
}

const dim = fc.integer({ min: 1, max: 4 });
const shapeOf = (min: number, max: number) => fc.array(dim, { minLength: min, maxLength: max });
const float = 'float32' as const;

/** Shapes that broadcast: the second has some axes dropped or set to 1. */
const broadcastPair = shapeOf(0, 4).chain(shape =>
  fc
    .tuple(fc.constant(shape), fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([full, cut, ones]) => [full, full.slice(cut).map((d, i) => (ones[i] ? 1 : d))] as const),
);

function unary(op: string, low: number, high: number, type: ElementType = float): fc.Arbitrary<Application> {
  return shapeOf(0, 4).map(shape => ({ op, operands: [{ type, shape, low, high }] }));
}

function binary(
  op: string,
  type: ElementType,
  low: number,
  high: number,
  attributes: Attributes = {},
): fc.Arbitrary<Application> {
  return fc.tuple(broadcastPair, fc.boolean()).map(([[a, b], swap]) => ({
    op,
    operands: (swap ? [b, a] : [a, b]).map(shape => ({ type, shape, low, high })),
    attributes,
  }));
}

function axisOf(min: number, f: (shape: number[], axis: number) => Application): fc.Arbitrary<Application> {
  return shapeOf(min, 4).chain(shape => fc.nat(shape.length - 1).map(axis => f(shape, axis)));
}

const reduction = (op: string, type: ElementType = float): fc.Arbitrary<Application> =>
  shapeOf(1, 4).chain(shape =>
    fc
      .tuple(
        fc.subarray(
          shape.map((_, i) => i),
          { minLength: 1 },
        ),
        fc.integer({ min: 0, max: 1 }),
      )
      .map(([axes, keepdims]) => ({
        op,
        operands: [{ type, shape }],
        attributes: { axes, keepdims },
      })),
  );

const window = fc.record({
  n: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 2 }),
  c: fc.integer({ min: 1, max: 3 }),
  o: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 4, max: 7 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  pad: fc.nat(1),
  dilation: fc.integer({ min: 1, max: 2 }),
  bias: fc.boolean(),
});

/** Random applications of every operator a graph may contain. */
export const applications: readonly fc.Arbitrary<Application>[] = [
  ...[
    'Neg',
    'Abs',
    'Sin',
    'Cos',
    'Tanh',
    'Sigmoid',
    'Erf',
    'Floor',
    'Ceil',
    'Round',
    'Sign',
    'Relu',
    'Exp',
    'Atan',
    'Sinh',
    'Cosh',
    'IsNaN',
    'IsInf',
  ].map(op => unary(op, -4, 4)),
  ...['Sin', 'Cos'].map(op => unary(op, -1000, 1000)),
  ...['Sqrt', 'Log', 'Reciprocal'].map(op => unary(op, 0.1, 5)),
  ...['Asin', 'Acos', 'Tan'].map(op => unary(op, -0.95, 0.95)),
  unary('Not', 0, 2, 'bool'),
  ...['Neg', 'Abs', 'Sign'].map(op => unary(op, -9, 9, 'int64')),
  ...['Add', 'Sub', 'Mul', 'Max', 'Min', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].flatMap(
    op => [binary(op, float, -3, 3), binary(op, 'int64', -3, 4)],
  ),
  binary('Div', float, 0.2, 4),
  binary('Div', 'int64', 1, 9),
  binary('Pow', float, 0.2, 3),
  binary('Pow', 'int64', 0, 4),
  binary('Mod', 'int64', 1, 9, { fmod: 0 }),
  binary('Mod', float, 0.5, 9, { fmod: 1 }),
  ...['And', 'Or', 'Xor', 'Equal'].map(op => binary(op, 'bool', 0, 2)),
  ...[float, 'int64' as const].map(type =>
    broadcastPair.map(([a, b]) => ({
      op: 'Where',
      operands: [
        { type: 'bool' as const, shape: b },
        { type, shape: a },
        { type, shape: b },
      ],
    })),
  ),
  fc
    .tuple(
      shapeOf(0, 3),
      fc.constantFrom<ElementType>(float, 'int64', 'bool'),
      fc.constantFrom<ElementType>(float, 'int64', 'bool'),
    )
    .map(([shape, from, to]) => ({
      op: 'Cast',
      operands: [{ type: from, shape, low: -3, high: 3 }],
      attributes: { to },
    })),
  shapeOf(1, 4).map(shape => ({
    op: 'Reshape',
    operands: [{ type: float, shape }],
    attributes: { shape: [numel(shape)] },
  })),
  shapeOf(1, 4).chain(shape =>
    fc
      .shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      )
      .map(perm => ({
        op: 'Transpose',
        operands: [{ type: float, shape }],
        attributes: { perm },
      })),
  ),
  ...[float, 'int64' as const, 'bool' as const].map(type =>
    broadcastPair.map(([a, b]) => ({
      op: 'Expand',
      operands: [{ type, shape: b }],
      attributes: { shape: a },
    })),
  ),
  axisOf(1, (shape, axis) => ({
    op: 'Slice',
    operands: [{ type: float, shape }],
    attributes: { starts: [Math.floor(shape[axis]! / 3)], ends: [shape[axis]!], axes: [axis], steps: [2] },
  })),
  axisOf(1, (shape, axis) => ({
    op: 'Concat',
    operands: [1, 2, 3].map(n => ({ type: float, shape: shape.map((d, i) => (i === axis ? n : d)) })),
    attributes: { axis },
  })),
  shapeOf(1, 4).map(shape => ({
    op: 'Pad',
    operands: [{ type: float, shape }],
    attributes: {
      pads: [...shape.map((_, i) => i % 2), ...shape.map((_, i) => (i + 1) % 3)],
      mode: 'constant',
      value: 1,
    },
  })),
  axisOf(1, (shape, axis) => ({
    op: 'Gather',
    operands: [
      { type: float, shape },
      { type: 'int64', shape: [2, 3], low: -shape[axis]!, high: shape[axis]! },
    ],
    attributes: { axis },
  })),
  axisOf(1, (shape, axis) => ({
    op: 'GatherElements',
    operands: [
      { type: float, shape },
      { type: 'int64', shape, low: 0, high: shape[axis]! },
    ],
    attributes: { axis },
  })),
  shapeOf(2, 4).map(shape => ({
    op: 'GatherND',
    operands: [
      { type: float, shape },
      { type: 'int64', shape: [3, 2], low: 0, high: Math.min(shape[0]!, shape[1]!) },
    ],
    attributes: { batch_dims: 0 },
  })),
  fc.integer({ min: 1, max: 9 }).map(n => ({
    op: 'ScatterElements',
    operands: [
      { type: float, shape: [n] },
      { type: 'int64', shape: [4], low: 0, high: n },
      { type: float, shape: [4] },
    ],
    attributes: { axis: 0, reduction: 'add' },
  })),
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'].map(op => reduction(op)),
  ...['ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'].map(op => reduction(op, 'int64')),
  ...['ArgMax', 'ArgMin'].flatMap(op =>
    ([float, 'int64'] as const).map(type =>
      axisOf(1, (shape, axis) => ({ op, operands: [{ type, shape }], attributes: { axis, keepdims: 0 } })),
    ),
  ),
  ...['Softmax', 'LogSoftmax'].map(op =>
    axisOf(1, (shape, axis) => ({ op, operands: [{ type: float, shape }], attributes: { axis } })),
  ),
  ...([float, 'int64'] as const).map(type =>
    axisOf(1, (shape, axis) => ({ op: 'CumSum', operands: [{ type, shape }], attributes: { axis } })),
  ),
  ...([float, 'int64'] as const).flatMap(type =>
    [0, 1].map(largest =>
      axisOf(1, (shape, axis) => ({
        op: 'TopK',
        operands: [{ type, shape }],
        attributes: { axis, k: Math.ceil(shape[axis]! / 2), largest },
      })),
    ),
  ),
  fc.tuple(shapeOf(0, 2), dim, dim, dim, fc.boolean()).map(([batch, m, k, n, shared]) => ({
    op: 'MatMul',
    operands: [
      { type: float, shape: [...batch, m, k] },
      { type: float, shape: [...(shared ? [] : batch), k, n] },
    ],
  })),
  fc.tuple(dim, dim, dim, fc.boolean()).map(([m, k, n, bias]) => ({
    op: 'Gemm',
    operands: [
      { type: float, shape: [m, k] },
      { type: float, shape: [n, k] },
      ...(bias ? [{ type: float, shape: [n] }] : []),
    ],
  })),
  window.map(w => ({
    op: 'Conv',
    operands: [
      { type: float, shape: [w.n, w.c * w.group, w.size, w.size] },
      { type: float, shape: [w.o * w.group, w.c, w.kernel, 1] },
      ...(w.bias ? [{ type: float, shape: [w.o * w.group] }] : []),
    ],
    attributes: {
      strides: [w.stride, 1],
      pads: [w.pad, w.pad, 1, 0],
      dilations: [w.dilation, 1],
      group: w.group,
    },
  })),
  window.map(w => ({
    op: 'ConvTranspose',
    operands: [
      { type: float, shape: [w.n, w.c * w.group, w.size, 3] },
      { type: float, shape: [w.c * w.group, w.o, w.kernel, 2] },
      ...(w.bias ? [{ type: float, shape: [w.o * w.group] }] : []),
    ],
    attributes: {
      strides: [w.stride, 2],
      pads: [0, w.pad, 0, 0],
      dilations: [w.dilation, 1],
      output_padding: [0, 1],
      group: w.group,
    },
  })),
  window.map(w => ({
    op: 'MaxPool',
    operands: [{ type: float, shape: [w.n, w.c, w.size, w.size] }],
    attributes: {
      kernel_shape: [2, 3],
      strides: [w.stride, 1],
      pads: [w.pad, 1, 0, 0],
      dilations: [w.dilation, 1],
    },
  })),
  fc.tuple(window, fc.nat(1)).map(([w, count_include_pad]) => ({
    op: 'AveragePool',
    operands: [{ type: float, shape: [w.n, w.c, w.size, w.size] }],
    attributes: {
      kernel_shape: [2, 2],
      strides: [w.stride, 1],
      pads: [w.pad, 1, w.pad, 1],
      count_include_pad,
    },
  })),
  window.map(w => ({
    op: 'InstanceNormalization',
    operands: [
      { type: float, shape: [w.n, w.c, w.size] },
      { type: float, shape: [w.c] },
      { type: float, shape: [w.c] },
    ],
    attributes: { epsilon: 1e-5 },
  })),
  fc.tuple(shapeOf(1, 3), fc.boolean()).map(([shape, bias]) => ({
    op: 'LayerNormalization',
    operands: [
      { type: float, shape: [...shape, 5] },
      { type: float, shape: [5] },
      ...(bias ? [{ type: float, shape: [5] }] : []),
    ],
    attributes: { axis: shape.length, epsilon: 1e-5 },
  })),
];

/** Numbers spread evenly over the range, in an order that depends on the seed. */
function numbers(
  type: ElementType,
  shape: readonly number[],
  low: number,
  high: number,
  seed: number,
): TensorData {
  const values = Array.from({ length: numel(shape) }, (_, i) => {
    const u = Math.abs(Math.sin(seed * 7.13 + i * 12.9898) * 43758.5453) % 1;
    const x = low + u * (high - low);
    if (type === 'bool') return u < 0.5 ? 0 : 1;
    return type === 'int64' ? Math.floor(x) : x;
  });
  return tensorData(type, shape, values);
}

/** Adds an application to a graph; its operands become feeds. */
export function buildApplication(
  graph: Graph,
  application: Application,
  id: number,
  feeds: Map<string, TensorData>,
): readonly GraphValue[] {
  const inputs = application.operands.map(({ type, shape, low = -2, high = 2 }, i) => {
    const name = `x${id}_${i}`;
    feeds.set(name, numbers(type, shape, low, high, id + i));
    return graph.feed('input', name, type, shape);
  });
  return graph.ops(application.op, inputs, application.attributes ?? {});
}
