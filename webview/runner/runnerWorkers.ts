import type { RunnerAssets } from './runnerAssets.ts';
import type { OrtStart, ToWorker } from './runnerProtocol.ts';

/**
 * The two workers of a panel, joined by a port: one traces, one holds onnxruntime-web, and neither waits for the other's start. Both are
 * started from blobs, since VS Code serves no workers from extension files.
 */
export class RunnerWorkers {
  /** The tracer's, its files on their way into it; rejected when they cannot be had. */
  readonly tracer: Promise<Worker>;
  /** Fulfilled, with the reason, when onnxruntime-web cannot be had or has broken down. */
  readonly runtimeLost: Promise<string>;
  #workers: Worker[] = [];
  #isDisposed = false;

  /** @param backend what onnxruntime-web starts at once, so that the first run need not wait for it */
  constructor(assets: RunnerAssets, backend: OrtStart['backend']) {
    const { port1, port2 } = new MessageChannel();
    this.tracer = this.#startTracer(assets, port1);
    this.runtimeLost = new Promise(lost => {
      this.#startOrt(assets, port2, backend, lost).catch((error: unknown) => lost(String(error)));
    });
    // Whoever uses the worker tells of failures; nobody may come to do so.
    this.tracer.catch(() => undefined);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const worker of this.#workers.splice(0)) worker.terminate();
  }

  async #startTracer(assets: RunnerAssets, port: MessagePort): Promise<Worker> {
    const { script, treeSitter, grammar, pylib, minis } = await assets.tracerFiles();
    const worker = this.#spawn(script);
    const init: ToWorker = { type: 'init', treeSitter, grammar, pylib, minis, ort: port };
    worker.postMessage(init, [treeSitter, grammar, pylib, minis, port]);
    return worker;
  }

  async #startOrt(
    assets: RunnerAssets,
    port: MessagePort,
    backend: OrtStart['backend'],
    lost: (reason: string) => void,
  ): Promise<void> {
    const runtime = assets.runtime();
    // Awaited below; until then nobody hears of a failure.
    runtime.catch(() => undefined);
    // The script is small: the worker reads it while the rest is on its way.
    const worker = this.#spawn(await assets.ortScript());
    worker.onerror = event => lost(event.message);
    const packedWasm = await runtime;
    worker.postMessage({ packedWasm, backend, port } satisfies OrtStart, [packedWasm, port]);
  }

  #spawn(script: ArrayBuffer): Worker {
    // What came too late for a panel that is gone.
    if (this.#isDisposed) throw new Error('the panel was closed');
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.#workers.push(worker);
    return worker;
  }
}
