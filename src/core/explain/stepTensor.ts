/** A tensor of a step as the panel shows it: numbers only, row-major. Booleans are 0 and 1; int64 are numbers. */
export interface StepTensor {
  /** Code name of the variable, or the name of the output. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64' | 'int64' | 'int32' | 'bool';
  readonly values: Float32Array | Float64Array;
}

/** Extremes and mean of the finite elements; what is not finite is counted. */
export interface TensorStats {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly notFinite: number;
}

export function tensorStats({ values }: Pick<StepTensor, 'values'>): TensorStats {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count === 0
    ? { min: 0, max: 0, mean: 0, notFinite: values.length }
    : { min, max, mean: sum / count, notFinite: values.length - count };
}

/** A rectangle of a tensor: the last two axes, the leading ones fixed. Vectors are one row, scalars one cell. */
export interface TensorSlice {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
  /** Index into the whole tensor of a cell. */
  indexOf(row: number, column: number): readonly number[];
}

/** @param leading an index per axis before the last two; missing ones are 0, ones out of range are clamped */
export function tensorSlice(tensor: StepTensor, leading: readonly number[]): TensorSlice {
  const { shape, values } = tensor;
  const rank = shape.length;
  const columns = rank === 0 ? 1 : shape[rank - 1]!;
  const rows = rank < 2 ? 1 : shape[rank - 2]!;
  const fixed = shape.slice(0, Math.max(0, rank - 2)).map((size, axis) => {
    return Math.max(0, Math.min(size - 1, Math.trunc(leading[axis] ?? 0)));
  });
  const offset = fixed.reduce((sum, index, axis) => sum * shape[axis]! + index, 0) * rows * columns;
  return {
    rows,
    columns,
    at: (row, column) => values[offset + row * columns + column] ?? Number.NaN,
    indexOf: (row, column) => (rank === 0 ? [] : rank === 1 ? [column] : [...fixed, row, column]),
  };
}

/** Three, four or one channels first and square enough: shown as a picture as well. */
export function looksLikePicture({ shape }: Pick<StepTensor, 'shape'>): boolean {
  const [height, width] = shape.slice(-2);
  const channels = shape.at(-3);
  return channels === 3 && height !== undefined && width !== undefined && height >= 8 && width >= 8;
}

/** Rows that are probabilities (non-negative, each sums to 1): shown as bars on demand. */
export function isDistribution(tensor: StepTensor): boolean {
  const columns = tensor.shape.at(-1) ?? 0;
  if (columns < 2 || tensor.values.length === 0) return false;
  for (let row = 0; row < tensor.values.length; row += columns) {
    let sum = 0;
    for (let i = row; i < row + columns; i++) {
      const value = tensor.values[i]!;
      if (!(value >= 0)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-4) return false;
  }
  return true;
}

/** Element by element, in double precision; equal infinities differ by nothing. */
export function differenceOf(tensor: StepTensor, other: StepTensor): StepTensor {
  const values = Float64Array.from(tensor.values, (value, index) => {
    const against = other.values[index] ?? Number.NaN;
    return value === against ? 0 : value - against;
  });
  return { name: tensor.name, shape: tensor.shape, dtype: 'float64', values };
}
