import { Tensor } from '../trace/tensor/tensor.ts';
import type { ComputedTensor } from './computeRun.ts';
import type { TracedEntry } from './traceEntry.ts';

/**
 * A step's tensors under the names of the golden case: what the step left behind, and intermediates that its statements assigned on
 * the way. Tensors that no intermediate names keep the variable's name.
 *
 * @param index of the step among `traced.steps`
 * @param computed the step's tensors, in order
 * @param intermediates computed, in the order of `traced.intermediates`
 */
export function goldenNames(
  traced: TracedEntry,
  index: number,
  computed: readonly ComputedTensor[],
  intermediates: readonly ComputedTensor[],
): readonly ComputedTensor[] {
  const step = traced.steps[index];
  if (!step) return computed;
  const named: ComputedTensor[] = [];
  const used = new Set<number>();
  for (const [k, tensor] of step.tensors.entries()) {
    const golden = traced.intermediates.flatMap((candidate, i) =>
      candidate.value === tensor.value ? [i] : [],
    );
    for (const i of golden) {
      used.add(i);
      named.push(intermediates[i]!);
    }
    if (golden.length === 0 && computed[k]) named.push(computed[k]);
  }
  const assigned = new Set(
    step.lines
      .flatMap(({ start, end }) => traced.captures.inLines(traced.source.path, start, end, 0))
      .flatMap(capture => (capture.value instanceof Tensor ? [capture.value.value] : [])),
  );
  for (const [i, candidate] of traced.intermediates.entries()) {
    if (!used.has(i) && assigned.has(candidate.value)) named.push(intermediates[i]!);
  }
  return named;
}
