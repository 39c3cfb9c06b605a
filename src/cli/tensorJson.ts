import type { ComputedTensor } from '../core/minis/computeRun.ts';
import type { TensorData } from '../core/trace/graph/data.ts';

/** A tensor as the golden cases write it: flat, row-major, nine significant digits, booleans as 0 and 1. */
export function tensorJson({ name, dtype, data }: ComputedTensor) {
  return { name, shape: [...data.shape], dtype, values: valuesJson(data, dtype) };
}

function valuesJson({ data }: TensorData, dtype: string): (number | string)[] {
  const digits = dtype === 'float64' ? 17 : 9;
  const whole = dtype.startsWith('int') || dtype === 'bool' || dtype.startsWith('uint');
  return Array.from(data, value => {
    const number = Number(value);
    if (!Number.isFinite(number)) return String(number);
    return whole ? number : Number(number.toPrecision(digits));
  });
}
