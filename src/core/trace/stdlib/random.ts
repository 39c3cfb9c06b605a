/** `random` with CPython's generator (MT19937): the same numbers for the same seed. Without a seed it is refused. */
import { toFloat } from '../interpreter/builtinTypes.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import {
  float,
  integer,
  NativeObject,
  PyClass,
  PyList,
  type PyModule,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

/** The Mersenne twister as CPython seeds it. */
class Twister {
  private readonly state = new Uint32Array(624);
  private index = 624;

  constructor(seed: bigint) {
    const key: number[] = [];
    for (let rest = seed < 0n ? -seed : seed; rest > 0n; rest >>= 32n) key.push(Number(rest & 0xffffffffn));
    if (key.length === 0) key.push(0);
    const { state } = this;
    state[0] = 19650218;
    for (let i = 1; i < 624; i++)
      state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    let i = 1;
    let j = 0;
    for (let k = Math.max(624, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + key[j]! + j;
      i++;
      j = (j + 1) % key.length;
      if (i >= 624) {
        state[0] = state[623]!;
        i = 1;
      }
    }
    for (let k = 623; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i;
      i++;
      if (i >= 624) {
        state[0] = state[623]!;
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  word(): number {
    const { state } = this;
    if (this.index >= 624) {
      for (let k = 0; k < 624; k++) {
        const y = (state[k]! & 0x80000000) | (state[(k + 1) % 624]! & 0x7fffffff);
        state[k] = state[(k + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.index = 0;
    }
    let y = state[this.index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** [0, 1) with 53 bits. */
  real(): number {
    return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  bits(count: number): bigint {
    let result = 0n;
    for (let done = 0; done < count; done += 32) {
      const left = count - done;
      const word = left < 32 ? this.word() >>> (32 - left) : this.word();
      result |= BigInt(word) << BigInt(done);
    }
    return result;
  }

  below(n: bigint): bigint {
    const bits = n.toString(2).length;
    for (;;) {
      const r = this.bits(bits);
      if (r < n) return r;
    }
  }
}

const randomClass: PyClass = new PyClass('Random', {
  module: 'random',
  construct: (_cls, args, _keywords, runtime) => {
    const generator = new RandomObject();
    if (args[0] !== undefined && args[0] !== null) generator.seed(args[0], runtime);
    return generator;
  },
});

class RandomObject extends NativeObject {
  private twister: Twister | undefined;
  private spare: number | undefined;

  override get cls(): PyClass {
    return randomClass;
  }
  seed(value: Value, runtime: Runtime): void {
    this.spare = undefined;
    if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') {
      throw new Refusal({
        construct: 'random.seed',
        message: 'Only an int can seed the generator here.',
        hint: `Got ${runtime.repr(value)}.`,
      });
    }
    this.twister = new Twister(BigInt(value));
  }
  get source(): Twister {
    if (!this.twister) {
      throw new Refusal({
        construct: 'random',
        message: 'Random numbers without a seed are not the same twice.',
        hint: 'Call random.seed(…) first.',
      });
    }
    return this.twister;
  }
  gauss(mu: number, sigma: number): number {
    let z = this.spare;
    this.spare = undefined;
    if (z === undefined) {
      const angle = this.source.real() * 2 * Math.PI;
      const radius = Math.sqrt(-2 * Math.log(1 - this.source.real()));
      z = Math.cos(angle) * radius;
      this.spare = Math.sin(angle) * radius;
    }
    return mu + z * sigma;
  }
}

function range(
  generator: RandomObject,
  start: Value,
  stop: Value | null,
  step: Value,
  runtime: Runtime,
): Value {
  const first = runtime.index(start);
  const [low, high] = stop === null ? [0, first] : [first, runtime.index(stop)];
  const by = runtime.index(step);
  const width = Math.ceil((high - low) / by);
  if (!(width > 0)) throw raise('ValueError', `empty range for randrange() (${low}, ${high}, ${high - low})`);
  return low + by * Number(generator.source.below(BigInt(width)));
}

function functions(generator: RandomObject | undefined) {
  // As methods of Random the generator is the first argument, as functions of the module it is the module's own.
  const define = (
    signature: string,
    body: (g: RandomObject, args: Value[], runtime: Runtime) => Value | undefined,
  ) => {
    if (generator) return std(signature, (args, r) => body(generator, args, r) ?? null);
    const [name, rest] = signature.split('(', 2) as [string, string];
    return std(
      `${name}(self${rest === ')' ? '' : ', '}${rest}`,
      ([self, ...args], r) => body(self as RandomObject, args, r) ?? null,
    );
  };
  return [
    define('seed(a=None, version=2)', (g, [a], r) => {
      g.seed(a!, r);
      return undefined;
    }),
    define('random()', g => float(g.source.real())),
    define('uniform(a, b)', (g, [a, b], r) => {
      const low = toFloat(a!, r);
      return float(low + (toFloat(b!, r) - low) * g.source.real());
    }),
    define('randint(a, b)', (g, [a, b], r) => range(g, a!, r.index(b!) + 1, 1, r)),
    define('randrange(start, stop=None, step=1)', (g, [start, stop, step], r) =>
      range(g, start!, stop!, step!, r),
    ),
    define('getrandbits(k)', (g, [k], r) => integer(g.source.bits(Math.min(10_000, r.index(k!))))),
    define('choice(seq)', (g, [seq], r) => {
      const n = r.length(seq!);
      if (n === 0) throw raise('IndexError', 'Cannot choose from an empty sequence');
      return r.getItem(seq!, Number(g.source.below(BigInt(n))));
    }),
    define('choices(population, weights=None, cum_weights=None, k=1)', (g, [population, weights, , k], r) => {
      if (weights !== null)
        throw new Refusal({
          construct: 'random.choices(weights=…)',
          message: 'Weighted choices are not supported.',
        });
      const items = r.list(population!);
      return new PyList(
        Array.from(
          { length: Math.min(100_000, r.index(k!)) },
          () => items[Math.floor(g.source.real() * items.length)]!,
        ),
      );
    }),
    define('shuffle(x)', (g, [x]) => {
      if (!(x instanceof PyList)) throw raise('TypeError', 'shuffle needs a list');
      const { items } = x;
      for (let i = items.length - 1; i > 0; i--) {
        const j = Number(g.source.below(BigInt(i + 1)));
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return undefined;
    }),
    define('sample(population, k)', (g, [population, k], r) => {
      const pool = r.list(population!);
      const n = pool.length;
      const count = r.index(k!);
      if (count < 0 || count > n) throw raise('ValueError', 'Sample larger than population or is negative');
      let size = 21;
      if (count > 5) size += 4 ** Math.ceil(Math.log(count * 3) / Math.log(4));
      const result: Value[] = [];
      if (n <= size) {
        for (let i = 0; i < count; i++) {
          const j = Number(g.source.below(BigInt(n - i)));
          result.push(pool[j]!);
          pool[j] = pool[n - i - 1]!;
        }
      } else {
        const taken = new Set<number>();
        for (let i = 0; i < count; i++) {
          let j = Number(g.source.below(BigInt(n)));
          while (taken.has(j)) j = Number(g.source.below(BigInt(n)));
          taken.add(j);
          result.push(pool[j]!);
        }
      }
      return new PyList(result);
    }),
    define('gauss(mu=0.0, sigma=1.0)', (g, [mu, sigma], r) =>
      float(g.gauss(toFloat(mu!, r), toFloat(sigma!, r))),
    ),
  ];
}

for (const fn of functions(undefined)) randomClass.set(fn.name, fn);

export function randomModule(): PyModule {
  return moduleOf('random', functions(new RandomObject()), [['Random', randomClass]]);
}
