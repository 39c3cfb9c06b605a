/** Runs in a page: compares operators on WebGPU with the TypeScript kernels, and counts what the GPU was given to do. */
import type { Ort } from '../../src/core/onnx/ortRunner.ts';
import { OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import { Graph } from '../../src/core/trace/graph/graph.ts';
import { evaluate } from '../../src/core/trace/kernels/evaluate.ts';
import { type Application, buildApplication } from '../unit/onnx/applications.ts';

export interface GpuReport {
  readonly op: string;
  /** Types of the operands. */
  readonly types: string;
  readonly dispatches: number;
  /** Largest difference, relative to 1 + |value|. */
  readonly difference: number;
  readonly error?: string;
}

const counter = { dispatches: 0 };

function countDispatches(): void {
  const pass = (
    globalThis as { GPUComputePassEncoder?: { prototype: Record<string, (...args: unknown[]) => unknown> } }
  ).GPUComputePassEncoder;
  if (!pass) return;
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    const original = pass.prototype[name]!;
    pass.prototype[name] = function (this: unknown, ...args: unknown[]) {
      counter.dispatches++;
      return original.apply(this, args);
    };
  }
}

async function compareOnGpu(applications: readonly Application[]): Promise<GpuReport[]> {
  const url = '/ort/ort.webgpu.bundle.min.mjs';
  const ort = (await import(url)) as Ort & {
    env: { wasm: { numThreads: number; wasmPaths: object }; logLevel: string };
  };
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: '/ort/ort-wasm-simd-threaded.asyncify.wasm' };
  ort.env.logLevel = 'error';
  countDispatches();
  const runner = new OrtRunner(ort, { backend: 'webgpu', clock: () => performance.now(), sessions: 2 });
  const reports: GpuReport[] = [];
  for (const application of applications) {
    const graph = new Graph();
    const feeds = new Map<string, TensorData>();
    const wanted = buildApplication(graph, application, 1, feeds);
    const ours = evaluate(wanted, feeds);
    const types = application.operands.map(o => o.type).join();
    counter.dispatches = 0;
    try {
      const { outputs } = await runner.run(graph, wanted, feeds);
      let difference = 0;
      outputs.forEach((o, k) => {
        for (let i = 0; i < o.data.length; i++) {
          const [x, y] = [ours[k]!.data[i]!, o.data[i]!];
          if (Number.isNaN(x) && Number.isNaN(y)) continue;
          const gap = x === y ? 0 : Math.abs(x - y) / (1 + Math.abs(x));
          difference = Math.max(difference, Number.isNaN(gap) ? 1e9 : gap);
        }
      });
      reports.push({ op: application.op, types, dispatches: counter.dispatches, difference });
    } catch (error) {
      reports.push({
        op: application.op,
        types,
        dispatches: counter.dispatches,
        difference: 1e9,
        error: String(error),
      });
    }
  }
  await runner.dispose();
  return reports;
}

Object.assign(globalThis, { compareOnGpu });
