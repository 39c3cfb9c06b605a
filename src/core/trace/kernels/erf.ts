const twoOverRootPi = 1.1283791670955126;

/**
 * The error function to double precision: for small arguments the all-positive series
 * 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1)/(2n+1)!!, beyond 2.5 the continued fraction of erfc (Abramowitz & Stegun 7.1.6 and 7.1.14).
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return twoOverRootPi * Math.exp(-x * x) * sum;
  }
  let fraction = a;
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction;
  const erfc = Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI));
  return x > 0 ? 1 - erfc : erfc - 1;
}
