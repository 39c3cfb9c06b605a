import { readFileSync } from 'node:fs';

/** The longest times that the event loop did not get round to a timer, in milliseconds. */
export interface LoopBlocks {
  /** As a waiting keystroke feels it; on a busy machine other programs are part of it. */
  readonly wall: number;
  /** What this thread itself computed meanwhile; undefined where the system does not tell (all but Linux). */
  readonly computed: number | undefined;
}

/** Watches the event loop of this thread by a timer of one millisecond. */
export class LoopWatch {
  #wall = 0;
  #computed = 0;
  #at = performance.now();
  #cpu = threadTime();
  readonly #timer = setInterval(() => this.#tick(), 1);

  stop(): LoopBlocks {
    clearInterval(this.#timer);
    this.#tick();
    return { wall: this.#wall, computed: this.#cpu === undefined ? undefined : this.#computed };
  }

  #tick(): void {
    const now = performance.now();
    const cpu = threadTime();
    this.#wall = Math.max(this.#wall, now - this.#at);
    if (cpu !== undefined) this.#computed = Math.max(this.#computed, cpu - (this.#cpu ?? cpu));
    this.#at = now;
    this.#cpu = cpu;
  }
}

/** Milliseconds that this thread has been on a processor. */
function threadTime(): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}
