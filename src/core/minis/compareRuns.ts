import { evaluate } from '../trace/kernels/evaluate.ts';
import { comparePair, type Layout, type Pair } from './comparePair.ts';
import type { ComputedRun, ComputedTensor } from './computeRun.ts';
import { locateDifference, type NamedPair, type StepPairs } from './locateDifference.ts';
import type { NamedTensor, TracedEntry } from './traceEntry.ts';

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
  /** `missing`: its numbers occur nowhere on screen; the difference is what comes of it. */
  readonly reason?: 'shape' | 'values' | 'missing';
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
  const stepPairs = stepOrder.map((id): StepPairs => {
    const ours = mini.steps.find(step => step.id === id)?.tensors ?? [];
    const theirs = screen.steps.find(step => step.id === id)?.tensors ?? [];
    const layouts = layoutsOf(traces, id);
    return { id, layouts, pairs: pairsOf(ours, theirs, layouts, precise?.ofStep(id)) };
  });
  const outputPairs = pairsOf(mini.outputs, screen.outputs, {}, precise?.ofOutputs());
  const disagrees = [...stepPairs.flatMap(step => step.pairs), ...outputPairs].some(
    ({ pair }) => pair && !pair.agrees,
  );
  const located = disagrees && traces ? locateDifference(stepPairs, outputPairs, traces) : undefined;
  const outputs = outputPairs.map(output => summary(output.name, [output]));
  const steps = stepPairs.map(step => {
    const isBlamed = located?.blamed?.step === step.id;
    const elsewhere = isBlamed ? undefined : located?.elsewhere.get(step.id);
    const pairs = step.pairs.map(pair => {
      const found = elsewhere?.get(pair.name);
      return found ? { ...pair, pair: found } : pair;
    });
    return summary(step.id, pairs);
  });
  const blamed = located?.blamed;
  if (blamed?.step != null) {
    const at = steps.findIndex(step => step.id === blamed.step);
    const step = steps[at];
    const shown = [...steps.slice(at + 1), ...outputs].find(it => !it.agrees);
    if (step?.agrees) {
      steps[at] = {
        ...step,
        agrees: false,
        difference: shown?.difference ?? Number.POSITIVE_INFINITY,
        size: shown?.size ?? step.size,
        tensor: blamed.tensor ?? step.tensor,
        reason: 'missing',
      };
    }
  }
  const all = [...steps, ...outputs];
  const different = blamed ? steps.find(step => step.id === blamed.step) : steps.find(step => !step.agrees);
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
            lines: different ? linesOf(screen, stepOrder, different.id) : [],
            difference: bad.difference ?? Number.POSITIVE_INFINITY,
            size: bad.size,
          },
        }
      : {}),
    steps,
    outputs,
  };
}

/** Where a step stands on screen; one that stands nowhere is missed where the next step begins. */
function linesOf(screen: ComputedRun, order: readonly string[], id: string): FirstDifference['lines'] {
  const of = (step: string) => screen.steps.find(it => it.id === step)?.lines ?? [];
  const own = of(id);
  if (own.length > 0) return own;
  const at = order.indexOf(id);
  const behind = order
    .slice(at + 1)
    .map(of)
    .find(lines => lines.length > 0);
  if (behind) return behind.slice(0, 1);
  return (
    order
      .slice(0, at)
      .reverse()
      .map(of)
      .find(lines => lines.length > 0)
      ?.slice(-1) ?? []
  );
}

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

function pairsOf(
  ours: readonly ComputedTensor[],
  theirs: readonly ComputedTensor[],
  layouts: Readonly<Record<string, Layout>>,
  precise: PreciseDifference | undefined,
): NamedPair[] {
  return ours.map(own => {
    const { name } = own;
    const other = theirs.find(candidate => candidate.name === name);
    if (!other) return { name, own };
    const layout = layouts[name];
    return { name, own, other, pair: withNoise(comparePair(own, other, layout), own, layout, precise) };
  });
}

/** Tensors that both sides have; a step that only one side has is no disagreement, it is not compared. */
function summary(id: string, pairs: readonly NamedPair[]): StepComparison {
  let worst: StepComparison = { id, agrees: true, difference: null, size: 0, tensor: null };
  for (const { name, pair } of pairs) {
    if (!pair) continue;
    const size = Math.max(worst.size, pair.size);
    if (worst.difference === null || pair.difference > worst.difference || (worst.agrees && !pair.agrees)) {
      const noise = (pair.noise ?? false) || (worst.noise ?? false);
      worst = {
        id,
        ...pair,
        size,
        tensor: name,
        agrees: worst.agrees && pair.agrees,
        ...(noise ? { noise } : {}),
      };
    } else worst = { ...worst, size, agrees: worst.agrees && pair.agrees };
  }
  return worst;
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
