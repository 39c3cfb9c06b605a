import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import type { TensorSlice } from '../../src/core/explain/stepTensor.ts';

const HEIGHT = 48;
const WIDTH = 14;

/** One row of probabilities as bars. */
export function Bars({ slice, row }: { readonly slice: TensorSlice; readonly row: number }) {
  if (row >= slice.rows) return null;
  const values = Array.from({ length: slice.columns }, (_, column) => slice.at(row, column));
  const label = values.map(formatNumber).join(', ');
  return (
    <svg
      class="bars"
      role="img"
      aria-label={label}
      width={values.length * WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${values.length * WIDTH} ${HEIGHT}`}
    >
      {values.map((value, column) => (
        <rect
          key={column}
          x={column * WIDTH + 1}
          y={HEIGHT - value * HEIGHT}
          width={WIDTH - 2}
          height={Math.max(0.5, value * HEIGHT)}
        >
          <title>{`${column}: ${formatNumber(value)}`}</title>
        </rect>
      ))}
    </svg>
  );
}
