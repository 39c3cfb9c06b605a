import type { Buffer1D, TensorData } from '../trace/graph/data.ts';
import { allocate } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import type { Feeds } from '../trace/kernels/evaluate.ts';
import { type Backend, type ExportedModel, exportModel, feedName } from './exportModel.ts';

/** The part of onnxruntime-web that is used; pass the module (`onnxruntime-web/wasm` or `/webgpu`). */
export interface Ort {
  readonly InferenceSession: { create(bytes: Uint8Array, options?: object): Promise<OrtSession> };
  readonly Tensor: new (
    type: 'float32' | 'int64' | 'bool',
    data: never,
    dims: readonly number[],
  ) => OrtTensor;
}

export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  /** `cpu` where the numbers are at hand. */
  readonly location?: string;
  getData?(): Promise<unknown>;
  dispose?(): void;
}

export interface OrtSession {
  run(feeds: Record<string, OrtTensor>, fetches?: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** Milliseconds of one run; build and session are 0 when the session was there already. */
export interface RunTimings {
  readonly build: number;
  readonly session: number;
  readonly run: number;
}

export interface OrtResult {
  readonly outputs: readonly TensorData[];
  readonly ms: RunTimings;
}

export interface OrtRunnerOptions {
  readonly backend: Backend;
  /** Milliseconds, for timings. */
  readonly clock: () => number;
  /** Sessions kept at most; the one that was not used for longest goes first. */
  readonly sessions?: number;
}

export interface OrtRunOptions {
  /**
   * Make the parameters part of the model: runs are faster (onnxruntime packs weights that it knows), but other weights need
   * a new session. For loops over one traced step.
   */
  readonly weightsInside?: boolean;
}

interface Entry {
  readonly model: ExportedModel;
  readonly session: OrtSession | undefined;
  readonly feeds: readonly Feed[];
  /** What the session is asked for, each name once, with the value that it is. */
  readonly fetches: ReadonlyMap<string, GraphValue>;
}

/** An input of a model, with the tensor that it was given last: weights are the same in run after run. */
interface Feed {
  readonly value: GraphValue;
  /** The tracer's name and ONNX's. */
  readonly name: string;
  readonly onnxName: string;
  last: { readonly data: Buffer1D; readonly tensor: OrtTensor } | undefined;
}

/**
 * Runs graph values on onnxruntime-web. One session per set of wanted values is kept, so that a run with other inputs or weights
 * only feeds and fetches. Runs follow one another: onnxruntime-web has one queue.
 */
export class OrtRunner {
  readonly #ort: Ort;
  readonly #options: OrtRunnerOptions;
  readonly #entries = new Map<string, Promise<Entry>>();
  readonly #graphs = new WeakMap<object, number>();
  #graphCount = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, options: OrtRunnerOptions) {
    this.#ort = ort;
    this.#options = options;
  }

  /** How many sessions are held. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Computes the wanted values of a graph.
   * @param graph the object the values belong to; sessions are remembered per graph
   * @throws UnavailableError when a value depends on something without numbers or a feed is missing; onnxruntime's own errors
   */
  async run(
    graph: object,
    wanted: readonly GraphValue[],
    feeds: Feeds,
    options: OrtRunOptions = {},
  ): Promise<OrtResult> {
    const turn = this.#queue.then(() => this.#run(graph, wanted, feeds, options.weightsInside ?? false));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #run(
    graph: object,
    wanted: readonly GraphValue[],
    feeds: Feeds,
    inside: boolean,
  ): Promise<OrtResult> {
    const { clock } = this.#options;
    const timings = { build: 0, session: 0, run: 0 };
    const key = `${this.#key(graph, wanted)}${inside ? ' with weights' : ''}`;
    let pending = this.#entries.get(key);
    if (pending) this.#entries.delete(key);
    if (pending && inside && !holds(await pending, feeds)) {
      await release(await pending);
      pending = undefined;
    }
    pending ??= this.#open(wanted, timings, inside ? feeds : undefined);
    // Re-inserted at the end: a Map remembers insertion order, which makes it a queue of last use.
    this.#entries.set(key, pending);
    let entry: Entry;
    try {
      entry = await pending;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    if (this.#entries.size > this.#most) await this.#trim();
    const started = clock();
    const outputs = await this.#fetch(entry, wanted, feeds);
    timings.run = clock() - started;
    return { outputs, ms: timings };
  }

  async #open(
    wanted: readonly GraphValue[],
    timings: { build: number; session: number },
    weights: Feeds | undefined,
  ): Promise<Entry> {
    const { clock, backend } = this.#options;
    const started = clock();
    const model = exportModel(wanted, backend, weights);
    timings.build = clock() - started;
    const parts = { model, feeds: feedsOf(model), fetches: fetchesOf(model, wanted) };
    if (model.constants.size === wanted.length) return { ...parts, session: undefined };
    const opening = clock();
    const session = await this.#ort.InferenceSession.create(model.bytes, {
      executionProviders: [backend],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    timings.session = clock() - opening;
    return { ...parts, session };
  }

  async #fetch(entry: Entry, wanted: readonly GraphValue[], feeds: Feeds): Promise<TensorData[]> {
    const { model, session, fetches } = entry;
    const inputs: Record<string, OrtTensor> = {};
    for (const feed of entry.feeds) {
      const source = feeds.get(feed.name);
      if (!source) throw new Error(`No numbers were given for ${feed.name}.`);
      inputs[feed.onnxName] = this.#tensorOf(feed, source);
    }
    const fetched = session ? await session.run(inputs, [...fetches.keys()]) : {};
    const byName = new Map<string, TensorData>();
    for (const [name, value] of fetches) {
      const tensor = fetched[name]!;
      byName.set(name, await fromOrt(tensor, value));
      tensor.dispose?.();
    }
    return wanted.map((_, i) => model.constants.get(i) ?? byName.get(model.outputs[i]!)!);
  }

  /** The very buffer of the last run makes the very tensor again; a tensor of floats shows what is in its buffer now. */
  #tensorOf(feed: Feed, source: TensorData): OrtTensor {
    if (feed.last?.data === source.data && source.data instanceof Float32Array) return feed.last.tensor;
    feed.last?.tensor.dispose?.();
    const tensor = this.#toOrt(source, feed.value);
    feed.last = { data: source.data, tensor };
    return tensor;
  }

  #toOrt(source: TensorData, value: GraphValue): OrtTensor {
    const { Tensor } = this.#ort;
    const dims = [...value.shape];
    if (value.type === 'int64')
      return new Tensor('int64', BigInt64Array.from(source.data, x => BigInt(x)) as never, dims);
    if (value.type === 'bool') return new Tensor('bool', Uint8Array.from(source.data) as never, dims);
    const floats = source.data instanceof Float32Array ? source.data : Float32Array.from(source.data);
    return new Tensor('float32', floats as never, dims);
  }

  #key(graph: object, wanted: readonly GraphValue[]): string {
    let id = this.#graphs.get(graph);
    if (id === undefined) {
      id = this.#graphCount++;
      this.#graphs.set(graph, id);
    }
    return `${id}:${wanted.map(v => v.id).join()}`;
  }

  async #trim(): Promise<void> {
    while (this.#entries.size > this.#most) {
      const [key, entry] = this.#entries.entries().next().value!;
      this.#entries.delete(key);
      await release(await entry);
    }
  }

  get #most(): number {
    return this.#options.sessions ?? 8;
  }

  /** Releases every session. */
  async dispose(): Promise<void> {
    await this.#queue;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of entries) await release(await entry);
  }
}

/** Whether a model's own weights are those of the feeds: the very same buffers. */
function holds({ model }: Entry, feeds: Feeds): boolean {
  return [...model.weights].every(([name, { data }]) => feeds.get(name)?.data === data);
}

function feedsOf(model: ExportedModel): Feed[] {
  return model.inputs.flatMap(value =>
    value.origin.kind === 'input' || value.origin.kind === 'parameter'
      ? [{ value, name: value.origin.name, onnxName: feedName(value.origin.name), last: undefined }]
      : [],
  );
}

function fetchesOf(model: ExportedModel, wanted: readonly GraphValue[]): Map<string, GraphValue> {
  const fetches = new Map<string, GraphValue>();
  model.outputs.forEach((name, i) => {
    if (name !== '' && !fetches.has(name)) fetches.set(name, wanted[i]!);
  });
  return fetches;
}

async function release({ session, feeds }: Entry): Promise<void> {
  for (const feed of feeds) feed.last?.tensor.dispose?.();
  await session?.release();
}

/** On the CPU, onnxruntime-web gives every run buffers of its own: floats are taken as they are. */
async function fromOrt(tensor: OrtTensor, value: GraphValue): Promise<TensorData> {
  const { type, shape } = value;
  const raw = tensor.location === 'cpu' || !tensor.getData ? tensor.data : await tensor.getData();
  if (type === 'float32' && raw instanceof Float32Array) return { type, shape, data: raw };
  const n = (raw as ArrayLike<unknown>).length;
  const data = allocate(type, n);
  if (type === 'int64') for (let i = 0; i < n; i++) data[i] = Number((raw as BigInt64Array)[i]);
  else data.set(raw as ArrayLike<number>);
  return { type, shape, data };
}
