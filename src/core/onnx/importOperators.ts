import { TensorProto_DataType } from 'onnx-buf';
import type { ElementType } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import { broadcastShapes, numel } from '../trace/graph/shape.ts';
import { OnnxError } from './onnxError.ts';
import type { OnnxNode } from './onnxNode.ts';
import { elementTypeOf, tensorOf } from './tensorOf.ts';

type Make = (node: OnnxNode) => readonly GraphValue[];

/** How the operators of ONNX files (opset 13 and later) are said in our graph. What is not here is refused by name. */
export const importOperators: ReadonlyMap<string, Make> = new Map<string, Make>([
  ...same(
    'Neg Abs Sqrt Exp Log Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Sigmoid Erf Floor Ceil Round Sign Reciprocal Relu Not IsNaN',
  ),
  ...same('Add Sub Mul Div And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual Where'),
  ['Pow', node => [node.build.op('Pow', [node.at(0), cast(node, node.at(1), node.at(0).type)])]],
  ['Mod', node => [node.build.op('Mod', [node.at(0), node.at(1)], { fmod: node.int('fmod', 0) })]],
  [
    'IsInf',
    node =>
      node.int('detect_negative', 1) + node.int('detect_positive', 1) === 2
        ? node.build.ops('IsInf', node.inputs)
        : node.lacks('of one sign'),
  ],
  ['Max', node => [folded(node, 'Max')]],
  ['Min', node => [folded(node, 'Min')]],
  ['Sum', node => [folded(node, 'Add')]],
  ['Mean', node => [node.build.op('Div', [folded(node, 'Add'), scalar(node, node.inputs.length)])]],
  ['Identity', node => [node.at(0)]],
  ['Dropout', node => [node.at(0)]],
  ['Cast', node => [cast(node, node.at(0), elementTypeOf(node.int('to', TensorProto_DataType.FLOAT)))]],
  ['CastLike', node => [cast(node, node.at(0), node.at(1).type)]],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Shape', shapeOf],
  ['Size', node => [ints(node, [], [numel(node.at(0).shape)])]],
  ['Range', range],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
  ['Expand', expand],
  ['Tile', tile],
  ['Concat', node => [node.build.op('Concat', node.inputs, { axis: node.axis(node.int('axis', 0)) })]],
  ['Split', split],
  ['Slice', slice],
  ['Pad', pad],
  ['Gather', node => [node.build.op('Gather', node.inputs, { axis: node.axis(node.int('axis', 0)) })]],
  [
    'GatherElements',
    node => [node.build.op('GatherElements', node.inputs, { axis: node.axis(node.int('axis', 0)) })],
  ],
  ['GatherND', gatherNd],
  ['ScatterElements', scatterElements],
  ['Trilu', trilu],
  ['Softmax', node => [node.build.op('Softmax', [node.at(0)], { axis: node.axis(node.int('axis', -1)) })]],
  [
    'LogSoftmax',
    node => [node.build.op('LogSoftmax', [node.at(0)], { axis: node.axis(node.int('axis', -1)) })],
  ],
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'].map(
    name => [name, (node: OnnxNode) => [reduce(node, name, node.at(0))]] as const,
  ),
  ['ReduceSumSquare', node => [reduce(node, 'ReduceSum', square(node))]],
  ['ReduceL2', node => [node.build.op('Sqrt', [reduce(node, 'ReduceSum', square(node))])]],
  ['ReduceL1', node => [reduce(node, 'ReduceSum', node.build.op('Abs', [node.at(0)]))]],
  ['ArgMax', node => [arg(node, 'ArgMax')]],
  ['ArgMin', node => [arg(node, 'ArgMin')]],
  ['TopK', topK],
  ['CumSum', cumSum],
  ['MatMul', node => [matMul(node, node.at(0), node.at(1))]],
  ['Gemm', gemm],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
  ['GlobalAveragePool', node => [overSpace(node, 'ReduceMean')]],
  ['GlobalMaxPool', node => [overSpace(node, 'ReduceMax')]],
  ['BatchNormalization', batchNormalization],
  [
    'InstanceNormalization',
    node => [node.build.op('InstanceNormalization', node.inputs, { epsilon: node.float('epsilon', 1e-5) })],
  ],
  [
    'LayerNormalization',
    node => [
      node.build.op('LayerNormalization', node.inputs, {
        axis: node.axis(node.int('axis', -1)),
        epsilon: node.float('epsilon', 1e-5),
      }),
    ],
  ],
  ['Gelu', gelu],
  ['LeakyRelu', node => [leaky(node, scalar(node, node.float('alpha', 0.01)))]],
  ['PRelu', node => [leaky(node, node.at(1))]],
  ['Elu', elu],
  ['HardSigmoid', node => [hardSigmoid(node, node.float('alpha', 0.2), node.float('beta', 0.5))]],
  ['HardSwish', node => [node.build.op('Mul', [node.at(0), hardSigmoid(node, 1 / 6, 0.5)])]],
  ['Softplus', softplus],
  ['Clip', clip],
]);

function same(names: string): [string, Make][] {
  return names.split(' ').map(name => [name, node => node.build.ops(name, node.inputs)]);
}

function cast(node: OnnxNode, value: GraphValue, to: ElementType): GraphValue {
  return value.type === to ? value : node.build.op('Cast', [value], { to });
}

/** A number of the first operand's type. */
const scalar = (node: OnnxNode, value: number): GraphValue =>
  node.build.constant(node.at(0).type, [], [value]);

const ints = (node: OnnxNode, shape: readonly number[], values: readonly number[]): GraphValue =>
  node.build.constant('int64', shape, values);

function folded(node: OnnxNode, op: string): GraphValue {
  let all = node.at(0);
  for (let i = 1; i < node.inputs.length; i++) all = node.build.op(op, [all, node.at(i)]);
  return all;
}

const square = (node: OnnxNode): GraphValue => node.build.op('Mul', [node.at(0), node.at(0)]);

function constant(node: OnnxNode): GraphValue[] {
  const tensor = node.tensor('value');
  if (tensor) return [node.build.tensor(tensor)];
  if (node.has('value_float')) return [node.build.constant('float32', [], [node.float('value_float', 0)])];
  if (node.has('value_int')) return [ints(node, [], [node.int('value_int', 0)])];
  const floats = node.floats('value_floats');
  if (node.has('value_floats') && floats) return [node.build.constant('float32', [floats.length], floats)];
  const whole = node.ints('value_ints');
  if (node.has('value_ints') && whole) return [ints(node, [whole.length], whole)];
  return node.lacks('of that kind');
}

function constantOfShape(node: OnnxNode): GraphValue[] {
  const shape = node.numbersOf(0) ?? [];
  const proto = node.tensor('value');
  const fill = proto ? tensorOf(proto, size => node.build.checkSize(size)) : undefined;
  node.build.checkSize(shape);
  const one = node.build.constant(fill?.type ?? 'float32', [], [fill?.data[0] ?? 0]);
  return [node.build.op('Expand', [one], { shape })];
}

function shapeOf(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const bound = (at: number) => Math.min(shape.length, Math.max(0, at < 0 ? at + shape.length : at));
  const part = shape.slice(bound(node.int('start', 0)), bound(node.int('end', shape.length)));
  return [ints(node, [part.length], part)];
}

function range(node: OnnxNode): GraphValue[] {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map(index => node.numbersOf(index)?.[0] ?? 0);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) throw new OnnxError('has a Range without an end');
  node.build.checkSize([count]);
  return [
    node.build.constant(
      node.at(0).type,
      [count],
      Array.from({ length: count }, (_, i) => start + i * delta),
    ),
  ];
}

function reshape(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const wanted = node.numbersOf(1) ?? [];
  const sizes = wanted.map((size, axis) =>
    size === 0 && node.int('allowzero', 0) === 0 ? (shape[axis] ?? 0) : size,
  );
  const rest = sizes.filter(size => size !== -1).reduce((product, size) => product * size, 1);
  return [
    to(
      node,
      node.at(0),
      sizes.map(size => (size === -1 ? numel(shape) / rest : size)),
    ),
  ];
}

function to(node: OnnxNode, value: GraphValue, shape: readonly number[]): GraphValue {
  if (shape.some(size => !Number.isInteger(size) || size < 0))
    throw new OnnxError(
      `asks for [${value.shape.join(', ')}] as [${shape.join(', ')}] (${node.proto.opType}), which does not fit`,
    );
  return shape.join() === value.shape.join() ? value : node.build.op('Reshape', [value], { shape });
}

function flatten(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + shape.length : given;
  return [to(node, node.at(0), [numel(shape.slice(0, axis)), numel(shape.slice(axis))])];
}

function squeeze(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const axes = (node.numbersOf(1) ?? node.ints('axes'))?.map(axis => node.axis(axis));
  const kept = shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1));
  return [to(node, node.at(0), kept)];
}

function unsqueeze(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const given = node.numbersOf(1) ?? node.ints('axes') ?? [];
  const rank = shape.length + given.length;
  const axes = given.map(axis => node.axis(axis, rank));
  const rest = [...shape];
  const sizes = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1)));
  return [to(node, node.at(0), sizes)];
}

function transpose(node: OnnxNode): GraphValue[] {
  const axes = node.at(0).shape.map((_, axis) => axis);
  return [node.build.op('Transpose', [node.at(0)], { perm: node.ints('perm') ?? axes.reverse() })];
}

function expand(node: OnnxNode): GraphValue[] {
  const shape = broadcastShapes(node.at(0).shape, node.numbersOf(1) ?? []);
  if (!shape) throw new OnnxError('has an Expand whose shapes do not broadcast');
  return [node.build.op('Expand', [node.at(0)], { shape })];
}

const MAX_TILES = 64;

function tile(node: OnnxNode): GraphValue[] {
  let value = node.at(0);
  for (const [axis, times] of (node.numbersOf(1) ?? []).entries()) {
    if (times === 1) continue;
    if (times < 1 || times > MAX_TILES) return node.lacks(`with ${times} repetitions`);
    value = node.build.op(
      'Concat',
      Array.from({ length: times }, () => value),
      { axis },
    );
  }
  return [value];
}

function part(node: OnnxNode, value: GraphValue, axis: number, from: number, until: number): GraphValue {
  return node.build.op('Slice', [value], { starts: [from], ends: [until], axes: [axis], steps: [1] });
}

function split(node: OnnxNode): GraphValue[] {
  const axis = node.axis(node.int('axis', 0));
  const size = node.at(0).shape[axis] ?? 0;
  const count = node.int('num_outputs', node.proto.output.length);
  const each = Math.ceil(size / count);
  const sizes =
    node.numbersOf(1) ??
    Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)));
  let from = 0;
  return sizes.map(length => {
    from += length;
    return part(node, node.at(0), axis, from - length, from);
  });
}

function slice(node: OnnxNode): GraphValue[] {
  const { shape } = node.at(0);
  const starts = node.numbersOf(1) ?? [];
  const ends = node.numbersOf(2) ?? [];
  const axes = (node.numbersOf(3) ?? starts.map((_, i) => i)).map(axis => node.axis(axis));
  const steps = node.numbersOf(4) ?? starts.map(() => 1);
  let value = node.at(0);
  for (const [i, axis] of axes.entries()) {
    const size = shape[axis] ?? 0;
    const step = steps[i] ?? 1;
    const clamped = (at: number, low: number, high: number) =>
      Math.min(high, Math.max(low, at < 0 ? at + size : at));
    if (step > 0) {
      const from = clamped(starts[i] ?? 0, 0, size);
      const until = Math.max(from, clamped(ends[i] ?? size, 0, size));
      value = node.build.op('Slice', [value], { starts: [from], ends: [until], axes: [axis], steps: [step] });
    } else if (step < 0) {
      const from = clamped(starts[i] ?? -1, -1, size - 1);
      const until = clamped(ends[i] ?? -size - 1, -1, size - 1);
      const indices: number[] = [];
      for (let at = from; at > until; at += step) indices.push(at);
      value = node.build.op('Gather', [value, ints(node, [indices.length], indices)], { axis });
    } else throw new OnnxError('has a Slice with the step 0');
  }
  return [value];
}

function pad(node: OnnxNode): GraphValue[] {
  const mode = node.text('mode', 'constant');
  if (mode === 'wrap') return node.lacks('in the mode wrap');
  const rank = node.at(0).shape.length;
  const given = node.numbersOf(1) ?? [];
  const axes = node.numbersOf(3)?.map(axis => node.axis(axis));
  const pads = axes ? Array<number>(2 * rank).fill(0) : given;
  for (const [i, axis] of (axes ?? []).entries()) {
    pads[axis] = given[i] ?? 0;
    pads[axis + rank] = given[i + given.length / 2] ?? 0;
  }
  if (pads.some(size => size < 0)) return node.lacks('with negative pads');
  return [node.build.op('Pad', [node.at(0)], { pads, mode, value: node.numbersOf(2)?.[0] ?? 0 })];
}

function gatherNd(node: OnnxNode): GraphValue[] {
  if (node.int('batch_dims', 0) !== 0) return node.lacks('with batch_dims');
  return [node.build.op('GatherND', node.inputs, { batch_dims: 0 })];
}

function scatterElements(node: OnnxNode): GraphValue[] {
  const reduction = node.text('reduction', 'none');
  if (!['none', 'add', 'mul'].includes(reduction)) return node.lacks(`with the reduction ${reduction}`);
  return [node.build.op('ScatterElements', node.inputs, { axis: node.axis(node.int('axis', 0)), reduction })];
}

/** The upper or lower triangle of the last two axes. */
function trilu(node: OnnxNode): GraphValue[] {
  const [rows = 1, columns = 1] = node.at(0).shape.slice(-2);
  const shift = node.numbersOf(1)?.[0] ?? 0;
  const upper = node.int('upper', 1) === 1;
  node.build.checkSize([rows, columns]);
  const keeps = Array.from({ length: rows * columns }, (_, i) => {
    const beyond = (i % columns) - Math.floor(i / columns) - shift;
    return Number(upper ? beyond >= 0 : beyond <= 0);
  });
  const mask = node.build.constant('bool', [rows, columns], keeps);
  return [node.build.op('Where', [mask, node.at(0), scalar(node, 0)])];
}

function reduce(node: OnnxNode, op: string, value: GraphValue): GraphValue {
  const given = node.numbersOf(1) ?? node.ints('axes') ?? [];
  if (given.length === 0 && node.int('noop_with_empty_axes', 0) === 1) return value;
  const axes = given.length === 0 ? value.shape.map((_, axis) => axis) : given.map(axis => node.axis(axis));
  return node.build.op(op, [value], { axes, keepdims: node.int('keepdims', 1) });
}

function arg(node: OnnxNode, op: string): GraphValue {
  if (node.int('select_last_index', 0) !== 0) return node.lacks('with select_last_index');
  return node.build.op(op, [node.at(0)], {
    axis: node.axis(node.int('axis', 0)),
    keepdims: node.int('keepdims', 1),
  });
}

function topK(node: OnnxNode): readonly GraphValue[] {
  return node.build.ops('TopK', [node.at(0)], {
    axis: node.axis(node.int('axis', -1)),
    k: node.numbersOf(1)?.[0] ?? 1,
    largest: node.int('largest', 1),
  });
}

function cumSum(node: OnnxNode): GraphValue[] {
  if (node.int('exclusive', 0) + node.int('reverse', 0) > 0) return node.lacks('backwards or exclusive');
  return [node.build.op('CumSum', [node.at(0)], { axis: node.axis(node.numbersOf(1)?.[0] ?? 0) })];
}

/** Vectors count as a row on the left and a column on the right. */
function matMul(node: OnnxNode, left: GraphValue, right: GraphValue): GraphValue {
  const row = left.shape.length === 1;
  const column = right.shape.length === 1;
  const product = node.build.op('MatMul', [
    row ? to(node, left, [1, ...left.shape]) : left,
    column ? to(node, right, [...right.shape, 1]) : right,
  ]);
  const { shape } = product;
  return to(
    node,
    product,
    shape.filter((_, axis) => !(row && axis === shape.length - 2) && !(column && axis === shape.length - 1)),
  );
}

function gemm(node: OnnxNode): GraphValue[] {
  const turned = (value: GraphValue, turn: boolean) =>
    turn ? node.build.op('Transpose', [value], { perm: [1, 0] }) : value;
  const a = turned(node.at(0), node.int('transA', 0) === 1);
  const b = turned(node.at(1), node.int('transB', 0) === 1);
  const times = (value: GraphValue, factor: number) =>
    factor === 1 ? value : node.build.op('Mul', [value, scalar(node, factor)]);
  const product = times(node.build.op('MatMul', [a, b]), node.float('alpha', 1));
  const bias = node.inputs[2];
  return [bias ? node.build.op('Add', [product, times(bias, node.float('beta', 1))]) : product];
}

/** Windows of convolutions and pools with every default written out. */
function windows(node: OnnxNode, kernel: readonly number[]) {
  const auto = node.text('auto_pad', 'NOTSET');
  if (auto !== 'NOTSET' && auto !== 'VALID') return node.lacks(`with auto_pad ${auto}`);
  return {
    strides: node.ints('strides') ?? kernel.map(() => 1),
    pads: (auto === 'VALID' ? undefined : node.ints('pads')) ?? [...kernel, ...kernel].map(() => 0),
    dilations: node.ints('dilations') ?? kernel.map(() => 1),
  };
}

function conv(node: OnnxNode): GraphValue[] {
  const attributes = { ...windows(node, node.at(1).shape.slice(2)), group: node.int('group', 1) };
  return [node.build.op('Conv', node.inputs, attributes)];
}

function convTranspose(node: OnnxNode): GraphValue[] {
  if (node.has('output_shape')) return node.lacks('with output_shape');
  const kernel = node.at(1).shape.slice(2);
  return [
    node.build.op('ConvTranspose', node.inputs, {
      ...windows(node, kernel),
      output_padding: node.ints('output_padding') ?? kernel.map(() => 0),
      group: node.int('group', 1),
    }),
  ];
}

function pool(node: OnnxNode) {
  if (node.int('ceil_mode', 0) !== 0) return node.lacks('with ceil_mode');
  const kernel = node.ints('kernel_shape') ?? [];
  return { kernel_shape: kernel, ...windows(node, kernel) };
}

function maxPool(node: OnnxNode): GraphValue[] {
  return [node.build.op('MaxPool', [node.at(0)], pool(node))];
}

function averagePool(node: OnnxNode): GraphValue[] {
  const { dilations, ...rest } = pool(node);
  if (dilations.some(size => size !== 1)) return node.lacks('with dilations');
  return [
    node.build.op('AveragePool', [node.at(0)], {
      ...rest,
      count_include_pad: node.int('count_include_pad', 0),
    }),
  ];
}

function overSpace(node: OnnxNode, op: string): GraphValue {
  const axes = node
    .at(0)
    .shape.map((_, axis) => axis)
    .slice(2);
  return node.build.op(op, [node.at(0)], { axes, keepdims: 1 });
}

/** With the stored mean and variance, as in evaluation. */
function batchNormalization(node: OnnxNode): GraphValue[] {
  if (node.int('training_mode', 0) !== 0) return node.lacks('in training mode');
  const { build } = node;
  const x = node.at(0);
  const channels = x.shape.map((_, axis) => (axis === 1 ? (x.shape[1] ?? 1) : 1));
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map(index => to(node, node.at(index), channels));
  const deviation = build.op('Sqrt', [
    build.op('Add', [variance, scalar(node, node.float('epsilon', 1e-5))]),
  ]);
  const normal = build.op('Div', [build.op('Sub', [x, mean]), deviation]);
  return [build.op('Add', [build.op('Mul', [normal, scale]), bias])];
}

function gelu(node: OnnxNode): GraphValue[] {
  const { build } = node;
  const x = node.at(0);
  const times = (a: GraphValue, b: number | GraphValue) =>
    build.op('Mul', [a, typeof b === 'number' ? scalar(node, b) : b]);
  const cubed = () => build.op('Add', [x, times(times(times(x, x), x), 0.044715)]);
  const inner =
    node.text('approximate', 'none') === 'tanh'
      ? build.op('Tanh', [times(cubed(), Math.sqrt(2 / Math.PI))])
      : build.op('Erf', [times(x, Math.SQRT1_2)]);
  return [times(times(x, 0.5), build.op('Add', [inner, scalar(node, 1)]))];
}

function leaky(node: OnnxNode, slope: GraphValue): GraphValue {
  const { build } = node;
  const x = node.at(0);
  return build.op('Where', [build.op('Less', [x, scalar(node, 0)]), build.op('Mul', [x, slope]), x]);
}

function elu(node: OnnxNode): GraphValue[] {
  const { build } = node;
  const x = node.at(0);
  const below = build.op('Mul', [
    build.op('Sub', [build.op('Exp', [x]), scalar(node, 1)]),
    scalar(node, node.float('alpha', 1)),
  ]);
  return [build.op('Where', [build.op('Less', [x, scalar(node, 0)]), below, x])];
}

function between(node: OnnxNode, value: GraphValue, low: GraphValue, high: GraphValue): GraphValue {
  return node.build.op('Min', [node.build.op('Max', [value, low]), high]);
}

function hardSigmoid(node: OnnxNode, alpha: number, beta: number): GraphValue {
  const { build } = node;
  const line = build.op('Add', [build.op('Mul', [node.at(0), scalar(node, alpha)]), scalar(node, beta)]);
  return between(node, line, scalar(node, 0), scalar(node, 1));
}

/** max(x, 0) + log(1 + exp(−|x|)): no overflow. */
function softplus(node: OnnxNode): GraphValue[] {
  const { build } = node;
  const x = node.at(0);
  const small = build.op('Exp', [build.op('Neg', [build.op('Abs', [x])])]);
  return [
    build.op('Add', [build.op('Relu', [x]), build.op('Log', [build.op('Add', [small, scalar(node, 1)])])]),
  ];
}

function clip(node: OnnxNode): GraphValue[] {
  let value = node.at(0);
  const [low, high] = [node.inputs[1], node.inputs[2]];
  if (low) value = node.build.op('Max', [value, low]);
  if (high) value = node.build.op('Min', [value, high]);
  return [value];
}
