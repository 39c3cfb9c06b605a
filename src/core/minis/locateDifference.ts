import type { TensorData } from '../trace/graph/data.ts';
import type { GraphNode, GraphValue } from '../trace/graph/graph.ts';
import { liveNodes } from '../trace/graph/live.ts';
import { Evaluator } from '../trace/kernels/evaluate.ts';
import { comparePair, type Layout, type Pair } from './comparePair.ts';
import type { ComputedTensor } from './computeRun.ts';
import { ScreenValues } from './screenValues.ts';
import type { NamedTensor, TracedEntry } from './traceEntry.ts';

/** A tensor of a step or an output: the equation's, and the screen's of that name where there is one. */
export interface NamedPair {
  readonly name: string;
  readonly own: ComputedTensor;
  readonly other?: ComputedTensor;
  readonly pair?: Pair;
}

export interface StepPairs {
  readonly id: string;
  readonly layouts: Readonly<Record<string, Layout>>;
  readonly pairs: readonly NamedPair[];
}

/** Where screen and mini part, after a look at the values instead of the names. */
export interface Located {
  /** Tensors that the screen computes under another name: by step and name. */
  readonly elsewhere: ReadonlyMap<string, ReadonlyMap<string, Pair>>;
  /** The step that is to blame; null where only an output tells, undefined where nothing differs. */
  readonly blamed?: { readonly step: string | null; readonly tensor?: string };
}

/**
 * - `same`: the tensors of that name agree.
 * - `elsewhere`: they do not, but the screen computes the equation's numbers all the same.
 * - `lost`: the equation's numbers occur nowhere on screen, and nothing there has their name.
 * - `differs`: they occur nowhere, and what has their name has other numbers.
 */
type Status = 'same' | 'elsewhere' | 'lost' | 'differs';

/**
 * Names mislead: code on screen may keep another tensor under a step's name, or do two steps at once. Where names disagree, values decide.
 * A step whose numbers the screen computes anywhere is no difference, unless giving the named tensor these numbers would mend what comes
 * later. A step whose numbers are lost is to blame for what differs behind it and depends on it.
 * @returns undefined where the run is too large to look through
 */
export function locateDifference(
  steps: readonly StepPairs[],
  outputs: readonly NamedPair[],
  traces: { readonly mini: TracedEntry; readonly screen: TracedEntry },
): Located | undefined {
  const { mini, screen } = traces;
  const known = ScreenValues.of(valuesOf(screen), screen.session.feeds);
  if (!known) return undefined;
  const elsewhere = new Map<string, Map<string, Pair>>();
  const badOutputs = outputs.filter(output => output.pair && !output.pair.agrees);
  const judged = steps.map(step => {
    const statuses = new Map<string, Status>();
    for (const { name, own, other, pair } of step.pairs) {
      const status = (): Status | undefined => {
        if (pair?.agrees) return 'same';
        const found = known.find(own, step.layouts[name]);
        const turned = !found && other && badOutputs.length === 0 && hasSameNumbers(own, other);
        if (found || turned) {
          const { size } = comparePair(own, own);
          const list = elsewhere.get(step.id) ?? new Map<string, Pair>();
          elsewhere.set(step.id, list.set(name, found ?? { agrees: true, difference: 0, size }));
          return 'elsewhere';
        }
        if (other) return 'differs';
        return ScreenValues.isTelling(own.data) ? 'lost' : undefined;
      };
      const found = status();
      if (found) statuses.set(name, found);
    }
    return { step, statuses };
  });

  const evaluator = new Evaluator(name => mini.session.feeds.get(name));
  const occurs = new Map<GraphValue, boolean>();
  /** The operators of the mini behind some values, as far back as the first numbers that occur on screen. */
  const unexplained = (values: readonly GraphValue[]): ReadonlySet<GraphNode> =>
    new Set(
      liveNodes(values, value => {
        const given = occurs.get(value) ?? (!values.includes(value) && known.has(evaluator.get(value)));
        occurs.set(value, given);
        return given;
      }),
    );

  const blame = (): Located['blamed'] => {
    /** Steps whose numbers are lost. */
    const pending: { id: string; name: string; value: GraphValue }[] = [];
    const blameFor = (values: readonly GraphValue[]) => {
      if (pending.length === 0) return undefined;
      const needs = unexplained(values);
      const earlier = pending.find(({ value: { origin } }) =>
        // A number that Python knew cannot be followed: it may be meant.
        origin.kind === 'node' ? needs.has(origin.node) : origin.kind === 'constant',
      );
      return earlier && { step: earlier.id, tensor: earlier.name };
    };
    for (const [index, { step, statuses }] of judged.entries()) {
      const has = (status: Status) => [...statuses].find(([, it]) => it === status)?.[0];
      const differing = has('differs');
      const lost = has('lost');
      if (differing !== undefined) {
        const values = tensorsOf(mini, step.id).flatMap(it => (it.name === differing ? [it.value] : []));
        return blameFor(values) ?? { step: step.id, tensor: differing };
      }
      if (lost !== undefined) {
        const value = tensorsOf(mini, step.id).find(it => it.name === lost)?.value;
        if (value) pending.push({ id: step.id, name: lost, value });
        continue;
      }
      if (has('elsewhere') !== undefined) {
        const later = judged.slice(index + 1).map(it => it.step);
        if (isMended(step, later, badOutputs, screen)) return { step: step.id, tensor: has('elsewhere')! };
      }
    }
    if (badOutputs.length === 0) return undefined;
    const values = mini.outputs
      .filter(output => badOutputs.some(bad => bad.name === output.name))
      .map(output => output.value);
    const lost = blameFor(values);
    if (lost) return lost;
    const last = steps.findLast(step => tensorsOf(mini, step.id).some(it => values.includes(it.value)));
    return { step: last?.id ?? null };
  };
  const blamed = blame();
  return { elsewhere, ...(blamed ? { blamed } : {}) };
}

/** What a traced run shows for itself: outputs, steps, and all that the statements of the function assigned. */
function valuesOf(traced: TracedEntry): GraphValue[] {
  return [
    ...traced.outputs,
    ...traced.intermediates,
    ...traced.assigned(),
    ...traced.steps.flatMap(step => step.tensors),
  ].map(tensor => tensor.value);
}

function tensorsOf(traced: TracedEntry, id: string): readonly NamedTensor[] {
  return traced.steps.find(step => step.id === id)?.tensors ?? [];
}

/**
 * Whether the equation's numbers, put in the place of what the screen calls so, would set right something that comes later. Where the
 * step found no place on screen, every tensor that bears the name is tried.
 */
function isMended(
  step: StepPairs,
  later: readonly StepPairs[],
  badOutputs: readonly NamedPair[],
  screen: TracedEntry,
): boolean {
  const tries: ReadonlyMap<number, TensorData>[] = [];
  const together = new Map<number, TensorData>();
  for (const { name, own, other, pair } of step.pairs) {
    if (pair?.agrees) continue;
    const fits = (tensor: NamedTensor) => tensor.value.shape.join() === own.data.shape.join();
    if (other) {
      const tensor = tensorsOf(screen, step.id).find(it => it.name === name);
      if (tensor && fits(tensor)) together.set(tensor.value.id, own.data);
      continue;
    }
    const names = [name, screen.alignment?.renames.get(name)];
    for (const tensor of screen.assigned()) {
      if (names.includes(tensor.name) && fits(tensor)) tries.push(new Map([[tensor.value.id, own.data]]));
    }
  }
  if (together.size > 0) tries.unshift(together);
  return tries.some(given => {
    const evaluator = new Evaluator(name => screen.session.feeds.get(name), { given });
    const agrees = (named: readonly NamedTensor[], { name, own }: NamedPair, layout?: Layout) => {
      const value = named.find(tensor => tensor.name === name)?.value;
      if (!value) return false;
      try {
        return comparePair(own, { ...own, data: evaluator.get(value) }, layout).agrees;
      } catch {
        return false;
      }
    };
    return (
      badOutputs.some(output => agrees(screen.outputs, output)) ||
      later.some(next =>
        next.pairs.some(
          pair =>
            pair.pair &&
            !pair.pair.agrees &&
            agrees(tensorsOf(screen, next.id), pair, next.layouts[pair.name]),
        ),
      )
    );
  });
}

/** The same numbers in any order: a tensor that is kept with its axes otherwise. */
function hasSameNumbers(own: ComputedTensor, other: ComputedTensor): boolean {
  if (own.data.data.length !== other.data.data.length || !ScreenValues.isTelling(own.data)) return false;
  const sorted = (tensor: ComputedTensor): TensorData => {
    const data = Float64Array.from(tensor.data.data, Number).sort();
    return { ...tensor.data, shape: [data.length], data };
  };
  return comparePair({ ...own, data: sorted(own) }, { ...other, data: sorted(other) }).agrees;
}
