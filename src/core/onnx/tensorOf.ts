import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from 'onnx-buf';
import { allocate, type ElementType, type TensorData } from '../trace/graph/data.ts';
import { numel } from '../trace/graph/shape.ts';
import { OnnxError } from './onnxError.ts';
import { short } from './readModel.ts';

/** Element types as the graph has them: half precision becomes float32, whole numbers int64. */
const TYPES: ReadonlyMap<number, ElementType> = new Map([
  [TensorProto_DataType.FLOAT, 'float32'],
  [TensorProto_DataType.FLOAT16, 'float32'],
  [TensorProto_DataType.BFLOAT16, 'float32'],
  [TensorProto_DataType.DOUBLE, 'float64'],
  [TensorProto_DataType.INT64, 'int64'],
  [TensorProto_DataType.INT32, 'int64'],
  [TensorProto_DataType.BOOL, 'bool'],
]);

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [TensorProto_DataType.FLOAT, 4],
  [TensorProto_DataType.DOUBLE, 8],
  [TensorProto_DataType.INT64, 8],
  [TensorProto_DataType.INT32, 4],
  [TensorProto_DataType.BOOL, 1],
]);

/** @throws {OnnxError} for types that the engine has not */
export function elementTypeOf(dataType: number): ElementType {
  const type = TYPES.get(dataType);
  if (!type)
    throw new OnnxError(
      `holds numbers of the type ${TensorProto_DataType[dataType] ?? dataType}, which the engine lacks`,
    );
  return type;
}

/**
 * A tensor of an ONNX file.
 * @param check refuses a size before memory is taken
 * @throws {OnnxError} when its numbers are not all there
 */
export function tensorOf(proto: TensorProto, check: (shape: readonly number[]) => void): TensorData {
  const type = elementTypeOf(proto.dataType);
  const shape = proto.dims.map(Number);
  if (shape.some(size => !Number.isSafeInteger(size) || size < 0))
    throw new OnnxError(`gives ${short(proto.name)} the impossible shape [${shape.join(', ')}]`);
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL || proto.externalData.length > 0)
    throw new OnnxError(`keeps the numbers of ${short(proto.name)} in another file, which is not read`);
  check(shape);
  const count = numel(shape);
  const data = allocate(type, count);
  const source = proto.rawData.byteLength > 0 ? raw(proto) : listed(proto);
  if (source.length !== count)
    throw new OnnxError(
      `has ${source.length} numbers for ${short(proto.name)} of shape [${shape.join(', ')}]`,
    );
  for (let i = 0; i < count; i++) data[i] = Number(source.at(i));
  return { type, shape, data };
}

interface Numbers {
  readonly length: number;
  at(index: number): number | bigint;
}

function listed(proto: TensorProto): Numbers {
  const lists = {
    [TensorProto_DataType.FLOAT]: proto.floatData,
    [TensorProto_DataType.DOUBLE]: proto.doubleData,
    [TensorProto_DataType.INT64]: proto.int64Data,
    [TensorProto_DataType.INT32]: proto.int32Data,
    [TensorProto_DataType.BOOL]: proto.int32Data,
  } as Readonly<Record<number, readonly (number | bigint)[]>>;
  const half = proto.dataType === TensorProto_DataType.FLOAT16;
  const list = lists[proto.dataType] ?? proto.int32Data;
  if (!half && proto.dataType !== TensorProto_DataType.BFLOAT16)
    return { length: list.length, at: index => list[index] ?? 0 };
  return {
    length: list.length,
    at: index => (half ? fromHalf(Number(list[index])) : fromBrain(Number(list[index]))),
  };
}

function raw({ rawData, dataType, name }: TensorProto): Numbers {
  const width = WIDTHS.get(dataType) ?? 2;
  if (rawData.byteLength % width !== 0) throw new OnnxError(`has half a number in ${short(name)}`);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const read = (at: number): number | bigint => {
    switch (dataType) {
      case TensorProto_DataType.FLOAT:
        return view.getFloat32(at, true);
      case TensorProto_DataType.DOUBLE:
        return view.getFloat64(at, true);
      case TensorProto_DataType.INT64:
        return view.getBigInt64(at, true);
      case TensorProto_DataType.INT32:
        return view.getInt32(at, true);
      case TensorProto_DataType.BOOL:
        return view.getUint8(at) ? 1 : 0;
      case TensorProto_DataType.FLOAT16:
        return fromHalf(view.getUint16(at, true));
      default:
        return fromBrain(view.getUint16(at, true));
    }
  };
  return { length: rawData.byteLength / width, at: index => read(index * width) };
}

/** IEEE 754 half precision. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function fromBrain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65536);
  return view.getFloat32(0);
}
