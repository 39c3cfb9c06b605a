import type { OrtSession } from './ortRunner.ts';

interface Held {
  readonly bytes: Uint8Array;
  readonly level: string;
  readonly session: Promise<OrtSession>;
}

/**
 * Sessions by the very bytes of their models: a graph that is traced again (another seed, a slider that comes back) finds the session of
 * the first time.
 */
export class SessionShelf {
  readonly #most: number;
  /** The one that was used last stands last. */
  readonly #held: Held[] = [];

  /** @param most how many are kept; the one that was not used for longest goes first */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#held.length;
  }

  /**
   * @param level how far it is optimised
   * @param create makes the session when none of these bytes and this level is here
   */
  async take(bytes: Uint8Array, level: string, create: () => Promise<OrtSession>): Promise<OrtSession> {
    const known = this.#held.findIndex(held => held.level === level && isSame(held.bytes, bytes));
    const held = this.#held.splice(known, known < 0 ? 0 : 1)[0] ?? { bytes, level, session: create() };
    this.#held.push(held);
    try {
      await held.session;
    } catch (error) {
      this.#remove(held);
      throw error;
    }
    while (this.#held.length > this.#most) await this.#release(this.#held.shift()!);
    return held.session;
  }

  /** Releases the session of a model that is not wanted again. */
  async drop(bytes: Uint8Array): Promise<void> {
    const held = this.#held.find(candidate => candidate.bytes === bytes);
    if (!held) return;
    this.#remove(held);
    await this.#release(held);
  }

  async clear(): Promise<void> {
    for (const held of this.#held.splice(0)) await this.#release(held);
  }

  #remove(held: Held): void {
    const index = this.#held.indexOf(held);
    if (index >= 0) this.#held.splice(index, 1);
  }

  async #release({ session }: Held): Promise<void> {
    await (await session).release();
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  // From the end: what differs between dims mostly stands there, behind the nodes.
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}
