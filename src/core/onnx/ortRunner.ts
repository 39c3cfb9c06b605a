import type { Buffer1D, TensorData } from '../trace/graph/data.ts';
import { allocate } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import type { Feeds } from '../trace/kernels/evaluate.ts';
import { type Backend, type ExportedModel, exportModel, feedName } from './exportModel.ts';
import { SessionShelf } from './sessionShelf.ts';

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
  /**
   * Sessions are not optimised: they start sooner (by a quarter to a half) and may run slower, which suits graphs that every
   * change of a dim makes anew. Those with weights inside are optimised all the same.
   */
  readonly quick?: boolean;
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
  /** Weights are part of the model. */
  readonly inside: boolean;
  readonly feeds: readonly Feed[];
  /** What the session is asked for, each name once, and the values that these are. */
  readonly names: readonly string[];
  readonly values: readonly GraphValue[];
  /** For every wanted value where its numbers are: among the fetched ones, or known beforehand. */
  readonly places: readonly (number | TensorData)[];
}

/** An input of a model, with the tensor that it was given last: weights are the same in run after run. */
interface Feed {
  readonly value: GraphValue;
  /** The tracer's name and ONNX's. */
  readonly name: string;
  readonly onnxName: string;
  last:
    | {
        readonly data: Buffer1D;
        readonly tensor: OrtTensor;
        /** Of integers and truth values what they were: their tensor has a copy in another form. */
        readonly were: Buffer1D | undefined;
      }
    | undefined;
}

/**
 * Runs graph values on onnxruntime-web. Models and sessions of sets of wanted values are kept, so that a run with other inputs or weights
 * only feeds and fetches. Runs follow one another: onnxruntime-web has one queue.
 */
export class OrtRunner {
  readonly #ort: Ort;
  readonly #options: OrtRunnerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #sessions: SessionShelf;
  readonly #graphs = new WeakMap<object, number>();
  #graphCount = 0;
  /** The run before this one: the same question again needs no new key. */
  #recent:
    | { readonly graph: object; readonly wanted: readonly GraphValue[]; readonly key: string }
    | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, options: OrtRunnerOptions) {
    this.#ort = ort;
    this.#options = options;
    this.#sessions = new SessionShelf(this.#most);
  }

  /** How many sessions are held. */
  get size(): number {
    return this.#sessions.size;
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
    let entry = this.#entries.get(key);
    if (entry) this.#entries.delete(key);
    if (entry && inside && !holds(entry, feeds)) {
      forget(entry);
      await this.#sessions.drop(entry.model.bytes);
      entry = undefined;
    }
    if (!entry) {
      const started = clock();
      entry = entryOf(wanted, exportModel(wanted, this.#options.backend, inside ? feeds : undefined), inside);
      timings.build = clock() - started;
    }
    // Re-inserted at the end: a Map remembers insertion order, which makes it a queue of last use.
    this.#entries.set(key, entry);
    while (this.#entries.size > this.#most) this.#forgetOldest();
    const session = await this.#sessionOf(entry, timings);
    const started = clock();
    const outputs = await this.#fetch(entry, session, feeds);
    timings.run = clock() - started;
    return { outputs, ms: timings };
  }

  /** @returns undefined where nothing is to be computed */
  async #sessionOf({ model, inside }: Entry, timings: { session: number }): Promise<OrtSession | undefined> {
    if (model.constants.size === model.outputs.length) return undefined;
    const { clock, backend, quick } = this.#options;
    const level = quick && !inside ? 'disabled' : 'all';
    return this.#sessions.take(model.bytes, level, async () => {
      const opening = clock();
      const session = await this.#ort.InferenceSession.create(model.bytes, {
        executionProviders: [backend],
        graphOptimizationLevel: level,
        logSeverityLevel: 3,
      });
      timings.session = clock() - opening;
      return session;
    });
  }

  async #fetch(entry: Entry, session: OrtSession | undefined, feeds: Feeds): Promise<TensorData[]> {
    const { names, values, places } = entry;
    const inputs: Record<string, OrtTensor> = {};
    for (const feed of entry.feeds) {
      const source = feeds.get(feed.name);
      if (!source) throw new Error(`No numbers were given for ${feed.name}.`);
      inputs[feed.onnxName] = this.#tensorOf(feed, source);
    }
    const fetched = session ? await session.run(inputs, names) : {};
    const numbers: TensorData[] = [];
    for (const [i, name] of names.entries()) {
      const tensor = fetched[name]!;
      const isHere = tensor.location === 'cpu' || !tensor.getData;
      numbers.push(fromOrt(isHere ? tensor.data : await tensor.getData!(), values[i]!));
      tensor.dispose?.();
    }
    return places.map(place => (typeof place === 'number' ? numbers[place]! : place));
  }

  /**
   * The very buffer of the last run makes the very tensor again: a tensor of floats shows what is in its buffer now, one of integers what was
   * in it then.
   */
  #tensorOf(feed: Feed, source: TensorData): OrtTensor {
    const { last } = feed;
    if (last?.data === source.data && (last.were === undefined || isEqual(last.were, source.data)))
      return last.tensor;
    last?.tensor.dispose?.();
    const tensor = this.#toOrt(source, feed.value);
    const isShared = feed.value.type === 'float32' && source.data instanceof Float32Array;
    feed.last = { data: source.data, tensor, were: isShared ? undefined : source.data.slice() };
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
    const recent = this.#recent;
    if (recent?.graph === graph && recent.wanted === wanted) return recent.key;
    let id = this.#graphs.get(graph);
    if (id === undefined) {
      id = this.#graphCount++;
      this.#graphs.set(graph, id);
    }
    const key = `${id}:${wanted.map(v => v.id).join()}`;
    this.#recent = { graph, wanted, key };
    return key;
  }

  #forgetOldest(): void {
    const [key, entry] = this.#entries.entries().next().value!;
    this.#entries.delete(key);
    forget(entry);
  }

  get #most(): number {
    return this.#options.sessions ?? 8;
  }

  /** Releases every session. */
  async dispose(): Promise<void> {
    await this.#queue;
    for (const entry of this.#entries.values()) forget(entry);
    this.#entries.clear();
    await this.#sessions.clear();
  }
}

/** Whether a model's own weights are those of the feeds: the very same buffers. */
function holds({ model }: Entry, feeds: Feeds): boolean {
  return [...model.weights].every(([name, { data }]) => feeds.get(name)?.data === data);
}

function entryOf(wanted: readonly GraphValue[], model: ExportedModel, inside: boolean): Entry {
  return { model, inside, feeds: feedsOf(model), ...fetchesOf(model, wanted) };
}

function feedsOf(model: ExportedModel): Feed[] {
  return model.inputs.flatMap(value =>
    value.origin.kind === 'input' || value.origin.kind === 'parameter'
      ? [{ value, name: value.origin.name, onnxName: feedName(value.origin.name), last: undefined }]
      : [],
  );
}

function fetchesOf(
  model: ExportedModel,
  wanted: readonly GraphValue[],
): Pick<Entry, 'names' | 'values' | 'places'> {
  const values = new Map<string, GraphValue>();
  model.outputs.forEach((name, i) => {
    if (name !== '' && !values.has(name)) values.set(name, wanted[i]!);
  });
  const names = [...values.keys()];
  const at = new Map(names.map((name, index) => [name, index]));
  const places = wanted.map((_, i) => model.constants.get(i) ?? at.get(model.outputs[i]!)!);
  return { names, values: [...values.values()], places };
}

function isEqual(a: Buffer1D, b: Buffer1D): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  return true;
}

/** The session stays on its shelf: the next trace may well be of the same model. */
function forget({ feeds }: Entry): void {
  for (const feed of feeds) feed.last?.tensor.dispose?.();
}

/** On the CPU, onnxruntime-web gives every run buffers of its own: floats are taken as they are. */
function fromOrt(raw: unknown, { type, shape }: GraphValue): TensorData {
  if (type === 'float32' && raw instanceof Float32Array) return { type, shape, data: raw };
  const n = (raw as ArrayLike<unknown>).length;
  const data = allocate(type, n);
  if (type === 'int64') for (let i = 0; i < n; i++) data[i] = Number((raw as BigInt64Array)[i]);
  else data.set(raw as ArrayLike<number>);
  return { type, shape, data };
}
