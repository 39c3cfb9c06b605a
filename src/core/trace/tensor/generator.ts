import { raise } from '../interpreter/errors.ts';
import { native, nativeProperty } from '../interpreter/native.ts';
import { NativeObject, PyClass, type Value } from '../interpreter/values.ts';
import { cpu } from './device.ts';

export const generatorClass = new PyClass('Generator', {
  module: 'torch',
  final: true,
  construct: () => new TorchGenerator(67280421310721),
  namespace: new Map<string, Value>([
    [
      'manual_seed',
      native('manual_seed(self, seed)', ([self, seed]) => {
        (self as TorchGenerator).reseed(seedNumber(seed!));
        return self!;
      }),
    ],
    ['initial_seed', native('initial_seed(self)', ([self]) => (self as TorchGenerator).seed)],
    ['device', nativeProperty('device', () => cpu)],
  ]),
});

/** The 32 bits of a seed that count. @throws TypeError for anything but an int */
export function seedNumber(seed: Value): number {
  if (typeof seed === 'number') return seed;
  if (typeof seed === 'bigint') return Number(BigInt.asUintN(32, seed));
  throw raise('TypeError', 'manual_seed expected a long');
}

/**
 * The random stream of `torch.Generator` on the CPU: the 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998), seeded with
 * the low 32 bits of the seed.
 */
export class TorchGenerator extends NativeObject {
  readonly #state = new Uint32Array(624);
  #next = 624;
  #cachedNormal: number | undefined;
  seed: number;

  constructor(seed: number) {
    super();
    this.seed = seed;
    this.reseed(seed);
  }

  override get cls(): PyClass {
    return generatorClass;
  }

  reseed(seed: number): void {
    this.seed = seed;
    this.#cachedNormal = undefined;
    this.#state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let i = 1; i < 624; i++) {
      const last = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
    this.#next = 624;
  }

  /** 32 random bits. */
  bits32(): number {
    if (this.#next >= 624) this.#twist();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A float32 uniform in [0, 1): 24 bits. */
  uniformFloat(): number {
    return (this.bits32() & 0xffffff) / 16777216;
  }

  /** A float64 uniform in [0, 1): 53 bits of two draws, the first one high. */
  uniformDouble(): number {
    const high = this.bits32();
    const low = this.bits32();
    return ((high & 0x1fffff) * 4294967296 + low) / 9007199254740992;
  }

  /** A standard normal in double precision; every second one is remembered. */
  normal(): number {
    if (this.#cachedNormal !== undefined) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = undefined;
      return cached;
    }
    const angle = 2 * Math.PI * this.uniformDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniformDouble()));
    this.#cachedNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  #twist(): void {
    const s = this.#state;
    for (let i = 0; i < 624; i++) {
      const y = (s[i]! & 0x80000000) | (s[(i + 1) % 624]! & 0x7fffffff);
      s[i] = s[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
