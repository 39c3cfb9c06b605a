import type { Entry } from '../atlas/schema.ts';
import type { TensorData } from '../trace/graph/data.ts';
import type { CancelToken } from '../trace/interpreter/limits.ts';
import type { Outcome, Tracer } from '../trace/tracer.ts';
import { type DdimJump, ddimSchedule } from './ddimSchedule.ts';
import { gaussianNoise } from './ruleStream.ts';
import { makeRunSpec } from './runSpec.ts';
import { CONTEXT_LENGTH, PICTURE_SIZE } from './shapesWorld.ts';
import { type CodeSource, type TracedEntry, type TraceOptions, traceEntry } from './traceEntry.ts';
import type { ValuesEngine } from './valuesEngine.ts';

/** The driver whose `call` is one guided step. */
export const SAMPLER_DRIVER = 'glide.ddim_step';

/** Numbers of one picture: 3 · 16 · 16. */
const PIXELS = 3 * PICTURE_SIZE * PICTURE_SIZE;

export interface DrawOptions {
  /** Token rows, one per picture of the batch, 12 numbers each (`captionTokens`). */
  readonly tokens: readonly (readonly number[])[];
  /** x_T: `[batch, 3, 16, 16]` standard normal numbers, as `drawingNoise` gives them. */
  readonly noise: Float32Array;
  /** Jumps of the chain; 20 where absent. */
  readonly steps?: number;
  /** Scale s of ε̂ = ε(∅) + s (ε(y) − ε(∅)); 1 is no guidance, 3 where absent. */
  readonly guidance?: number;
  /** Called after every jump; wait for what it returns to give a page time to paint. */
  readonly onStep?: (progress: DrawProgress) => void | Promise<void>;
  readonly cancel?: CancelToken;
}

export interface DrawProgress {
  /** 1…of. */
  readonly step: number;
  readonly of: number;
  readonly jump: DdimJump;
  /** x after the jump, and what the network takes the clean picture for: `[batch, 3, 16, 16]` in −1…1. */
  readonly picture: TensorData;
  readonly guess: TensorData;
  readonly noise: TensorData;
}

/** A drawing that was stopped through its token. */
export class DrawingCancelled extends Error {
  override readonly name = 'DrawingCancelled';
}

/**
 * DDIM with classifier-free guidance over one traced step: the step is traced and exported once, the loop only feeds it. Works the same over
 * our mini and over the reader's `Text2ImUNet`.
 */
export class Sampler {
  readonly traced: TracedEntry;
  readonly batch: number;

  private constructor(traced: TracedEntry, batch: number) {
    this.traced = traced;
    this.batch = batch;
  }

  /**
   * Traces the step.
   * @param entry `SAMPLER_ENTRY` of the atlas
   * @param source our mini, or the file with the reader's `Text2ImUNet`
   * @param trained the weights `glide`
   * @param batch pictures that are drawn at once
   */
  static trace(
    tracer: Tracer,
    entry: Entry,
    source: CodeSource,
    trained: ReadonlyMap<string, TensorData>,
    batch = 1,
    options: TraceOptions = {},
  ): Outcome<Sampler> {
    const spec = makeRunSpec(entry, { driver: SAMPLER_DRIVER, trained });
    // Tokens and noise of this size come with every drawing; here any will do.
    const tokens = Array.from({ length: batch * CONTEXT_LENGTH }, () => 0);
    const driver = {
      ...spec.driver,
      inputs: spec.driver.inputs.map(input =>
        input.name === 'tokens' ? { ...input, values: tokens } : input,
      ),
    };
    const config = { ...spec.config, batch };
    const outcome = traceEntry(tracer, source, { ...spec, driver, config }, options);
    return outcome.ok ? { ok: true, value: new Sampler(outcome.value, batch) } : outcome;
  }

  /**
   * Draws.
   * @returns the pictures: `[batch, 3, 16, 16]` in −1…1
   * @throws RangeError for steps that the chain cannot be walked in, or tokens and noise of another batch
   * @throws {DrawingCancelled}
   */
  async draw(engine: ValuesEngine, options: DrawOptions): Promise<TensorData> {
    const { tokens, noise, guidance = 3, onStep, cancel } = options;
    const { batch, traced } = this;
    if (tokens.length !== batch || tokens.some(row => row.length !== CONTEXT_LENGTH)) {
      throw new RangeError(`${batch} rows of ${CONTEXT_LENGTH} tokens are needed`);
    }
    if (noise.length !== batch * PIXELS)
      throw new RangeError(`${batch * PIXELS} numbers of noise are needed`);
    if (!Number.isFinite(guidance)) throw new RangeError(`guidance is a number, not ${guidance}`);
    const wanted = ['x_prev', 'pred_xstart', 'eps'].map(name => {
      const output = traced.outputs.find(candidate => candidate.name === name);
      if (!output) throw new Error(`the driver ${SAMPLER_DRIVER} gives no ${name}`);
      return output.value;
    });
    // What Python looked at while it was traced has to stay so, or the traced step is another program.
    const looks = traced.session.observations;
    const feeds = new Map(traced.session.feeds);
    feeds.set('tokens', int64([batch, CONTEXT_LENGTH], tokens.flat()));
    feeds.set('guidance', float32([1], [guidance]));
    const jumps = ddimSchedule(options.steps ?? 20);
    let picture = float32([batch, 3, PICTURE_SIZE, PICTURE_SIZE], noise);
    for (const [index, jump] of jumps.entries()) {
      if (cancel?.cancelled) throw new DrawingCancelled('the drawing was stopped');
      feeds.set('x', picture);
      feeds.set('timesteps', float32([1], [jump.t]));
      feeds.set('alpha_bar', float32([1], [jump.alphaBar]));
      feeds.set('alpha_bar_prev', float32([1], [jump.alphaBarPrev]));
      const values = await engine(traced.session.graph, [...wanted, ...looks.map(look => look.value)], feeds);
      const [next, guess, eps] = values;
      if (looks.some((look, k) => !sameNumbers(look.data, values[wanted.length + k]!))) {
        throw new Error(
          'the code decides by numbers that change from step to step, so one traced step is not enough',
        );
      }
      picture = next!;
      await onStep?.({ step: index + 1, of: jumps.length, jump, picture, guess: guess!, noise: eps! });
    }
    return picture;
  }
}

/** x_T of a picture by name, as `0:noise.glide.full.0`: `[3, 16, 16]` numbers of the data set's rule. */
export function drawingNoise(...names: readonly string[]): Float32Array {
  const noise = new Float32Array(names.length * PIXELS);
  for (const [index, name] of names.entries()) noise.set(gaussianNoise(name, PIXELS), index * PIXELS);
  return noise;
}

function sameNumbers(a: TensorData, b: TensorData): boolean {
  return (
    a.data.length === b.data.length && Array.from(a.data).every((value, i) => Object.is(value, b.data[i]))
  );
}

function float32(shape: readonly number[], values: ArrayLike<number>): TensorData {
  return { type: 'float32', shape: [...shape], data: Float32Array.from(values) };
}

function int64(shape: readonly number[], values: ArrayLike<number>): TensorData {
  return { type: 'int64', shape: [...shape], data: Float64Array.from(values) };
}
