import type { ElementType } from './data.ts';
import type { Attributes, GraphValue } from './graph.ts';
import { broadcastShapes, numel } from './shape.ts';

/** Type and shape of an operator's output. */
export interface ValueSpec {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

type Inputs = readonly (GraphValue | undefined)[];
type Rule = (inputs: Inputs, attributes: Attributes) => readonly ValueSpec[];

/**
 * Output types and shapes of one operator. Operands that ONNX takes as tensors but that are always static here (a Reshape's
 * shape, a Slice's bounds, the axes of a reduction) are attributes; the export turns them into initializers.
 * @throws Error when an operator is unknown or its operands do not fit: always a mistake of a lowering, never of a user.
 */
export function inferOutputs(op: string, inputs: Inputs, attributes: Attributes): readonly ValueSpec[] {
  const rule = rules.get(op);
  if (!rule) throw new Error(`The graph has no operator ${op}.`);
  return rule(inputs, attributes);
}

/** The names of all operators that a graph may contain. */
export function operatorNames(): string[] {
  return [...rules.keys()];
}

const rules = new Map<string, Rule>();

function define(names: string, rule: Rule): void {
  for (const name of names.split(' ')) rules.set(name, rule);
}

function at(inputs: Inputs, index: number): GraphValue {
  const value = inputs[index];
  if (!value) throw new Error(`operand ${index} is missing`);
  return value;
}

function list(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value)) throw new Error(`attribute ${name} must be a list`);
  return value as readonly number[];
}

function num(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== 'number') throw new Error(`attribute ${name} must be a number`);
  return value;
}

function fail(message: string): never {
  throw new Error(message);
}

const same: Rule = inputs => [{ type: at(inputs, 0).type, shape: at(inputs, 0).shape }];

function broadcast(type?: ElementType): Rule {
  return inputs => {
    const a = at(inputs, 0);
    const b = at(inputs, 1);
    if (a.type !== b.type) fail(`operands are ${a.type} and ${b.type}`);
    const shape = broadcastShapes(a.shape, b.shape) ?? fail(`[${a.shape}] and [${b.shape}] do not broadcast`);
    return [{ type: type ?? a.type, shape }];
  };
}

define(
  'Neg Abs Sqrt Exp Log Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Sigmoid Erf Floor Ceil Round Sign Reciprocal Relu Not',
  same,
);
define('IsNaN IsInf', inputs => [{ type: 'bool', shape: at(inputs, 0).shape }]);
define('Add Sub Mul Div Pow Mod Max Min And Or Xor', broadcast());
define('Equal Greater GreaterOrEqual Less LessOrEqual', broadcast('bool'));
define('Where', inputs => {
  const [c, a, b] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  if (c.type !== 'bool' || a.type !== b.type) fail(`Where on ${c.type}, ${a.type}, ${b.type}`);
  return [
    { type: a.type, shape: broadcastShapes(c.shape, a.shape, b.shape) ?? fail('Where does not broadcast') },
  ];
});
define('Cast', (inputs, a) => [{ type: a.to as ElementType, shape: at(inputs, 0).shape }]);

define('Reshape', (inputs, a) => {
  const shape = list(a, 'shape');
  if (numel(shape) !== numel(at(inputs, 0).shape)) fail(`Reshape [${at(inputs, 0).shape}] to [${shape}]`);
  return [{ type: at(inputs, 0).type, shape }];
});
define('Transpose', (inputs, a) => {
  const perm = list(a, 'perm');
  if (perm.length !== at(inputs, 0).shape.length) fail(`Transpose [${at(inputs, 0).shape}] by [${perm}]`);
  return [{ type: at(inputs, 0).type, shape: perm.map(p => at(inputs, 0).shape[p]!) }];
});
define('Expand', (inputs, a) => {
  const shape = list(a, 'shape');
  const out = broadcastShapes(at(inputs, 0).shape, shape);
  if (!out || out.join() !== shape.join()) fail(`Expand [${at(inputs, 0).shape}] to [${shape}]`);
  return [{ type: at(inputs, 0).type, shape }];
});
/** starts are in range (from the end for negative steps), ends exclusive; one entry per axis in `axes`. */
define('Slice', (inputs, a) => {
  const shape = [...at(inputs, 0).shape];
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map(n => list(a, n));
  axes!.forEach((axis, i) => {
    shape[axis] = Math.max(0, Math.ceil((ends![i]! - starts![i]!) / steps![i]!));
  });
  return [{ type: at(inputs, 0).type, shape }];
});
define('Concat', (inputs, a) => {
  const axis = num(a, 'axis');
  const shape = [...at(inputs, 0).shape];
  shape[axis] = 0;
  for (let i = 0; i < inputs.length; i++) {
    const v = at(inputs, i);
    if (v.type !== at(inputs, 0).type) fail('Concat of different types');
    if (v.shape.length !== shape.length || v.shape.some((d, k) => k !== axis && d !== shape[k]))
      fail(`Concat of [${at(inputs, 0).shape}] and [${v.shape}] on axis ${axis}`);
    shape[axis]! += v.shape[axis]!;
  }
  return [{ type: at(inputs, 0).type, shape }];
});
/** pads as in ONNX: all begins, then all ends; none negative. mode: constant, reflect, edge. */
define('Pad', (inputs, a) => {
  const pads = list(a, 'pads');
  const shape = at(inputs, 0).shape;
  return [{ type: at(inputs, 0).type, shape: shape.map((d, i) => d + pads[i]! + pads[i + shape.length]!) }];
});

define('Gather', (inputs, a) => {
  const axis = num(a, 'axis');
  const { shape, type } = at(inputs, 0);
  return [{ type, shape: [...shape.slice(0, axis), ...at(inputs, 1).shape, ...shape.slice(axis + 1)] }];
});
define('GatherElements', inputs => [{ type: at(inputs, 0).type, shape: at(inputs, 1).shape }]);
define('GatherND', inputs => {
  const index = at(inputs, 1).shape;
  const depth = index[index.length - 1]!;
  return [{ type: at(inputs, 0).type, shape: [...index.slice(0, -1), ...at(inputs, 0).shape.slice(depth)] }];
});
/** reduction: none, add, mul. */
define('ScatterElements', (inputs, _a) => {
  if (at(inputs, 1).shape.join() !== at(inputs, 2).shape.join())
    fail('ScatterElements: indices and updates differ');
  return [{ type: at(inputs, 0).type, shape: at(inputs, 0).shape }];
});

function reduced(shape: readonly number[], axes: readonly number[], keep: number): number[] {
  const out: number[] = [];
  shape.forEach((d, i) => {
    if (!axes.includes(i)) out.push(d);
    else if (keep) out.push(1);
  });
  return out;
}
define('ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd', (inputs, a) => [
  { type: at(inputs, 0).type, shape: reduced(at(inputs, 0).shape, list(a, 'axes'), num(a, 'keepdims')) },
]);
define('ArgMax ArgMin', (inputs, a) => [
  { type: 'int64', shape: reduced(at(inputs, 0).shape, [num(a, 'axis')], num(a, 'keepdims')) },
]);
/** Values and indices of the k largest (or smallest), sorted; equal values in the order of their index. */
define('TopK', (inputs, a) => {
  const shape = [...at(inputs, 0).shape];
  shape[num(a, 'axis')] = num(a, 'k');
  return [
    { type: at(inputs, 0).type, shape },
    { type: 'int64', shape },
  ];
});
define('CumSum Softmax LogSoftmax', same);

define('MatMul', inputs => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  if (a.shape.length < 2 || b.shape.length < 2 || a.type !== b.type)
    fail('MatMul wants matrices of one type');
  const [m, k] = a.shape.slice(-2) as [number, number];
  const [k2, n] = b.shape.slice(-2) as [number, number];
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (k !== k2 || !batch) fail(`MatMul of [${a.shape}] and [${b.shape}]`);
  return [{ type: a.type, shape: [...batch, m, n] }];
});
/** x [M, K] times w [N, K] transposed, plus bias [N]: alpha = beta = 1, transB = 1. */
define('Gemm', inputs => {
  const [x, w] = [at(inputs, 0), at(inputs, 1)];
  if (x.shape.length !== 2 || w.shape.length !== 2 || x.shape[1] !== w.shape[1])
    fail(`Gemm of [${x.shape}] and [${w.shape}]`);
  return [{ type: x.type, shape: [x.shape[0]!, w.shape[0]!] }];
});

function windows(shape: readonly number[], kernel: readonly number[], a: Attributes): number[] {
  const [strides, pads] = [list(a, 'strides'), list(a, 'pads')];
  const dilations = a.dilations ? list(a, 'dilations') : kernel.map(() => 1);
  const n = kernel.length;
  return shape.slice(2).map((d, i) => {
    const span = d + pads[i]! + pads[i + n]! - dilations[i]! * (kernel[i]! - 1) - 1;
    return Math.floor(span / strides[i]!) + 1;
  });
}
define('Conv', (inputs, a) => {
  const [x, w] = [at(inputs, 0), at(inputs, 1)];
  return [{ type: x.type, shape: [x.shape[0]!, w.shape[0]!, ...windows(x.shape, w.shape.slice(2), a)] }];
});
define('ConvTranspose', (inputs, a) => {
  const [x, w] = [at(inputs, 0), at(inputs, 1)];
  const [strides, pads, dilations, extra] = ['strides', 'pads', 'dilations', 'output_padding'].map(n =>
    list(a, n),
  );
  const n = x.shape.length - 2;
  const space = x.shape
    .slice(2)
    .map(
      (d, i) =>
        (d - 1) * strides![i]! -
        pads![i]! -
        pads![i + n]! +
        dilations![i]! * (w.shape[i + 2]! - 1) +
        extra![i]! +
        1,
    );
  return [{ type: x.type, shape: [x.shape[0]!, w.shape[1]! * num(a, 'group'), ...space] }];
});
define('MaxPool AveragePool', (inputs, a) => {
  const x = at(inputs, 0);
  return [
    { type: x.type, shape: [x.shape[0]!, x.shape[1]!, ...windows(x.shape, list(a, 'kernel_shape'), a)] },
  ];
});
/** x [N, C, …], scale [C], bias [C]; normalised over the axes after C. */
define('InstanceNormalization', same);
/** x, scale, optional bias; normalised over the axes from `axis` on. */
define('LayerNormalization', same);
