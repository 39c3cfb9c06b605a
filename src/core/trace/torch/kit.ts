import type { ElementType } from '../graph/data.ts';
import type { GraphValue } from '../graph/graph.ts';
import { broadcastShapes, numel, sameShape } from '../graph/shape.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import { classOf, PyFloat, PyInstance, type Value } from '../interpreter/values.ts';
import { boolean, dtypes, integral, type Promotable, resultType, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A value in another element type. */
export function castTo(session: TorchSession, value: GraphValue, to: ElementType): GraphValue {
  return value.type === to ? value : session.op('Cast', [value], { to });
}

/** A tensor's value as a given dtype, narrow integers wrapped. */
export function castTensor(tensor: Tensor, dtype: TorchDType): GraphValue {
  const { session } = tensor;
  if (tensor.dtype === dtype) return tensor.value;
  const value = castTo(session, tensor.value, dtype.element);
  const fits =
    tensor.dtype.category === boolean ||
    (tensor.dtype.category === integral &&
      (tensor.dtype.bits < dtype.bits ||
        (tensor.dtype.bits === dtype.bits && tensor.dtype.unsigned === dtype.unsigned)) &&
      !(dtype.unsigned && !tensor.dtype.unsigned));
  return fits ? value : wrapInteger(session, value, dtype);
}

/** The tensor in another dtype: itself when it has it already. */
export function toDType(tensor: Tensor, dtype: TorchDType): Tensor {
  if (tensor.dtype === dtype) return tensor;
  return Tensor.of(tensor.session, castTensor(tensor, dtype), dtype, layoutLike([tensor], tensor.shape));
}

/** Integers narrower than 64 bits wrap around. */
export function wrapInteger(session: TorchSession, value: GraphValue, dtype: TorchDType): GraphValue {
  if (dtype.category !== integral || dtype.bits === 64) return value;
  const span = 2 ** dtype.bits;
  const shift = dtype.unsigned ? 0 : span / 2;
  const scalar = (x: number) => session.graph.scalar('int64', x);
  if (shift === 0) return session.op('Mod', [value, scalar(span)], { fmod: 0 });
  const lifted = session.op('Add', [value, scalar(shift)]);
  return session.op('Sub', [session.op('Mod', [lifted, scalar(span)], { fmod: 0 }), scalar(shift)]);
}

/** A Python number as promotion sees it; undefined for anything else. */
export function numberDType(session: TorchSession, value: Value): TorchDType | undefined {
  if (typeof value === 'boolean') return dtypes.bool;
  if (typeof value === 'number' || typeof value === 'bigint') return dtypes.int64;
  if (value instanceof PyFloat) return session.defaultDType;
  if (value instanceof PyInstance && value.payload !== undefined) return numberDType(session, value.payload);
  return undefined;
}

/** The JavaScript number in a Python number. @throws Refusal for ints beyond 2^53. */
export function plainNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint') {
    const n = Number(value);
    // Powers of two are exact as doubles, and so is every kernel that only compares or copies them.
    if (BigInt(n) === value) return n;
    throw new Refusal({
      construct: `${value}`,
      message: `The integer ${value} in a tensor is beyond 2^53 and would not be exact.`,
    });
  }
  if (value instanceof PyInstance && value.payload !== undefined) return plainNumber(value.payload);
  throw raise('TypeError', `must be a number, not ${classOf(value).name}`);
}

/** How an operand takes part in type promotion. */
export function promotable(session: TorchSession, value: Value, name = 'other'): Promotable {
  if (value instanceof Tensor) return { dtype: value.dtype, rank: value.rank === 0 ? 'scalar' : 'tensor' };
  const dtype = numberDType(session, value);
  if (!dtype)
    throw raise('TypeError', `argument '${name}' must be Tensor or Number, not ${classOf(value).name}`);
  return { dtype, rank: 'number' };
}

/** The promoted dtype of tensors and numbers. */
export function commonDType(session: TorchSession, ...operands: readonly Value[]): TorchDType {
  return resultType(operands.map(v => promotable(session, v)));
}

/** A tensor or number as a graph value of a dtype. */
export function operand(session: TorchSession, value: Value, dtype: TorchDType): GraphValue {
  if (value instanceof Tensor) return castTensor(value, dtype);
  const x = plainNumber(value);
  return session.graph.scalar(dtype.element, dtype.category === integral ? Math.trunc(x) : x);
}

const largestFloat: Readonly<Record<string, number>> = {
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
  float32: 3.4028234663852886e38,
};

/** Whether a Python number does not fit a dtype; infinities and NaN fit floats, negative numbers wrap into unsigned ones. */
export function overflows(x: number, dtype: TorchDType): boolean {
  if (dtype.category === boolean) return false;
  if (dtype.category === integral) {
    const whole = Math.trunc(x);
    const largest = 2 ** (dtype.bits - (dtype.unsigned ? 0 : 1)) - 1;
    return !(whole <= largest && (dtype.unsigned ? -whole <= largest : whole >= -largest - 1));
  }
  return Number.isFinite(x) && Math.abs(x) > (largestFloat[dtype.name] ?? Number.MAX_VALUE);
}

/** What torch calls a dtype where it complains about a number. */
const nativeNames: Readonly<Record<string, string>> = {
  float16: 'at::Half',
  bfloat16: 'at::BFloat16',
  float32: 'float',
  uint8: 'uint8_t',
  int8: 'int8_t',
  int16: 'int16_t',
  int32: 'int',
  int64: 'int64_t',
};

/** A number that a tensor is filled with: unlike an operand of arithmetic it must fit the tensor's dtype. */
export function fillOperand(session: TorchSession, value: Value, dtype: TorchDType): GraphValue {
  if (!(value instanceof Tensor)) checkFill(plainNumber(value), dtype);
  return operand(session, value, dtype);
}

/** @throws RuntimeError where the number does not fit */
export function checkFill(x: number, dtype: TorchDType): void {
  if (overflows(x, dtype)) {
    const type = nativeNames[dtype.name] ?? dtype.name;
    throw raise('RuntimeError', `value cannot be converted to type ${type} without overflow`);
  }
}

/** Broadcasts shapes with torch's complaint. */
export function broadcast(...shapes: (readonly number[])[]): number[] {
  const out = broadcastShapes(...shapes);
  if (out) return out;
  const [a, b] = shapes as [readonly number[], readonly number[]];
  const rank = Math.max(...shapes.map(s => s.length));
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw raise(
        'RuntimeError',
        `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${rank - i}`,
      );
  }
  throw raise('RuntimeError', 'The shapes of the operands do not broadcast');
}

/**
 * Strides of an element-wise result: torch keeps the order of axes in memory of its operands. Undefined means row-major.
 */
export function layoutLike(operands: readonly Value[], shape: readonly number[]): number[] | undefined {
  const model = operands.find((v): v is Tensor => v instanceof Tensor && sameShape(v.shape, shape));
  if (!model || model.contiguous || shape.length < 2) return undefined;
  const axes = shape.map((_, i) => i);
  // Insertion sort with "undecided" pairs left alone, as a broadcast axis (stride 0) has no place of its own.
  for (let i = 1; i < axes.length; i++)
    for (let j = i; j > 0; j--) {
      const [left, right] = [model.strides[axes[j - 1]!]!, model.strides[axes[j]!]!];
      if (left === 0 || right === 0 || left >= right) break;
      [axes[j - 1], axes[j]] = [axes[j]!, axes[j - 1]!];
    }
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (const axis of axes.reverse()) {
    strides[axis] = step;
    step *= Math.max(1, shape[axis]!);
  }
  return strides;
}

/** A new tensor of an element-wise result. */
export function elementwise(
  session: TorchSession,
  value: GraphValue,
  dtype: TorchDType,
  operands: readonly Value[],
): Tensor {
  return Tensor.of(session, value, dtype, layoutLike(operands, value.shape));
}

/** Reshape, left out when nothing changes. */
export function reshapeValue(session: TorchSession, value: GraphValue, shape: readonly number[]): GraphValue {
  return sameShape(value.shape, shape) ? value : session.op('Reshape', [value], { shape: [...shape] });
}

/** Transpose, left out when nothing moves. */
export function transposeValue(
  session: TorchSession,
  value: GraphValue,
  perm: readonly number[],
): GraphValue {
  return perm.every((p, i) => p === i) ? value : session.op('Transpose', [value], { perm: [...perm] });
}

/** Expand, left out when nothing changes. */
export function expandValue(session: TorchSession, value: GraphValue, shape: readonly number[]): GraphValue {
  if (sameShape(value.shape, shape)) return value;
  session.checkSize(shape);
  return session.op('Expand', [value], { shape: [...shape] });
}

/** Where, also for booleans (which the ONNX operator does not choose between). */
export function whereValue(session: TorchSession, c: GraphValue, a: GraphValue, b: GraphValue): GraphValue {
  if (a.type !== 'bool') return session.op('Where', [c, a, b]);
  return session.op('Or', [session.op('And', [c, a]), session.op('And', [session.op('Not', [c]), b])]);
}

/** A slice of one axis. */
export function sliceValue(
  session: TorchSession,
  value: GraphValue,
  axis: number,
  start: number,
  end: number,
  step = 1,
): GraphValue {
  if (start === 0 && end === value.shape[axis] && step === 1) return value;
  return session.op('Slice', [value], { starts: [start], ends: [end], axes: [axis], steps: [step] });
}

/** Writes a result into a tensor: broadcast to its shape and cast to its dtype, as far as torch allows. */
export function assign(target: Tensor, result: Tensor): Tensor {
  if (result.dtype.category > target.dtype.category)
    throw raise(
      'RuntimeError',
      `result type ${scalarTypeName(result.dtype)} can't be cast to the desired output type ${scalarTypeName(target.dtype)}`,
    );
  if (!sameShape(result.shape, target.shape))
    throw raise(
      'RuntimeError',
      `output with shape [${target.shape.join(', ')}] doesn't match the broadcast shape [${result.shape.join(', ')}]`,
    );
  target.write(castTensor(result, target.dtype));
  return target;
}

/** Copies values into a tensor, broadcast and cast, as `copy_` and item assignment do. */
export function copyInto(target: Tensor, source: Value): Tensor {
  const { session } = target;
  const value = fillOperand(session, source, target.dtype);
  const fitted = trimLeading(session, value, target.shape);
  const shape = broadcastShapes(fitted.shape, target.shape);
  if (!shape || !sameShape(shape, target.shape))
    throw raise(
      'RuntimeError',
      `The expanded size of the tensor (${target.shape.join(', ')}) must match the existing size (${value.shape.join(', ')})`,
    );
  target.write(expandValue(session, fitted, target.shape));
  return target;
}

/** Drops leading axes of length 1 that the target does not have. */
function trimLeading(session: TorchSession, value: GraphValue, shape: readonly number[]): GraphValue {
  let extra = value.shape.length - shape.length;
  if (extra <= 0) return value;
  while (extra > 0 && value.shape.slice(0, extra).some(d => d !== 1)) extra--;
  return reshapeValue(session, value, value.shape.slice(extra));
}

const scalarTypeNames: Readonly<Record<string, string>> = {
  bool: 'Bool',
  uint8: 'Byte',
  int8: 'Char',
  int16: 'Short',
  int32: 'Int',
  int64: 'Long',
  float16: 'Half',
  bfloat16: 'BFloat16',
  float32: 'Float',
  float64: 'Double',
};

/** The name of a dtype in torch's messages. */
export function scalarTypeName(dtype: TorchDType): string {
  return scalarTypeNames[dtype.name] ?? dtype.name;
}

/** The dtype of a result that must be floating: integers become the default dtype. */
export function floatingDType(session: TorchSession, dtype: TorchDType): TorchDType {
  return dtype.isFloating ? dtype : session.defaultDType;
}

/** A new tensor from a graph value, row-major. */
export function fresh(session: TorchSession, value: GraphValue, dtype: TorchDType): Tensor {
  return Tensor.of(session, value, dtype);
}

/** Number of elements along some axes. */
export function sizeOf(shape: readonly number[], axes: readonly number[]): number {
  return numel(axes.map(a => shape[a]!));
}
