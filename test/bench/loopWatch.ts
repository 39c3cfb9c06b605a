import { closeSync, openSync, readSync } from 'node:fs';

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
  readonly #clock = new ThreadClock();
  #at = performance.now();
  #cpu = this.#clock.now();
  readonly #timer = setInterval(() => this.#tick(), 1);

  stop(): LoopBlocks {
    clearInterval(this.#timer);
    this.#tick();
    this.#clock.close();
    return { wall: this.#wall, computed: this.#cpu === undefined ? undefined : this.#computed };
  }

  #tick(): void {
    const now = performance.now();
    const cpu = this.#clock.now();
    this.#wall = Math.max(this.#wall, now - this.#at);
    if (cpu !== undefined) this.#computed = Math.max(this.#computed, cpu - (this.#cpu ?? cpu));
    this.#at = now;
    this.#cpu = cpu;
  }
}

/** Milliseconds that this thread has been on a processor; one buffer for all readings, or the watch would fill the heap. */
class ThreadClock {
  readonly #file = open();
  readonly #bytes = Buffer.alloc(64);

  now(): number | undefined {
    if (this.#file === undefined) return undefined;
    readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    let nanoseconds = 0;
    for (let i = 0; this.#bytes[i]! >= 0x30; i++) nanoseconds = nanoseconds * 10 + this.#bytes[i]! - 0x30;
    return nanoseconds / 1e6;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

function open(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
