/**
 * The random numbers of the golden cases and of the shapes data set: mulberry32, seeded with the 32-bit FNV-1a hash of a
 * string. Language neutral; specified in `test/fixtures/goldens/RULE.md`.
 */
export class RuleStream {
  private state: number;

  /** @param name the string that is hashed, as `0:attn.in_proj_weight` */
  constructor(name: string) {
    this.state = fnv1a(name) | 0;
  }

  /** The next number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    const a = this.state;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** A standard normal number (Box and Muller's cosine half), rounded to float32. Takes two numbers. */
  gauss(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return Math.fround(radius * Math.cos(2 * Math.PI * this.next()));
  }
}

/** FNV-1a, 32 bits, over the UTF-8 bytes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** `n` standard normal float32 numbers by name: the noise of the data set, as `0:noise.prior.0`. */
export function gaussianNoise(name: string, n: number): Float32Array {
  const stream = new RuleStream(name);
  return Float32Array.from({ length: n }, () => stream.gauss());
}
