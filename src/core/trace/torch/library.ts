import { Refusal, raise } from '../interpreter/errors.ts';
import { type NativeFunction, nativeProperty } from '../interpreter/native.ts';
import { classOf, notImplemented, PyClass, PyInstance, PyTuple, type Value } from '../interpreter/values.ts';
import { dtypes } from '../tensor/dtype.ts';
import type { TensorLibrary } from '../tensor/session.ts';
import { Tensor } from '../tensor/tensor.ts';
import { select } from '../tensor/views.ts';
import { creationRows, fromNested } from './creation.ts';
import { display } from './display.ts';
import { getItem, indexingRows, setItem } from './indexing.ts';
import { assign, numberDType } from './kit.ts';
import { linalgRows, matmul } from './linalg.ts';
import {
  add,
  bitwise,
  compare,
  floorDivide,
  invert,
  mul,
  negate,
  pointwiseRows,
  power,
  remainder,
  sub,
  trueDivide,
} from './pointwise.ts';
import { randomRows } from './random.ts';
import { reductionRows } from './reduction.ts';
import { functionOf, inplaceOf, methodOf, type Row } from './row.ts';
import { sessionOf } from './sessionOf.ts';
import { shapeRows } from './shape.ts';
import { tensorProperties, tensorRows } from './tensorMethods.ts';
import { tensorNames } from './tensorNames.ts';

/** Every operation of `torch` and of tensors. */
export const torchRows: readonly Row[] = [
  ...creationRows,
  ...pointwiseRows,
  ...reductionRows,
  ...linalgRows,
  ...shapeRows,
  ...indexingRows,
  ...randomRows,
  ...tensorRows,
];

/** The functions of a module, by name. */
export function functionsOf(rows: readonly Row[], module: string): Map<string, NativeFunction> {
  return new Map(rows.filter(r => r.places.includes('function')).map(r => [r.name, functionOf(r, module)]));
}

function refusedAttribute(name: string): Value {
  return nativeProperty(name, () => {
    throw new Refusal({
      construct: `Tensor.${name}`,
      message: `Tensor.${name} is not known to the tracer.`,
      hint: 'docs/torch-coverage.md lists what is supported.',
    });
  });
}

function tensorNamespace(): Map<string, Value> {
  const namespace = new Map<string, Value>(tensorProperties);
  for (const r of torchRows) {
    if (r.places.includes('method')) namespace.set(r.name, methodOf(r));
    if (r.places.includes('inplace')) namespace.set(`${r.name}_`, inplaceOf(r));
  }
  for (const name of tensorNames) if (!namespace.has(name)) namespace.set(name, refusedAttribute(name));
  return namespace;
}

/** `torch.Tensor`, which old code also calls to make float tensors. */
export const tensorClass: PyClass = new PyClass('Tensor', {
  module: 'torch',
  namespace: tensorNamespace(),
  construct: (cls, args, _keywords, runtime) => {
    if (cls !== tensorClass && cls !== parameterClass && !legacyClasses.includes(cls))
      throw new Refusal({
        construct: `class ${cls.name}(torch.Tensor)`,
        message: 'Subclasses of torch.Tensor are not supported by the tracer.',
      });
    const session = sessionOf(runtime);
    const dtype = legacyTypes.get(cls) ?? session.defaultDType;
    // A numpy array is our stand-in around a tensor.
    const array = args[0] instanceof PyInstance ? runtime.findAttribute(args[0], 'tensor') : undefined;
    const first = array instanceof Tensor ? array : args[0];
    if (first instanceof Tensor)
      return first.dtype === dtype ? first.alias() : fromNested(session, first, dtype);
    if (first !== undefined && typeof first !== 'number') return fromNested(session, first, dtype);
    const shape = args.map(v => runtime.index(v));
    session.checkSize(shape);
    return Tensor.of(
      session,
      session.graph.unavailable(dtype.element, shape, `${cls.name}(sizes) leaves its memory uninitialised`),
      dtype,
    );
  },
});

const legacyTypes = new Map<PyClass, (typeof dtypes)[keyof typeof dtypes]>();

/** `torch.FloatTensor`, `torch.LongTensor`, …: constructors and isinstance checks of one dtype. */
export const legacyClasses: readonly PyClass[] = Object.values(dtypes).map(dtype => {
  const cls = new PyClass(dtype.legacy, {
    module: 'torch',
    bases: [tensorClass],
    instanceCheck: value => value instanceof Tensor && value.dtype === dtype,
  });
  legacyTypes.set(cls, dtype);
  return cls;
});

/** `torch.nn.Parameter`: shares memory with the tensor it is made from. */
export const parameterClass: PyClass = new PyClass('Parameter', {
  module: 'torch.nn.parameter',
  bases: [tensorClass],
  instanceCheck: value => value instanceof Tensor && value.isParameter,
  construct: (cls, args, keywords, runtime) => {
    if (cls !== parameterClass)
      throw new Refusal({
        construct: `class ${cls.name}(Parameter)`,
        message: 'Subclasses of torch.nn.Parameter are not supported by the tracer.',
      });
    const data = args[0] ?? keywords?.get('data') ?? null;
    const session = sessionOf(runtime);
    const tensor = data === null ? fromNested(session, new PyTuple([]), dtypes.float32) : data;
    if (!(tensor instanceof Tensor))
      throw raise('TypeError', `Parameter data must be a Tensor, not ${classOf(tensor).name}`);
    const parameter = tensor.alias();
    parameter.isParameter = true;
    const wanted = args[1] ?? keywords?.get('requires_grad') ?? true;
    parameter.requiresGrad = wanted === true;
    if (parameter.requiresGrad && !parameter.dtype.isFloating)
      throw raise('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients');
    return parameter;
  },
});

/** Whether an operator of a tensor knows the other operand. */
function known(tensor: Tensor, other: Value): boolean {
  return (
    other instanceof Tensor ||
    (numberDType(tensor.session, other) !== undefined &&
      !(other instanceof PyInstance && other.payload === undefined))
  );
}

const operators: Readonly<Record<string, (left: Value, right: Value, tensor: Tensor) => Tensor>> = {
  '+': (x, y, t) => add(t.session, x, y),
  '-': (x, y, t) => sub(t.session, x, y),
  '*': (x, y, t) => mul(t.session, x, y),
  '/': (x, y, t) => trueDivide(t.session, x, y),
  '//': (x, y, t) => floorDivide(t.session, x, y),
  '%': (x, y, t) => remainder(t.session, x, y),
  '**': (x, y, t) => power(t.session, x, y),
  '&': (x, y, t) => bitwise(t.session, 'And', x, y),
  '|': (x, y, t) => bitwise(t.session, 'Or', x, y),
  '^': (x, y, t) => bitwise(t.session, 'Xor', x, y),
  '@': (x, y) => {
    if (x instanceof Tensor && y instanceof Tensor) return matmul(x, y);
    throw raise('TypeError', 'matmul(): both operands must be Tensors');
  },
};

function binary(operator: string, left: Tensor, right: Value, reflected: boolean): Value {
  const compute = operators[operator];
  if (!compute)
    throw new Refusal({
      construct: `tensor ${operator} …`,
      message: `The operator ${operator} on tensors is not supported by the tracer.`,
    });
  if (!known(left, right)) return notImplemented;
  return reflected ? compute(right, left, left) : compute(left, right, left);
}

/** What tensors need from the torch tables. */
export const torchLibrary: TensorLibrary = {
  tensorClass,
  parameterClass,
  binary,
  inplace: (operator, left, right) => {
    if (operator === '@') return binary(operator, left, right, false);
    const result = binary(operator, left, right, false);
    return result instanceof Tensor ? assign(left, result) : result;
  },
  compare: (operator, left, right) => {
    if (!known(left, right)) {
      if (operator === '==') return false;
      return operator === '!=' ? true : notImplemented;
    }
    return compare(left.session, operator, left, right);
  },
  unary: (operator, x) => {
    if (operator === '~') return invert(x.session, x);
    if (operator === '+') return x;
    if (x.dtype === dtypes.bool)
      throw raise(
        'RuntimeError',
        'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
      );
    return negate(x.session, x);
  },
  getItem,
  setItem,
  select,
  repr: display,
};
