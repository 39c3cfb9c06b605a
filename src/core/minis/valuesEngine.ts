import type { OrtRunner } from '../onnx/ortRunner.ts';
import type { TensorData } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import { evaluate, type Feeds } from '../trace/kernels/evaluate.ts';

/** Numbers of graph values for given feeds; what loops run their traced step on. */
export type ValuesEngine = (
  graph: object,
  wanted: readonly GraphValue[],
  feeds: Feeds,
) => Promise<readonly TensorData[]>;

/** The TypeScript kernels. */
export const kernelValues: ValuesEngine = async (_graph, wanted, feeds) => evaluate(wanted, feeds);

/** onnxruntime-web; the session of a graph is made once. */
export function ortValues(runner: OrtRunner): ValuesEngine {
  return async (graph, wanted, feeds) =>
    (await runner.run(graph, wanted, feeds, { weightsInside: true })).outputs;
}
