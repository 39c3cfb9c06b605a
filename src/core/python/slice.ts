/** How long background work goes on in one go, in milliseconds: short enough that nobody notices. */
const SLICE_MS = 5;

/** One go of background work: who works asks `isOver`, lets others in, and begins anew. */
export class Slice {
  private end = performance.now() + SLICE_MS;

  begin(): void {
    this.end = performance.now() + SLICE_MS;
  }

  /** A function of its own, so that it can be handed on. */
  readonly isOver = (): boolean => performance.now() >= this.end;
}
