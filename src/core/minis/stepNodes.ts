import type { GraphValue } from '../trace/graph/graph.ts';
import { liveNodes } from '../trace/graph/live.ts';
import type { TracedEntry } from './traceEntry.ts';

/** A node of the traced graph with the step that computes it. */
export interface StepNode {
  readonly id: number;
  readonly op: string;
  /** Ids of the nodes whose outputs it reads. */
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  readonly step: string | null;
}

/** A diagram of more nodes than this tells nobody anything. */
const MAX_NODES = 600;

/**
 * The live nodes of a traced run in order of execution. A node belongs to the first step whose tensors need it.
 * @returns undefined when there are too many for a diagram
 */
export function stepNodes(traced: TracedEntry): readonly StepNode[] | undefined {
  const wanted = traced.outputs.map(output => output.value);
  const nodes = liveNodes(wanted);
  if (nodes.length > MAX_NODES) return undefined;
  const makerOf = new Map<GraphValue, number>();
  for (const [index, node] of nodes.entries()) for (const output of node.outputs) makerOf.set(output, index);
  const stepOf = new Map<number, string>();
  for (const step of traced.steps) {
    for (const node of liveNodes(step.tensors.map(tensor => tensor.value))) {
      const index = makerOf.get(node.outputs[0]!);
      if (index !== undefined && !stepOf.has(index)) stepOf.set(index, step.id);
    }
  }
  return nodes.map((node, index) => ({
    id: index,
    op: node.op,
    inputs: [...new Set(node.inputs.flatMap(input => (input ? (makerOf.get(input) ?? []) : [])))],
    shape: node.outputs[0]?.shape ?? [],
    step: stepOf.get(index) ?? null,
  }));
}
