/** One jump of the chain, from the noisy end down. */
export interface DdimJump {
  /** Time of the full chain, 0…999: what the network is told. */
  readonly t: number;
  /** Share of the picture's variance that is left at t. */
  readonly alphaBar: number;
  /** The same at the time that the jump leads to; 1 at the end. */
  readonly alphaBarPrev: number;
}

/** Times that the model was trained with. */
export const CHAIN_LENGTH = 1000;

/**
 * The cosine schedule of GLIDE's base model, thinned to evenly spaced times as `ddimN` does (Song et al., DDIM; Nichol and Dhariwal for
 * the cosine).
 *
 * @param steps how many jumps: 1…1000, such that some whole stride gives exactly that many
 * @throws RangeError naming the nearest number below that works
 */
export function ddimSchedule(steps: number): readonly DdimJump[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > CHAIN_LENGTH) {
    throw new RangeError(`steps is a whole number from 1 to ${CHAIN_LENGTH}, not ${steps}`);
  }
  const stride = Math.ceil(CHAIN_LENGTH / steps);
  const count = Math.ceil(CHAIN_LENGTH / stride);
  if (count !== steps) {
    throw new RangeError(
      `${CHAIN_LENGTH} times cannot be walked in ${steps} even steps; the next that can is ${count}`,
    );
  }
  const left = (i: number) => Math.cos(((i / CHAIN_LENGTH + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  const alphaBars: number[] = [];
  let product = 1;
  for (let i = 0; i < CHAIN_LENGTH; i++) {
    product *= 1 - Math.min(1 - left(i + 1) / left(i), 0.999);
    alphaBars.push(product);
  }
  const jumps: DdimJump[] = [];
  for (let k = steps - 1; k >= 0; k--) {
    jumps.push({
      t: k * stride,
      alphaBar: alphaBars[k * stride]!,
      alphaBarPrev: k === 0 ? 1 : alphaBars[(k - 1) * stride]!,
    });
  }
  return jumps;
}
