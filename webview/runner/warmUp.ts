import { type Ort, OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import { Graph } from '../../src/core/trace/graph/graph.ts';
import { whyNotWebGpu } from './gpuAdapter.ts';

/**
 * Has onnxruntime-web compiled and its backend started by a graph of one operator, so that the first real one need not wait. What goes
 * wrong here goes wrong again at that one, which tells the reader.
 */
export async function warmUp(ort: Ort, wanted: 'auto' | 'webgpu' | 'wasm'): Promise<void> {
  const backend = (await whyNotWebGpu(wanted)) === undefined ? 'webgpu' : 'wasm';
  const runner = new OrtRunner(ort, { backend, clock: () => performance.now() });
  const graph = new Graph();
  const x = graph.feed('input', 'x', 'float32', [1]);
  const feeds = new Map([['x', { type: 'float32', shape: [1], data: Float32Array.of(1) } as const]]);
  await runner.run(graph, [graph.op('Neg', [x])], feeds).catch(() => undefined);
  await runner.dispose();
}
