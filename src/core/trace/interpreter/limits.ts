/**
 * What one run may use. A hostile or broken file can at most make its own run fail: each limit has its own sentence
 * (`LimitError`), and none of them can be caught by Python's `except`.
 *
 * `Budget` is the running account. The interpreter charges `steps`; the tensor library charges `elements` (of one
 * tensor, when its shape is known and before memory is taken), `nodes` and `bytes` through `Runtime.budget`.
 */
import { LimitError } from './errors.ts';

/** Upper bounds of one run. */
export interface Limits {
  /** Statements, loop rounds and calls. */
  readonly steps: number;
  /** Nested Python calls. Far below what would overflow the JavaScript stack. */
  readonly depth: number;
  /** Elements of one tensor or characters of one string. */
  readonly elements: number;
  /** Length of one list, tuple, set or dict. */
  readonly items: number;
  /** Nodes of the traced graph. */
  readonly nodes: number;
  /** Bytes of all tensor values and long Python sequences together. */
  readonly bytes: number;
  /** Milliseconds from the start of the run. */
  readonly milliseconds: number;
  /** Nesting of expressions and blocks in a source file. */
  readonly nesting: number;
  /** Characters of one source file. */
  readonly sourceLength: number;
}

export const defaultLimits: Limits = {
  steps: 20_000_000,
  depth: 220,
  elements: 50_000_000,
  items: 8_000_000,
  nodes: 400_000,
  bytes: 1_500_000_000,
  milliseconds: 60_000,
  nesting: 120,
  sourceLength: 4_000_000,
};

/** Asked every few thousand steps; `true` ends the run. */
export interface CancelToken {
  readonly cancelled: boolean;
}

/** Milliseconds; the only clock there is, and Python cannot see it. */
export type Clock = () => number;

/** A slot, and its share of what growing and copying keep for a while. */
const BYTES_PER_ITEM = 16;

/** The running account of one run. */
export class Budget {
  readonly limits: Limits;
  /** Steps left until the next look at clock and token. Decremented inline by the interpreter. */
  fuel: number;
  private refuelled = 0;
  private nodes = 0;
  private bytes = 0;
  private readonly started: number;
  private readonly clock: Clock;
  private readonly cancel: CancelToken | undefined;
  private static readonly chunk = 4096;

  constructor(limits: Limits, clock: Clock, cancel?: CancelToken) {
    this.limits = limits;
    this.clock = clock;
    this.cancel = cancel;
    this.started = clock();
    this.fuel = Math.min(Budget.chunk, limits.steps);
    this.refuelled = this.fuel;
  }

  /** Steps used so far. */
  get steps(): number {
    return this.refuelled - this.fuel;
  }

  /** Looks at token, clock and step limit; call when `fuel` has run out. */
  refuel(): void {
    this.checkTime();
    const left = this.limits.steps - this.refuelled;
    if (left <= 0) throw new LimitError('steps', this.limits.steps);
    const more = Math.min(Budget.chunk, left);
    this.refuelled += more;
    this.fuel += more;
  }

  /** Throws when the run was cancelled or has taken too long. Long kernels call it now and then. */
  checkTime(): void {
    if (this.cancel?.cancelled) throw new LimitError('cancelled', 0);
    if (this.clock() - this.started > this.limits.milliseconds)
      throw new LimitError('milliseconds', this.limits.milliseconds);
  }

  /** One or more steps at once, for native loops. */
  step(count = 1): void {
    this.fuel -= count;
    if (this.fuel < 0) this.refuel();
    // A native loop may take many chunks at once.
    while (this.fuel < 0) this.refuel();
  }

  /** Refuses a tensor, list or string of that many elements before it is made. */
  elements(count: number): void {
    if (!(count <= this.limits.elements)) throw new LimitError('elements', this.limits.elements, count);
  }

  /** Refuses a list, tuple, set or dict of that length before it is made, and counts its memory. */
  items(length: number): void {
    const most = Math.min(this.limits.items, this.limits.elements);
    if (!(length <= most)) throw new LimitError('elements', most, length);
    this.memory(length * BYTES_PER_ITEM);
    this.work(length);
  }

  /** Counts what a native operation walks through as steps, so that clock and token are asked in time. */
  work(length: number): void {
    if (length >= 1024) this.step(length >> 6);
  }

  /** Counts graph nodes. */
  node(count = 1): void {
    this.nodes += count;
    if (this.nodes > this.limits.nodes) throw new LimitError('nodes', this.limits.nodes);
  }

  /** Counts memory taken; nothing is ever given back within a run. */
  memory(byteCount: number): void {
    this.bytes += byteCount;
    if (this.bytes > this.limits.bytes) throw new LimitError('bytes', this.limits.bytes);
  }
}
