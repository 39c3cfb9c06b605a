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

/** A model with its feeds, as the server of the tests hands it out: numbers are little-endian bytes in base64. */
export interface ServedModel {
  readonly model: string;
  readonly feeds: readonly {
    readonly name: string;
    readonly type: 'float32' | 'int64' | 'bool';
    readonly dims: number[];
    readonly data: string;
  }[];
  readonly outputs: readonly string[];
}

/** What one model gave. */
export interface ServedResult {
  /** Flat numbers per output; non-finite ones as text. */
  readonly outputs: readonly (readonly (number | string)[])[];
  readonly dispatches: number;
  readonly error?: string;
}

let loaded: Promise<Ort> | undefined;

function loadOrt(): Promise<Ort> {
  loaded ??= (async () => {
    const url = '/ort/ort.webgpu.bundle.min.mjs';
    const ort = (await import(url)) as Ort & {
      env: { wasm: { numThreads: number; wasmPaths: object }; logLevel: string };
    };
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = { wasm: '/ort/ort-wasm-simd-threaded.asyncify.wasm' };
    ort.env.logLevel = 'error';
    countDispatches();
    return ort;
  })();
  return loaded;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), c => c.charCodeAt(0));
}

async function runServedOnGpu(url: string): Promise<ServedResult> {
  const ort = await loadOrt();
  const served = (await (await fetch(url)).json()) as ServedModel;
  counter.dispatches = 0;
  try {
    const session = await ort.InferenceSession.create(bytesOf(served.model), {
      executionProviders: ['webgpu'],
      logSeverityLevel: 3,
    });
    const feeds = Object.fromEntries(
      served.feeds.map(({ name, type, dims, data }) => {
        const { buffer } = bytesOf(data);
        const numbers =
          type === 'float32'
            ? new Float32Array(buffer)
            : type === 'int64'
              ? new BigInt64Array(buffer)
              : new Uint8Array(buffer);
        return [name, new ort.Tensor(type, numbers as never, dims)];
      }),
    );
    const results = await session.run(feeds, served.outputs);
    const outputs: (number | string)[][] = [];
    for (const name of served.outputs) {
      const tensor = results[name]!;
      const data = (tensor.getData ? await tensor.getData() : tensor.data) as ArrayLike<number | bigint>;
      outputs.push(Array.from(data, x => (Number.isFinite(Number(x)) ? Number(x) : String(x))));
    }
    await session.release();
    return { outputs, dispatches: counter.dispatches };
  } catch (error) {
    return { outputs: [], dispatches: counter.dispatches, error: String(error) };
  }
}

async function compareOnGpu(applications: readonly Application[]): Promise<GpuReport[]> {
  const ort = await loadOrt();
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

Object.assign(globalThis, { compareOnGpu, runServedOnGpu });
