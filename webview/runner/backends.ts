import { type Ort, OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import { whyNotWebGpu } from './gpuAdapter.ts';
import type { Fallback } from './runTypes.ts';

/** What runs the graph, and why it is not WebGPU where it is not. */
export interface ChosenBackend {
  readonly runner: OrtRunner;
  readonly backend: 'webgpu' | 'wasm';
  readonly fallback?: Fallback;
}

/** Chooses between WebGPU and WASM, and keeps a runner for either. */
export class Backends {
  readonly #ort: Ort;
  readonly #runners = new Map<'webgpu' | 'wasm', OrtRunner>();
  /** By what is wanted: the machine stays the same. */
  readonly #whyNot = new Map<string, Promise<Fallback | undefined>>();
  /** Set when WebGPU failed while running: it is not tried again until the panel is opened anew. */
  #broken: Fallback | undefined;

  constructor(ort: Ort) {
    this.#ort = ort;
  }

  async choose(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<ChosenBackend> {
    const fallback = await this.#whyNotWebGpu(wanted);
    const backend = fallback === undefined ? 'webgpu' : 'wasm';
    return { backend, runner: this.#runner(backend), ...(fallback === undefined ? {} : { fallback }) };
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

  #runner(backend: 'webgpu' | 'wasm'): OrtRunner {
    let runner = this.#runners.get(backend);
    if (!runner) {
      runner = new OrtRunner(this.#ort, {
        backend,
        clock: () => performance.now(),
        // A slider to and fro: mini and screen of some places.
        sessions: 24,
        // On the GPU the fused operators save dispatches; there it is the shaders that take their time.
        quick: backend === 'wasm',
      });
      this.#runners.set(backend, runner);
    }
    return runner;
  }

  async #whyNotWebGpu(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<Fallback | undefined> {
    if (wanted !== 'wasm' && this.#broken) return this.#broken;
    let why = this.#whyNot.get(wanted);
    if (!why) {
      why = whyNotWebGpu(wanted);
      this.#whyNot.set(wanted, why);
    }
    return why;
  }
}
