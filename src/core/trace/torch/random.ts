import { raise } from '../interpreter/errors.ts';
import { native } from '../interpreter/native.ts';
import { dtypes, type TorchDType } from '../tensor/dtype.ts';
import { seedNumber, TorchGenerator } from '../tensor/generator.ts';
import { Tensor, tensorFrom } from '../tensor/tensor.ts';
import type { Args } from './args.ts';
import { fresh } from './kit.ts';
import { type Row, row } from './row.ts';
import { sessionOf } from './sessionOf.ts';

/**
 * `torch.manual_seed`. From then on the numbers are those of torch's CPU generator; before, every drawn tensor has a shape but no
 * numbers, and using one in a result is refused.
 */
export const manualSeed = native('manual_seed(seed)', ([seed], runtime) => {
  const session = sessionOf(runtime);
  session.generator ??= new TorchGenerator(0);
  session.generator.reseed(seedNumber(seed!));
  return session.generator;
});

function generatorOf(a: Args, i: number): TorchGenerator | undefined {
  const given = a.value(i);
  return given instanceof TorchGenerator ? given : a.session.generator;
}

/** Draws, or a tensor without numbers when no seed was set. */
function draw(
  a: Args,
  shape: readonly number[],
  dtype: TorchDType,
  generator: TorchGenerator | undefined,
  fill: (g: TorchGenerator, out: Float64Array) => void,
): Tensor {
  a.session.checkSize(shape);
  if (!generator) {
    const reason = `${a.name}() draws from torch's unseeded random stream`;
    return fresh(a.session, a.session.graph.unavailable(dtype.element, shape, reason), dtype);
  }
  const out = new Float64Array(shape.reduce((p, q) => p * q, 1));
  fill(generator, out);
  return tensorFrom(a.session, dtype, shape, out);
}

function uniform(low: number, high: number, dtype: TorchDType) {
  return (g: TorchGenerator, out: Float64Array): void => {
    for (let i = 0; i < out.length; i++)
      out[i] = (dtype === dtypes.float64 ? g.uniformDouble() : g.uniformFloat()) * (high - low) + low;
  };
}

/** torch fills 16 and more at once: uniforms first, then Box-Muller over blocks of sixteen; fewer are drawn one by one. */
function normal(mean: number, deviation: number, dtype: TorchDType) {
  return (g: TorchGenerator, out: Float64Array): void => {
    const n = out.length;
    if (n < 16) {
      for (let i = 0; i < n; i++) out[i] = g.normal() * deviation + mean;
      return;
    }
    const f = dtype === dtypes.float64 ? (x: number) => x : Math.fround;
    const next = () => (dtype === dtypes.float64 ? g.uniformDouble() : g.uniformFloat());
    for (let i = 0; i < n; i++) out[i] = next();
    const block = (start: number): void => {
      for (let j = 0; j < 8; j++) {
        const u1 = f(1 - out[start + j]!);
        const u2 = out[start + j + 8]!;
        const radius = f(Math.sqrt(f(-2 * f(Math.log(u1)))));
        const angle = f(f(2 * Math.PI) * u2);
        out[start + j] = f(f(radius * f(Math.cos(angle))) * deviation + mean);
        out[start + j + 8] = f(f(radius * f(Math.sin(angle))) * deviation + mean);
      }
    };
    for (let i = 0; i + 16 <= n; i += 16) block(i);
    if (n % 16 !== 0) {
      // The tail is drawn again as one block that ends with the tensor.
      for (let i = n - 16; i < n; i++) out[i] = next();
      block(n - 16);
    }
  };
}

function integers(low: number, high: number) {
  return (g: TorchGenerator, out: Float64Array): void => {
    if (high <= low)
      throw raise(
        'RuntimeError',
        `random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`,
      );
    for (let i = 0; i < out.length; i++) out[i] = low + (g.bits32() % (high - low));
  };
}

const options = 'dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False';

function drawInto(
  a: Args,
  generatorAt: number,
  fill: (g: TorchGenerator, out: Float64Array) => void,
): Tensor {
  const x = a.tensor(0);
  x.write(draw(a, x.shape, x.dtype, generatorOf(a, generatorAt), fill).value);
  return x;
}

function randint(
  a: Args,
  low: number,
  high: number,
  shape: readonly number[],
  generatorAt: number,
  dtypeAt: number,
): Tensor {
  return draw(a, shape, a.dtype(dtypeAt) ?? dtypes.int64, generatorOf(a, generatorAt), integers(low, high));
}

export const randomRows: readonly Row[] = [
  row(`rand(*size, generator=None, ${options})`, 'f', a => {
    const dtype = a.dtype(2) ?? a.session.defaultDType;
    return draw(a, a.sizes(0), dtype, generatorOf(a, 1), uniform(0, 1, dtype));
  }),
  row(`randn(*size, generator=None, ${options})`, 'f', a => {
    const dtype = a.dtype(2) ?? a.session.defaultDType;
    return draw(a, a.sizes(0), dtype, generatorOf(a, 1), normal(0, 1, dtype));
  }),
  row(
    'rand_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None)',
    'f',
    a => {
      const dtype = a.dtype(1) ?? a.tensor(0).dtype;
      return draw(a, a.tensor(0).shape, dtype, a.session.generator, uniform(0, 1, dtype));
    },
  ),
  row(
    'randn_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None)',
    'f',
    a => {
      const dtype = a.dtype(1) ?? a.tensor(0).dtype;
      return draw(a, a.tensor(0).shape, dtype, a.session.generator, normal(0, 1, dtype));
    },
  ),
  row(`randint(low, high=None, size=None, *, generator=None, ${options})`, 'f', a => {
    // randint(high, size) and randint(low, high, size)
    if (!a.given(2)) return randint(a, 0, a.int(0), a.ints(1), 3, 4);
    if (!a.given(1)) return randint(a, 0, a.int(0), a.ints(2), 3, 4);
    return randint(a, a.int(0), a.int(1), a.ints(2), 3, 4);
  }),
  row('randint_like(input, low, high=None, *, dtype=None, device=None)', 'f', a => {
    const [low, high] = a.given(2) ? [a.int(1), a.int(2)] : [0, a.int(1)];
    return draw(
      a,
      a.tensor(0).shape,
      a.dtype(3) ?? a.tensor(0).dtype,
      a.session.generator,
      integers(low, high),
    );
  }),
  row('randperm(n, *, generator=None, dtype=None, layout=None, device=None, requires_grad=False)', 'f', a =>
    draw(a, [a.int(0)], a.dtype(2) ?? dtypes.int64, generatorOf(a, 1), (g, out) => {
      for (let i = 0; i < out.length; i++) out[i] = i;
      for (let i = 0; i < out.length - 1; i++) {
        const j = i + (g.bits32() % (out.length - i));
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
    }),
  ),
  row('bernoulli(input, p=None, *, generator=None)', 'fm', a => {
    const x = a.tensor(0);
    const p = a.optionalNumber(1);
    return draw(a, x.shape, x.dtype, generatorOf(a, 2), bernoulli(p ?? x));
  }),
  row('multinomial(input, num_samples, replacement=False, *, generator=None)', 'fm', a => {
    const x = a.tensor(0);
    const count = a.int(1);
    const generator = generatorOf(a, 3);
    const shape = [...x.shape.slice(0, -1), count];
    return draw(a, shape, dtypes.int64, generator, (g, out) => multinomial(a, x, count, a.bool(2), g, out));
  }),
  row('normal(mean, std, size=None, *, generator=None, dtype=None, device=None)', 'f', a => {
    if (!a.given(2)) throw a.refuse('tensor arguments');
    const dtype = a.dtype(4) ?? a.session.defaultDType;
    return draw(a, a.ints(2), dtype, generatorOf(a, 3), normal(a.number(0), a.number(1), dtype));
  }),
  row('normal_(input, mean=0.0, std=1.0, *, generator=None)', 'm', a =>
    drawInto(a, 3, normal(a.number(1), a.number(2), a.tensor(0).dtype)),
  ),
  row('uniform_(input, a=0.0, b=1.0, *, generator=None)', 'm', a =>
    drawInto(a, 3, uniform(a.optionalNumber(1) ?? 0, a.optionalNumber(2) ?? 1, a.tensor(0).dtype)),
  ),
  row('random_(input, low=None, high=None, *, generator=None)', 'm', a => {
    const [low, high] = a.given(2) ? [a.int(1), a.int(2)] : [0, a.optionalInt(1) ?? 2 ** 24];
    return drawInto(a, 3, integers(low, high));
  }),
  row('bernoulli_(input, p=0.5, *, generator=None)', 'm', a => {
    const p = a.value(1);
    return drawInto(a, 2, bernoulli(p instanceof Tensor ? p : a.number(1)));
  }),
  row('exponential_(input, lambd=1.0, *, generator=None)', 'm', a =>
    drawInto(a, 2, (g, out) => {
      for (let i = 0; i < out.length; i++) out[i] = -Math.log1p(-g.uniformDouble()) / a.number(1);
    }),
  ),
];

/** Ones with a probability: of all elements, or of each. */
function bernoulli(p: number | Tensor) {
  return (g: TorchGenerator, out: Float64Array): void => {
    const each = p instanceof Tensor ? p.numbers() : undefined;
    for (let i = 0; i < out.length; i++) {
      if (each) out[i] = g.uniformFloat() < each[i % each.length]! ? 1 : 0;
      else out[i] = g.uniformDouble() < (p as number) ? 1 : 0;
    }
  };
}

/** Indices drawn by weight, row by row: those with the largest weight over an exponential draw, or independently. */
function multinomial(
  a: Args,
  x: Tensor,
  count: number,
  replacement: boolean,
  g: TorchGenerator,
  out: Float64Array,
): void {
  const weights = x.numbers();
  const size = x.shape[x.rank - 1]!;
  if (!replacement && count > size)
    throw raise('RuntimeError', 'cannot sample n_sample > prob_dist.size(-1) samples without replacement');
  for (let row = 0; row < weights.length / size; row++) {
    const p = Array.from({ length: size }, (_, i) => weights[row * size + i]!);
    const total = p.reduce((s, w) => s + w, 0);
    if (p.some(w => !(w >= 0)) || total <= 0)
      throw raise(
        'RuntimeError',
        `${a.name}: probability tensor contains either \`inf\`, \`nan\` or element < 0`,
      );
    if (replacement && count > 1) {
      for (let k = 0; k < count; k++) {
        let [rest, i] = [g.uniformDouble() * total, 0];
        while (i < size - 1 && rest >= p[i]!) rest -= p[i++]!;
        out[row * count + k] = i;
      }
      continue;
    }
    const keys = p.map(w => w / -Math.log1p(-g.uniformDouble()));
    const order = p.map((_, i) => i).sort((i, j) => keys[j]! - keys[i]!);
    for (let k = 0; k < count; k++) out[row * count + k] = order[k]!;
  }
}
