import { scaleDiverging, scaleSequential } from 'd3-scale';
import { interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';
import type { TensorStats } from './stepTensor.ts';

/** Grey of an element that is no number. */
const NOT_FINITE = '#808080';

/** Colour of a value: one ramp where all values have one sign, a diverging one around zero where they have both. */
export function heatColour({ min, max }: Pick<TensorStats, 'min' | 'max'>): (value: number) => string {
  const reach = Math.max(-min, max);
  const scale =
    min < 0 && max > 0
      ? scaleDiverging([-reach, 0, reach], (t: number) => interpolateRdBu(1 - t))
      : scaleSequential([min, max === min ? min + 1 : max], interpolateViridis);
  return value => (Number.isFinite(value) ? scale(value) : NOT_FINITE);
}
