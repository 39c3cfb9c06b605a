/** How long background work goes on in one go, in milliseconds: short enough that nobody notices. */
const SLICE_MS = 4;

/** The pace of background work: who works asks `isOver` often, and lets others in by `rest` when it is. */
export class Pace {
  private end: number;

  /** @param pause resolves when whatever waited has had its turn */
  constructor(
    private readonly pause: () => Promise<void>,
    private readonly sliceMs = SLICE_MS,
  ) {
    this.end = performance.now() + sliceMs;
  }

  /** A function of its own, so that it can be handed on. */
  readonly isOver = (): boolean => performance.now() >= this.end;

  async rest(): Promise<void> {
    await this.pause();
    this.end = performance.now() + this.sliceMs;
  }
}
