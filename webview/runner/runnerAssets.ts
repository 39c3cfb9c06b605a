/** Files of a worker's start. */
export interface WorkerFiles {
  readonly script: string;
  readonly treeSitter: ArrayBuffer;
  readonly grammar: ArrayBuffer;
  readonly pylib: Readonly<Record<string, string>>;
  readonly minis: Readonly<Record<string, string>>;
}

/** What starts a worker: its files, and onnxruntime-web's WebAssembly behind them, by far the largest. */
export interface WorkerStart {
  readonly files: Promise<WorkerFiles>;
  readonly runtime: Promise<ArrayBuffer>;
}

const RUNTIME = 'ort-wasm-simd-threaded.asyncify.wasm.gz';

/** The extension's files, as the page fetches them. */
export class RunnerAssets {
  readonly #dist: string;
  #ahead: WorkerStart | undefined;

  /** @param dist address of the extension's `dist/` folder */
  constructor(dist: string) {
    this.#dist = dist;
  }

  /** Sets the first worker's files on their way before anybody has asked to run. */
  fetchAhead(): void {
    this.#ahead ??= this.#workerStart();
  }

  /** The files of one worker: buffers move into it, and the next one gets others. */
  workerStart(): WorkerStart {
    const start = this.#ahead ?? this.#workerStart();
    this.#ahead = undefined;
    return start;
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

  #workerStart(): WorkerStart {
    const files = this.#workerFiles();
    const runtime = files.then(() => this.#runtime());
    // Whoever starts the worker tells of failures; nobody may come to do so.
    files.catch(() => undefined);
    runtime.catch(() => undefined);
    return { files, runtime };
  }

  async #workerFiles(): Promise<WorkerFiles> {
    const [script, treeSitter, grammar, pylib, minis] = await Promise.all([
      this.#fetch('webview/worker.js').then(response => response.text()),
      this.bytes('web-tree-sitter.wasm'),
      this.bytes('tree-sitter-python.wasm'),
      this.json<Record<string, string>>('pylib.json'),
      this.json<Record<string, string>>('minis.json'),
    ]);
    return { script, treeSitter, grammar, pylib, minis };
  }

  /** Packed, since it may come over a slow connection. */
  async #runtime(): Promise<ArrayBuffer> {
    const { body } = await this.#fetch(RUNTIME);
    if (!body) throw new Error(`${RUNTIME} is empty`);
    return new Response(body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  }

  async #fetch(path: string): Promise<Response> {
    const response = await fetch(`${this.#dist}/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    return response;
  }
}
