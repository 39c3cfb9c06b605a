import { evaluate } from '../trace/kernels/evaluate.ts';
import type { ComputedRun, ComputedTensor } from './computeRun.ts';
import type { NamedTensor, TracedEntry } from './traceEntry.ts';

/** What differs by no more than this, plus the relative part, is noise of float32 (`test/fixtures/goldens/README.md`). */
export const ATOL = 2e-5;
export const RTOL = 1e-5;

/** Beyond this share of the tensor's size no rounding of float32 is suspected. */
const SMALL = 1e-2;
/** Rounding shrinks by eight digits in double precision; a change of meaning stays as it is. */
const SHRINKS = 100;

export interface StepComparison {
  readonly id: string;
  readonly agrees: boolean;
  /** Largest absolute difference; null where one side has no tensor for the step. */
  readonly difference: number | null;
  /** Largest magnitude on the equation's side, to read the difference against. */
  readonly size: number;
  /** Name of the tensor that differs most. */
  readonly tensor: string | null;
  readonly reason?: 'shape' | 'values';
  /** Above the tolerance in float32, gone in float64: rounding, no change of meaning. */
  readonly noise?: boolean;
  /** The difference in float64, where it was asked for. */
  readonly difference64?: number;
  /** Shapes on both sides where they differ. */
  readonly shapes?: { readonly mini: readonly number[]; readonly screen: readonly number[] };
}

/** Where the two part. */
export interface FirstDifference {
  /** The step; null where only outputs differ. */
  readonly step: string | null;
  /** Its tensor, or the output. */
  readonly tensor: string;
  /** Lines of the step on screen, 0-based, inclusive. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
  readonly difference: number;
  readonly size: number;
}

export interface RunComparison {
  readonly agrees: boolean;
  /** `noise`: all alike but for rounding above the tolerance; `nothing`: no tensor that both sides have. */
  readonly verdict: 'equal' | 'noise' | 'different' | 'nothing';
  /** Largest difference of any step or output that both sides have. */
  readonly difference: number;
  readonly firstDifferent: string | null;
  readonly first?: FirstDifference;
  readonly steps: readonly StepComparison[];
  readonly outputs: readonly StepComparison[];
}

/** The traced runs behind the numbers: with them layouts are reconciled, and noise is told from a change of meaning. */
export interface ComparedTraces {
  readonly mini: TracedEntry;
  readonly screen: TracedEntry;
}

/** Screen against mini, step by step in the order of the equation. */
export function compareRuns(
  mini: ComputedRun,
  screen: ComputedRun,
  stepOrder: readonly string[],
  traces?: ComparedTraces,
): RunComparison {
  const precise = traces && new DoublePrecision(traces);
  const steps = stepOrder.map(id => {
    const ours = mini.steps.find(step => step.id === id)?.tensors ?? [];
    const theirs = screen.steps.find(step => step.id === id)?.tensors ?? [];
    return compareTensors(id, ours, theirs, layoutsOf(traces, id), precise?.ofStep(id));
  });
  const outputs = mini.outputs.map(output =>
    compareTensors(
      output.name,
      [output],
      screen.outputs.filter(candidate => candidate.name === output.name),
      {},
      precise?.ofOutputs(),
    ),
  );
  const all = [...steps, ...outputs];
  const different = steps.find(step => !step.agrees);
  const bad = different ?? outputs.find(output => !output.agrees);
  const compared = all.some(step => step.difference !== null);
  return {
    agrees: !bad,
    verdict: bad ? 'different' : !compared ? 'nothing' : all.some(step => step.noise) ? 'noise' : 'equal',
    difference: Math.max(0, ...all.map(step => step.difference ?? 0)),
    firstDifferent: different?.id ?? null,
    ...(bad
      ? {
          first: {
            step: different?.id ?? null,
            tensor: bad.tensor ?? bad.id,
            lines: screen.steps.find(step => step.id === different?.id)?.lines ?? [],
            difference: bad.difference ?? Number.POSITIVE_INFINITY,
            size: bad.size,
          },
        }
      : {}),
    steps,
    outputs,
  };
}

/** How a tensor of the screen becomes the mini's, where the step says so: the same numbers in another shape, or axes exchanged. */
type Layout = 'flat' | readonly number[];

function layoutsOf(traces: ComparedTraces | undefined, id: string): Readonly<Record<string, Layout>> {
  return traces?.mini.spec.entry.steps.find(step => step.id === id)?.layout ?? {};
}

type PreciseDifference = (name: string, layout: Layout | undefined) => number | undefined;

/** Differences in float64 on the TypeScript kernels, worked out when they are asked for. */
class DoublePrecision {
  readonly #traces: ComparedTraces;

  constructor(traces: ComparedTraces) {
    this.#traces = traces;
  }

  ofStep(id: string): PreciseDifference {
    const { mini, screen } = this.#traces;
    const tensors = (traced: TracedEntry) => traced.steps.find(step => step.id === id)?.tensors ?? [];
    return (name, layout) => this.#difference(tensors(mini), tensors(screen), name, layout);
  }

  ofOutputs(): PreciseDifference {
    const { mini, screen } = this.#traces;
    return (name, layout) => this.#difference(mini.outputs, screen.outputs, name, layout);
  }

  #difference(
    ours: readonly NamedTensor[],
    theirs: readonly NamedTensor[],
    name: string,
    layout: Layout | undefined,
  ): number | undefined {
    const [own, other] = [ours, theirs].map(list => list.find(tensor => tensor.name === name));
    if (!own || !other) return undefined;
    const { mini, screen } = this.#traces;
    const compute = (traced: TracedEntry, tensor: NamedTensor): ComputedTensor => {
      const [data] = evaluate([tensor.value], traced.session.feeds, { precision: 'float64' });
      return { name, dtype: tensor.dtype, data: data! };
    };
    return comparePair(compute(mini, own), compute(screen, other), layout).difference;
  }
}

/** Tensors that both sides have by name; a step that only one side has is no disagreement, it is not compared. */
function compareTensors(
  id: string,
  ours: readonly ComputedTensor[],
  theirs: readonly ComputedTensor[],
  layouts: Readonly<Record<string, Layout>>,
  precise: PreciseDifference | undefined,
): StepComparison {
  let worst: StepComparison = { id, agrees: true, difference: null, size: 0, tensor: null };
  for (const own of ours) {
    const other = theirs.find(candidate => candidate.name === own.name);
    if (!other) continue;
    const layout = layouts[own.name];
    const pair = withNoise(comparePair(own, other, layout), own, layout, precise);
    const size = Math.max(worst.size, pair.size);
    if (worst.difference === null || pair.difference > worst.difference || (worst.agrees && !pair.agrees)) {
      const noise = (pair.noise ?? false) || (worst.noise ?? false);
      worst = {
        id,
        ...pair,
        size,
        tensor: own.name,
        agrees: worst.agrees && pair.agrees,
        ...(noise ? { noise } : {}),
      };
    } else worst = { ...worst, size, agrees: worst.agrees && pair.agrees };
  }
  return worst;
}

interface Pair {
  readonly agrees: boolean;
  readonly difference: number;
  readonly size: number;
  readonly reason?: 'shape' | 'values';
  readonly noise?: boolean;
  readonly difference64?: number;
  readonly shapes?: NonNullable<StepComparison['shapes']>;
}

/** A small difference above the tolerance is looked at in double precision. */
function withNoise(
  pair: Pair,
  own: ComputedTensor,
  layout: Layout | undefined,
  precise: PreciseDifference | undefined,
): Pair {
  if (pair.agrees || !precise || !(pair.difference <= SMALL * Math.max(1, pair.size))) return pair;
  const difference64 = precise(own.name, layout);
  if (difference64 === undefined) return pair;
  if (!(difference64 <= pair.difference / SHRINKS)) return { ...pair, difference64 };
  const { difference, size } = pair;
  return { agrees: true, difference, size, noise: true, difference64 };
}

/** Shapes that differ by axes of length one hold the same numbers; other layouts count where the step declares them. */
export function comparePair(own: ComputedTensor, other: ComputedTensor, layout?: Layout): Pair {
  const direct = compareAligned(own, other, layout === 'flat');
  if (direct.agrees || layout === undefined || layout === 'flat') return direct;
  const turned = permuted(other, layout);
  if (!turned) return direct;
  const indirect = compareAligned(own, turned, false);
  return indirect.agrees || direct.reason === 'shape' ? indirect : direct;
}

function compareAligned(own: ComputedTensor, other: ComputedTensor, flat: boolean): Pair {
  const squeezed = (shape: readonly number[]) => shape.filter(size => size !== 1).join();
  const size = largest(own.data.data);
  const alike = flat
    ? own.data.data.length === other.data.data.length
    : squeezed(own.data.shape) === squeezed(other.data.shape);
  if (!alike) {
    const shapes = { mini: own.data.shape, screen: other.data.shape };
    return { agrees: false, difference: Number.POSITIVE_INFINITY, size, reason: 'shape', shapes };
  }
  let difference = 0;
  let agrees = true;
  for (let i = 0; i < own.data.data.length; i++) {
    const a = Number(own.data.data[i]);
    const b = Number(other.data.data[i]);
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const gap = Math.abs(a - b);
    const far = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    if (far > difference) difference = far;
    if (!(far <= ATOL + RTOL * Math.abs(a))) agrees = false;
  }
  return { agrees, difference, size, ...(agrees ? {} : { reason: 'values' as const }) };
}

/** `tensor.permute(axes)`; undefined where the axes are not the tensor's. */
function permuted(tensor: ComputedTensor, axes: readonly number[]): ComputedTensor | undefined {
  const { shape, data, type } = tensor.data;
  if (axes.length !== shape.length || [...axes].sort().some((axis, i) => axis !== i)) return undefined;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const turned = axes.map(axis => shape[axis]!);
  const moved = data.slice();
  const index = new Array<number>(axes.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    let from = 0;
    for (const [k, axis] of axes.entries()) from += index[k]! * strides[axis]!;
    moved[i] = data[from]!;
    for (let k = axes.length - 1; k >= 0; k--) {
      index[k] = index[k]! + 1;
      if (index[k]! < turned[k]!) break;
      index[k] = 0;
    }
  }
  return { ...tensor, data: { type, shape: turned, data: moved } };
}

function largest(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(Number(values[i]));
    if (Number.isFinite(magnitude) && magnitude > size) size = magnitude;
  }
  return size;
}
