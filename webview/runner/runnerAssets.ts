import { ortBuild } from './ortBuild.ts';
import type { OrtStart } from './runnerProtocol.ts';
import { RunnerWorkers } from './runnerWorkers.ts';

/** What the tracer's worker starts with, as bytes: the page has a panel to paint, and the worker reads for itself. */
export interface TracerFiles {
  readonly script: ArrayBuffer;
  readonly treeSitter: ArrayBuffer;
  readonly grammar: ArrayBuffer;
  readonly pylib: ArrayBuffer;
  readonly minis: ArrayBuffer;
}

/** The extension's files, as the page fetches them. */
export class RunnerAssets {
  readonly #dist: string;
  readonly #ort = ortBuild(WebAssembly);
  #ahead: RunnerWorkers | undefined;

  /** @param dist address of the extension's `dist/` folder */
  constructor(dist: string) {
    this.#dist = dist;
  }

  /** Starts the first workers before anybody has asked to run. */
  startAhead(backend: OrtStart['backend']): void {
    this.#ahead ??= new RunnerWorkers(this, backend);
  }

  /** Workers for whoever disposes of them. */
  workers(backend: OrtStart['backend']): RunnerWorkers {
    const workers = this.#ahead ?? new RunnerWorkers(this, backend);
    this.#ahead = undefined;
    return workers;
  }

  async tracerFiles(): Promise<TracerFiles> {
    const [script, treeSitter, grammar, pylib, minis] = await Promise.all([
      this.bytes('webview/tracer.js'),
      this.bytes('web-tree-sitter.wasm'),
      this.bytes('tree-sitter-python.wasm'),
      this.bytes('pylib.json'),
      this.bytes('minis.json'),
    ]);
    return { script, treeSitter, grammar, pylib, minis };
  }

  /** The script of onnxruntime-web's worker. */
  ortScript(): Promise<ArrayBuffer> {
    return this.bytes(this.#ort.script);
  }

  /** Its WebAssembly, packed. */
  runtime(): Promise<ArrayBuffer> {
    return this.bytes(this.#ort.packedWasm);
  }

  /** @returns undefined where there is no such file */
  async jsonOrNone(path: string): Promise<unknown> {
    const response = await fetch(`${this.#dist}/${path}`);
    return response.ok ? response.json() : undefined;
  }

  async json<T>(path: string): Promise<T> {
    return (await this.#fetch(path)).json() as Promise<T>;
  }

  async bytes(path: string): Promise<ArrayBuffer> {
    return (await this.#fetch(path)).arrayBuffer();
  }

  async #fetch(path: string): Promise<Response> {
    const response = await fetch(`${this.#dist}/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    return response;
  }
}
