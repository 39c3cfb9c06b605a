import type * as OrtModule from 'onnxruntime-web/webgpu';
import { type Ort, OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import { Graph } from '../../src/core/trace/graph/graph.ts';
import type { Fallback } from './runTypes.ts';

/** What runs the graph, and why it is not WebGPU where it is not. */
export interface ChosenBackend {
  readonly runner: OrtRunner;
  readonly backend: 'webgpu' | 'wasm';
  readonly fallback?: Fallback;
}

interface AdapterLike {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly isFallbackAdapter?: boolean;
    readonly architecture?: string;
    readonly vendor?: string;
  };
}

/**
 * Chooses between WebGPU and WASM: asks for an adapter first, since onnxruntime-web would fall back in silence. A software adapter is
 * slower than WASM and is taken only when the reader insists.
 */
export class Backends {
  readonly #ort: typeof OrtModule;
  readonly #runners = new Map<'webgpu' | 'wasm', OrtRunner>();
  #adapter: Promise<AdapterLike | null> | undefined;
  /** Set when WebGPU failed while running: it is not tried again until the panel is opened anew. */
  #broken: Fallback | undefined;

  constructor(ort: typeof OrtModule, wasm: ArrayBuffer) {
    this.#ort = ort;
    ort.env.wasm.wasmBinary = wasm;
    // No SharedArrayBuffer in a webview: one thread.
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
  }

  async choose(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<ChosenBackend> {
    const fallback = await this.#whyNotWebGpu(wanted);
    const backend = fallback === undefined ? 'webgpu' : 'wasm';
    return { backend, runner: this.#runner(backend), ...(fallback === undefined ? {} : { fallback }) };
  }

  /**
   * Has onnxruntime-web compiled and its backend started by a graph of one operator, so that the first real one need not wait. What goes
   * wrong here goes wrong again at that one, which tells the reader.
   */
  async warm(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<void> {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [1]);
    const feeds = new Map([['x', { type: 'float32', shape: [1], data: Float32Array.of(1) } as const]]);
    const { runner } = await this.choose(wanted);
    await runner.run(graph, [graph.op('Neg', [x])], feeds).catch(() => undefined);
  }

  /** WebGPU failed while it ran: from now on WASM. */
  async giveUpWebGpu(reason: Fallback): Promise<ChosenBackend> {
    this.#broken = reason;
    await this.#runners
      .get('webgpu')
      ?.dispose()
      .catch(() => undefined);
    this.#runners.delete('webgpu');
    return { backend: 'wasm', runner: this.#runner('wasm'), fallback: reason };
  }

  async dispose(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.dispose().catch(() => undefined);
    this.#runners.clear();
  }

  #runner(backend: 'webgpu' | 'wasm'): OrtRunner {
    let runner = this.#runners.get(backend);
    if (!runner) {
      runner = new OrtRunner(this.#ort as unknown as Ort, {
        backend,
        clock: () => performance.now(),
        sessions: 6,
        // On the GPU the fused operators save dispatches; there it is the shaders that take their time.
        quick: backend === 'wasm',
      });
      this.#runners.set(backend, runner);
    }
    return runner;
  }

  async #whyNotWebGpu(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<Fallback | undefined> {
    if (wanted === 'wasm') return 'chosen';
    if (this.#broken) return this.#broken;
    this.#adapter ??= requestAdapter();
    const adapter = await this.#adapter;
    if (!('gpu' in navigator)) return 'no-gpu';
    if (!adapter) return 'no-adapter';
    const software = adapter.isFallbackAdapter ?? adapter.info?.isFallbackAdapter ?? false;
    const swiftshader = /swiftshader|llvmpipe/i.test(`${adapter.info?.architecture} ${adapter.info?.vendor}`);
    return (software || swiftshader) && wanted === 'auto' ? 'software-adapter' : undefined;
  }
}

async function requestAdapter(): Promise<AdapterLike | null> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<AdapterLike | null> } }).gpu;
  if (!gpu) return null;
  try {
    return await gpu.requestAdapter();
  } catch {
    return null;
  }
}
