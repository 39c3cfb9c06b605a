/**
 * Element types of graph values. `float64` follows torch's double where the TypeScript kernels run; the ONNX export maps it to
 * float32, because the WebGPU backend has no doubles. Half precision does not exist here: it collapses to `float32`.
 */
export type ElementType = 'float32' | 'float64' | 'int64' | 'bool';

/** Storage: int64 values are whole numbers in a Float64Array (exact to 2^53); booleans are 0 or 1. */
export type Buffer1D = Float32Array | Float64Array | Uint8Array;

/** A dense row-major tensor of plain numbers. */
export interface TensorData {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Buffer1D;
}

/** An uninitialised (zeroed) buffer of `length` elements of `type`. */
export function allocate(type: ElementType, length: number): Buffer1D {
  if (type === 'float32') return new Float32Array(length);
  return type === 'bool' ? new Uint8Array(length) : new Float64Array(length);
}

/** A tensor from numbers; `values.length` must be the product of `shape`. */
export function tensorData(
  type: ElementType,
  shape: readonly number[],
  values: ArrayLike<number>,
): TensorData {
  const data = allocate(type, values.length);
  data.set(values);
  return { type, shape: [...shape], data };
}

/** The same numbers in a buffer of another element type; NaN and fractions are truncated on the way to int64, as C casts do. */
export function castData(source: TensorData, type: ElementType): TensorData {
  if (source.type === type) return source;
  const n = source.data.length;
  const data = allocate(type, n);
  const from = source.data;
  if (type === 'bool') for (let i = 0; i < n; i++) data[i] = from[i] !== 0 ? 1 : 0;
  else if (type === 'int64' && source.type !== 'bool')
    for (let i = 0; i < n; i++) data[i] = toInteger(from[i]!);
  else data.set(from);
  return { type, shape: source.shape, data };
}

/** Truncation towards zero as C++ does it on x86 for int64: anything out of range becomes the smallest int64. */
function toInteger(x: number): number {
  return Math.abs(x) < 2 ** 63 ? Math.trunc(x) + 0 : -(2 ** 63);
}
