import type { GraphNode, GraphValue } from './graph.ts';

/** The operators that the wanted values need, in execution order; values for which `stop` holds are taken as given. */
export function liveNodes(
  wanted: Iterable<GraphValue>,
  stop: (value: GraphValue) => boolean = () => false,
): GraphNode[] {
  const seen = new Set<GraphNode>();
  const stack: GraphValue[] = [];
  const visit = (value: GraphValue | undefined): void => {
    if (value && value.origin.kind === 'node' && !seen.has(value.origin.node) && !stop(value)) {
      seen.add(value.origin.node);
      stack.push(value);
    }
  };
  for (const value of wanted) visit(value);
  while (stack.length > 0) {
    const { origin } = stack.pop()!;
    if (origin.kind === 'node') for (const input of origin.node.inputs) visit(input);
  }
  return [...seen].sort((a, b) => a.index - b.index);
}
