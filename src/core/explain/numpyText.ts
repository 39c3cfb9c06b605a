import type { StepTensor } from './stepTensor.ts';

/** The tensor as a NumPy expression, for pasting into a notebook. */
export function numpyText(tensor: StepTensor): string {
  const dtype = tensor.dtype === 'bool' ? 'np.bool_' : `np.${tensor.dtype}`;
  const numbers = Array.from(tensor.values, value => pythonNumber(value, tensor.dtype)).join(', ');
  return `np.array([${numbers}], dtype=${dtype}).reshape(${pythonTuple(tensor.shape)})`;
}

/** The tensor as JSON; what JSON has no number for is a string. */
export function tensorJson(tensor: StepTensor): string {
  const values = Array.from(tensor.values, value =>
    Number.isFinite(value) ? Number(value.toPrecision(9)) : String(value),
  );
  return JSON.stringify({ name: tensor.name, shape: tensor.shape, dtype: tensor.dtype, values });
}

function pythonNumber(value: number, dtype: StepTensor['dtype']): string {
  if (dtype === 'bool') return value === 0 ? 'False' : 'True';
  if (Number.isNaN(value)) return 'np.nan';
  if (!Number.isFinite(value)) return value > 0 ? 'np.inf' : '-np.inf';
  return String(dtype === 'float32' ? Number(value.toPrecision(9)) : value);
}

function pythonTuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
