import type { ComputedRun, ComputedTensor } from './computeRun.ts';

/** What differs by no more than this, plus the relative part, is noise of float32 (`test/fixtures/goldens/README.md`). */
export const ATOL = 2e-5;
export const RTOL = 1e-5;

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
}

export interface RunComparison {
  readonly agrees: boolean;
  /** Largest difference of any step or output that both sides have. */
  readonly difference: number;
  readonly firstDifferent: string | null;
  readonly steps: readonly StepComparison[];
  readonly outputs: readonly StepComparison[];
}

/** Screen against mini, step by step in the order of the equation. */
export function compareRuns(
  mini: ComputedRun,
  screen: ComputedRun,
  stepOrder: readonly string[],
): RunComparison {
  const steps = stepOrder.map(id => {
    const ours = mini.steps.find(step => step.id === id)?.tensors ?? [];
    const theirs = screen.steps.find(step => step.id === id)?.tensors ?? [];
    return compareTensors(id, ours, theirs);
  });
  const outputs = mini.outputs.map(output =>
    compareTensors(
      output.name,
      [output],
      screen.outputs.filter(candidate => candidate.name === output.name),
    ),
  );
  const all = [...steps, ...outputs];
  return {
    agrees: all.every(step => step.agrees),
    difference: Math.max(0, ...all.map(step => step.difference ?? 0)),
    firstDifferent: steps.find(step => !step.agrees)?.id ?? null,
    steps,
    outputs,
  };
}

/** Tensors that both sides have by name; a step that only one side has is no disagreement, it is not compared. */
function compareTensors(
  id: string,
  ours: readonly ComputedTensor[],
  theirs: readonly ComputedTensor[],
): StepComparison {
  let worst: StepComparison = { id, agrees: true, difference: null, size: 0, tensor: null };
  for (const own of ours) {
    const other = theirs.find(candidate => candidate.name === own.name);
    if (!other) continue;
    const pair = comparePair(own, other);
    const size = Math.max(worst.size, pair.size);
    if (worst.difference === null || pair.difference > worst.difference || (worst.agrees && !pair.agrees)) {
      worst = { id, ...pair, size, tensor: own.name, agrees: worst.agrees && pair.agrees };
    } else worst = { ...worst, size, agrees: worst.agrees && pair.agrees };
  }
  return worst;
}

interface Pair {
  readonly agrees: boolean;
  readonly difference: number;
  readonly size: number;
  readonly reason?: 'shape' | 'values';
}

/** Shapes that differ by axes of length one hold the same numbers. */
export function comparePair(own: ComputedTensor, other: ComputedTensor): Pair {
  const squeezed = (shape: readonly number[]) => shape.filter(size => size !== 1).join();
  const size = largest(own.data.data);
  if (squeezed(own.data.shape) !== squeezed(other.data.shape)) {
    return { agrees: false, difference: Number.POSITIVE_INFINITY, size, reason: 'shape' };
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

function largest(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(Number(values[i]));
    if (Number.isFinite(magnitude) && magnitude > size) size = magnitude;
  }
  return size;
}
