import type { TensorData } from '../trace/graph/data.ts';

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  U8: 1,
  BOOL: 1,
};

/**
 * Reads a safetensors file: an 8-byte little-endian header length, a JSON header, the numbers. Half precision becomes
 * float32, integers int64 (exact to 2^53).
 *
 * @returns tensors by state_dict name, in the file's order
 * @throws Error saying what is wrong with the file, by tensor where one is at fault
 */
export function readSafetensors(bytes: Uint8Array): Map<string, TensorData> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8) throw new Error('no safetensors file: shorter than its header length');
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.byteLength - 8)
    throw new Error('no safetensors file: the header is longer than the file');
  let header: Record<string, HeaderEntry | Record<string, string>>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw new Error('no safetensors file: the header is not JSON');
  }
  const start = 8 + length;
  const tensors = new Map<string, TensorData>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    tensors.set(name, readTensor(name, entry as HeaderEntry, view, start));
  }
  return tensors;
}

function readTensor(name: string, entry: HeaderEntry, view: DataView, start: number): TensorData {
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = BYTES[dtype];
  if (size === undefined) throw new Error(`${name}: element type ${dtype} is not read`);
  if (!Array.isArray(shape) || !Array.isArray(offsets))
    throw new Error(`${name}: no shape or no place in the file`);
  const count = shape.reduce((product: number, dim: number) => product * dim, 1);
  const from = start + offsets[0]!;
  if (offsets[1]! - offsets[0]! !== count * size) {
    throw new Error(
      `${name}: ${offsets[1]! - offsets[0]!} bytes for the shape [${shape.join(', ')}] of ${dtype}`,
    );
  }
  if (from + count * size > view.byteLength) throw new Error(`${name}: the file ends before it`);
  const read = (fill: (at: number) => number, data: Float32Array | Float64Array | Uint8Array) => {
    for (let i = 0; i < count; i++) data[i] = fill(from + i * size);
    return data;
  };
  const dims = [...shape];
  switch (dtype) {
    case 'F32':
      return {
        type: 'float32',
        shape: dims,
        data: read(at => view.getFloat32(at, true), new Float32Array(count)),
      };
    case 'F16':
      return {
        type: 'float32',
        shape: dims,
        data: read(at => half(view.getUint16(at, true)), new Float32Array(count)),
      };
    case 'BF16':
      return {
        type: 'float32',
        shape: dims,
        data: read(at => brain(view.getUint16(at, true)), new Float32Array(count)),
      };
    case 'F64':
      return {
        type: 'float64',
        shape: dims,
        data: read(at => view.getFloat64(at, true), new Float64Array(count)),
      };
    case 'I64':
      return {
        type: 'int64',
        shape: dims,
        data: read(at => Number(view.getBigInt64(at, true)), new Float64Array(count)),
      };
    case 'I32':
      return {
        type: 'int64',
        shape: dims,
        data: read(at => view.getInt32(at, true), new Float64Array(count)),
      };
    case 'U8':
      return { type: 'int64', shape: dims, data: read(at => view.getUint8(at), new Float64Array(count)) };
    default:
      return { type: 'bool', shape: dims, data: read(at => view.getUint8(at), new Uint8Array(count)) };
  }
}

/** IEEE 754 half precision. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
