import type { StepTensor } from './stepTensor.ts';

const DESCR = { float32: '<f4', float64: '<f8', int64: '<i8', int32: '<i4', bool: '|b1' } as const;

/** The bytes of a NumPy `.npy` file, format version 1.0. */
export function npyFile(tensor: StepTensor): Uint8Array {
  const shape = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(', ');
  const head = `{'descr': '${DESCR[tensor.dtype]}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The header is padded so that the data starts at a multiple of 64 bytes.
  const padded = head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11, ' ').concat('\n');
  const data = dataBytes(tensor);
  const file = new Uint8Array(10 + padded.length + data.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(file.buffer).setUint16(8, padded.length, true);
  file.set(new TextEncoder().encode(padded), 10);
  file.set(data, 10 + padded.length);
  return file;
}

function dataBytes({ dtype, values }: StepTensor): Uint8Array {
  const size = { float32: 4, float64: 8, int64: 8, int32: 4, bool: 1 }[dtype];
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    const at = index * size;
    if (dtype === 'float32') view.setFloat32(at, value, true);
    else if (dtype === 'float64') view.setFloat64(at, value, true);
    else if (dtype === 'int64') view.setBigInt64(at, BigInt(Math.trunc(value)), true);
    else if (dtype === 'int32') view.setInt32(at, value, true);
    else view.setUint8(at, value === 0 ? 0 : 1);
  });
  return new Uint8Array(view.buffer);
}
