import { toFloat as parseFloatValue, toInt } from '../interpreter/builtinTypes.ts';
import { raise } from '../interpreter/errors.ts';
import type { NativeFunction } from '../interpreter/native.ts';
import { intOf } from '../interpreter/numbers.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import {
  float,
  integer,
  PyFloat,
  PyInstance,
  type PyModule,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

/** A real number; unlike `float()` it reads no text. */
function toFloat(value: Value, runtime: Runtime): number {
  if (typeof value === 'string') throw raise('TypeError', 'must be real number, not str');
  return parseFloatValue(value, runtime);
}

const domain = () => raise('ValueError', 'math domain error');
const range = () => raise('OverflowError', 'math range error');

/** A function of one float; infinities and NaNs out of finite arguments are errors, as in CPython. */
function unary(name: string, compute: (x: number) => number): NativeFunction {
  return std(`${name}(x, /)`, ([x], r) => {
    const value = toFloat(x!, r);
    const result = compute(value);
    if (Number.isNaN(result) && !Number.isNaN(value)) throw domain();
    if (!Number.isFinite(result) && Number.isFinite(value))
      throw name === 'exp' || name === 'cosh' || name === 'sinh' || name === 'expm1' ? range() : domain();
    return float(result);
  });
}

/** Rounds with the special method of a class, or the float. */
function rounding(name: 'floor' | 'ceil' | 'trunc', compute: (x: number) => number): NativeFunction {
  return std(`${name}(x, /)`, ([x], r) => {
    const n = intOf(x!);
    if (n !== undefined) return integer(n);
    if (x instanceof PyFloat) return toInt(float(compute(x.value)), undefined, r);
    const method = x instanceof PyInstance ? r.findAttribute(x, `__${name}__`) : undefined;
    if (method !== undefined) return r.call(method, []);
    return toInt(float(compute(toFloat(x!, r))), undefined, r);
  });
}

function big(value: Value, runtime: Runtime): bigint {
  const n = intOf(value);
  return BigInt(n ?? runtime.index(value));
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

function squareRoot(n: bigint): bigint {
  if (n < 0n) throw raise('ValueError', 'isqrt() argument must be nonnegative');
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

/** Lanczos approximation, g = 7, n = 9. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  let sum = c[0]!;
  for (let i = 1; i < 9; i++) sum += c[i]! / (y + i);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Exact integers come from the product; the rest from the logarithm. */
function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) throw domain();
    let product = 1;
    for (let i = 2; i < x && product < Infinity; i++) product *= i;
    return product;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  return Math.exp(logGamma(x));
}

/** Error function, by series near zero and continued fraction beyond; relative error about 1e-15. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 200; n++) {
      term *= (-x * x) / n;
      const next = term / (2 * n + 1);
      sum += next;
      if (Math.abs(next) < 1e-17 * Math.abs(sum)) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  return Math.sign(x) * (1 - erfc(a));
}

function erfc(x: number): number {
  if (x < 2.5) return 1 - erf(x);
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

function log(x: Value, runtime: Runtime): number {
  const n = intOf(x);
  if (typeof n === 'bigint' && n > 0n) {
    const digits = n.toString(2).length;
    const shift = BigInt(Math.max(0, digits - 60));
    return Math.log(Number(n >> shift)) + Number(shift) * Math.LN2;
  }
  const value = toFloat(x, runtime);
  if (value <= 0) throw domain();
  return Math.log(value);
}

export function mathModule(): PyModule {
  return moduleOf(
    'math',
    [
      unary('sqrt', Math.sqrt),
      unary('exp', Math.exp),
      unary('expm1', Math.expm1),
      unary('log1p', Math.log1p),
      unary('sin', Math.sin),
      unary('cos', Math.cos),
      unary('tan', Math.tan),
      unary('asin', Math.asin),
      unary('acos', Math.acos),
      unary('atan', Math.atan),
      unary('sinh', Math.sinh),
      unary('cosh', Math.cosh),
      unary('tanh', Math.tanh),
      unary('asinh', Math.asinh),
      unary('acosh', Math.acosh),
      unary('atanh', Math.atanh),
      unary('fabs', Math.abs),
      unary('erf', erf),
      unary('erfc', erfc),
      unary('gamma', gamma),
      unary('lgamma', logGamma),
      unary('cbrt', Math.cbrt),
      unary('degrees', x => (x * 180) / Math.PI),
      unary('radians', x => (x * Math.PI) / 180),
      unary('exp2', x => 2 ** x),
      rounding('floor', Math.floor),
      rounding('ceil', Math.ceil),
      rounding('trunc', Math.trunc),
      std('log(x, base=..., /)', ([x, base], r) =>
        float(base === undefined ? log(x!, r) : log(x!, r) / log(base, r)),
      ),
      std('log2(x, /)', ([x], r) => {
        const value = toFloat(x!, r);
        if (value <= 0) throw domain();
        return float(Math.log2(value));
      }),
      std('log10(x, /)', ([x], r) => {
        const value = toFloat(x!, r);
        if (value <= 0) throw domain();
        return float(Math.log10(value));
      }),
      std('pow(x, y, /)', ([x, y], r) => {
        const a = toFloat(x!, r);
        const b = toFloat(y!, r);
        if (a === 1 || b === 0) return float(1);
        const result = a ** b;
        if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) throw domain();
        if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
          throw a === 0 ? domain() : range();
        return float(result);
      }),
      std('atan2(y, x, /)', ([y, x], r) => float(Math.atan2(toFloat(y!, r), toFloat(x!, r)))),
      std('hypot(*coordinates)', ([list], r) =>
        float(Math.hypot(...(list as PyTuple).items.map(x => toFloat(x, r)))),
      ),
      std('dist(p, q, /)', ([p, q], r) => {
        const a = r.list(p!).map(x => toFloat(x, r));
        const b = r.list(q!).map(x => toFloat(x, r));
        return float(Math.hypot(...a.map((x, i) => x - b[i]!)));
      }),
      std('fmod(x, y, /)', ([x, y], r) => {
        const b = toFloat(y!, r);
        if (b === 0) throw domain();
        return float(toFloat(x!, r) % b);
      }),
      std('copysign(x, y, /)', ([x, y], r) => {
        const sign = toFloat(y!, r);
        const negative = sign < 0 || Object.is(sign, -0);
        return float(negative ? -Math.abs(toFloat(x!, r)) : Math.abs(toFloat(x!, r)));
      }),
      std('isnan(x, /)', ([x], r) => Number.isNaN(toFloat(x!, r))),
      std('isinf(x, /)', ([x], r) => Math.abs(toFloat(x!, r)) === Infinity),
      std('isfinite(x, /)', ([x], r) => Number.isFinite(toFloat(x!, r))),
      std('isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)', ([a, b, relative, absolute], r) => {
        const x = toFloat(a!, r);
        const y = toFloat(b!, r);
        if (x === y) return true;
        const difference = Math.abs(x - y);
        return (
          difference <=
          Math.max(toFloat(relative!, r) * Math.max(Math.abs(x), Math.abs(y)), toFloat(absolute!, r))
        );
      }),
      std('factorial(n, /)', ([n], r) => {
        const count = r.index(n!);
        if (count < 0) throw raise('ValueError', 'factorial() not defined for negative values');
        if (count > 3000) throw raise('OverflowError', 'factorial() argument should not exceed 3000 here');
        let product = 1n;
        for (let i = 2n; i <= BigInt(count); i++) product *= i;
        return integer(product);
      }),
      std('comb(n, k, /)', ([n, k], r) => {
        const top = big(n!, r);
        const bottom = big(k!, r);
        if (bottom > 3000n) throw raise('OverflowError', 'comb() is limited to k <= 3000 here');
        let result = 1n;
        if (bottom > top) return 0;
        for (let i = 1n; i <= bottom; i++) result = (result * (top - bottom + i)) / i;
        return integer(result);
      }),
      std('perm(n, k=None, /)', ([n, k], r) => {
        const top = big(n!, r);
        const count = k === null ? top : big(k!, r);
        if (count > 3000n) throw raise('OverflowError', 'perm() is limited to k <= 3000 here');
        let result = 1n;
        for (let i = 0n; i < count; i++) result *= top - i;
        return integer(result);
      }),
      std('gcd(*integers)', ([list], r) =>
        integer((list as PyTuple).items.reduce<bigint>((all, x) => gcd(all, big(x, r)), 0n)),
      ),
      std('lcm(*integers)', ([list], r) =>
        integer(
          (list as PyTuple).items.reduce<bigint>((all, item) => {
            const x = big(item, r);
            if (x === 0n || all === 0n) return 0n;
            const product = (all / gcd(all, x)) * x;
            return product < 0n ? -product : product;
          }, 1n),
        ),
      ),
      std('isqrt(n, /)', ([n], r) => integer(squareRoot(big(n!, r)))),
      std('prod(iterable, /, *, start=1)', ([iterable, start], r) =>
        r.list(iterable!).reduce((all, x) => r.binary('*', all, x), start!),
      ),
      std('fsum(iterable, /)', ([iterable], r) => {
        // Shewchuk's exact partial sums.
        const partials: number[] = [];
        for (const item of r.list(iterable!)) {
          let x = toFloat(item, r);
          let i = 0;
          for (let y of partials.slice()) {
            if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
            const high = x + y;
            const low = y - (high - x);
            if (low !== 0) partials[i++] = low;
            x = high;
          }
          partials.length = i;
          partials.push(x);
        }
        return float(partials.reduceRight((sum, x) => sum + x, 0));
      }),
      std('modf(x, /)', ([x], r) => {
        const value = toFloat(x!, r);
        const whole = Math.trunc(value);
        return new PyTuple([float(Number.isFinite(value) ? value - whole : 0), float(whole)]);
      }),
      std('frexp(x, /)', ([x], r) => {
        const value = toFloat(x!, r);
        if (value === 0 || !Number.isFinite(value)) return new PyTuple([float(value), 0]);
        let exponent = Math.max(-1073, Math.floor(Math.log2(Math.abs(value))) + 1);
        let mantissa = value * 2 ** -exponent;
        while (Math.abs(mantissa) < 0.5) {
          mantissa *= 2;
          exponent--;
        }
        while (Math.abs(mantissa) >= 1) {
          mantissa /= 2;
          exponent++;
        }
        return new PyTuple([float(mantissa), exponent]);
      }),
      std('ldexp(x, i, /)', ([x, i], r) => float(toFloat(x!, r) * 2 ** r.index(i!))),
    ],
    [
      ['pi', float(Math.PI)],
      ['e', float(Math.E)],
      ['tau', float(2 * Math.PI)],
      ['inf', float(Infinity)],
      ['nan', float(Number.NaN)],
    ],
  );
}
