import { allocate, type Buffer1D, type ElementType, type TensorData } from '../graph/data.ts';
import type { GraphNode, GraphValue } from '../graph/graph.ts';
import { liveNodes } from '../graph/live.ts';
import { numel } from '../graph/shape.ts';
import { kernels } from './kernels.ts';

/** How numbers are kept between operators: as the graph says, or every float in double precision. */
export type Precision = 'float32' | 'float64';

export interface EvaluateOptions {
  readonly precision?: Precision;
  /** Called before each operator; throw to stop (cancel, time limit). */
  readonly beforeNode?: (node: GraphNode) => void;
  /** Numbers that take the place of what the graph would compute, by the id of the value. */
  readonly given?: ReadonlyMap<number, TensorData>;
}

/** Feeds by name. */
export type Feeds = ReadonlyMap<string, TensorData>;

/** A value was asked for that has no numbers: a draw from an unseeded generator, uninitialised memory, a missing feed. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Computes graph values with the TypeScript kernels and remembers them, so that a program that asks for one number after
 * another pays for every operator once.
 */
export class Evaluator {
  readonly #feeds: (name: string) => TensorData | undefined;
  readonly #precision: Precision;
  readonly #beforeNode: ((node: GraphNode) => void) | undefined;
  readonly #given: ReadonlyMap<number, TensorData>;
  readonly #known = new Map<number, Buffer1D>();

  constructor(feeds: (name: string) => TensorData | undefined, options: EvaluateOptions = {}) {
    this.#feeds = feeds;
    this.#precision = options.precision ?? 'float32';
    this.#beforeNode = options.beforeNode;
    this.#given = options.given ?? new Map();
    for (const [id, { data, type }] of this.#given) this.#known.set(id, this.#convert(data, type));
  }

  /**
   * The numbers of a value.
   * @throws UnavailableError when they depend on something that has none.
   */
  get(value: GraphValue): TensorData {
    if (!this.#known.has(value.id))
      for (const node of liveNodes([value], v => this.#known.has(v.id))) this.#run(node);
    return { type: this.#type(value.type), shape: value.shape, data: this.#buffer(value) };
  }

  /** Forgets a value's numbers. */
  release(value: GraphValue): void {
    this.#known.delete(value.id);
  }

  #type(type: ElementType): ElementType {
    return type === 'float32' && this.#precision === 'float64' ? 'float64' : type;
  }

  run(node: GraphNode): void {
    this.#run(node);
  }

  #run(node: GraphNode): void {
    this.#beforeNode?.(node);
    const kernel = kernels[node.op];
    if (!kernel) throw new Error(`There is no kernel for ${node.op}.`);
    const inputs = node.inputs.map(v => (v ? this.#buffer(v) : empty));
    const outputs = node.outputs.map(v => allocate(this.#type(v.type), numel(v.shape)));
    kernel(node, inputs, outputs);
    node.outputs.forEach((v, i) => {
      if (!this.#given.has(v.id)) this.#known.set(v.id, outputs[i]!);
    });
  }

  #buffer(value: GraphValue): Buffer1D {
    const known = this.#known.get(value.id);
    if (known) return known;
    const { origin } = value;
    let data: TensorData | undefined;
    if (origin.kind === 'constant') data = origin.data;
    else if (origin.kind === 'unavailable') throw new UnavailableError(origin.reason);
    else if (origin.kind === 'node') throw new Error(`${origin.node.op} was not run.`);
    else {
      data = this.#feeds(origin.name);
      if (!data) throw new UnavailableError(`no numbers were given for ${origin.name}`);
      if (data.data.length !== numel(value.shape))
        throw new UnavailableError(
          `${origin.name} was fed ${data.data.length} elements for [${value.shape}]`,
        );
    }
    const buffer = this.#convert(data.data, value.type);
    this.#known.set(value.id, buffer);
    return buffer;
  }

  #convert(data: Buffer1D, type: ElementType): Buffer1D {
    const wanted = this.#type(type);
    if (wanted === 'bool') return data instanceof Uint8Array ? data : Uint8Array.from(data);
    if (wanted === 'float32') return data instanceof Float32Array ? data : Float32Array.from(data);
    return data instanceof Float64Array ? data : Float64Array.from(data);
  }
}

const empty = new Float32Array(0);

/**
 * Computes the wanted values once, dropping each intermediate as soon as nothing needs it any more.
 * @throws UnavailableError, ArithmeticFailure, IndexFailure as the numbers demand.
 */
export function evaluate(
  wanted: readonly GraphValue[],
  feeds: Feeds,
  options: EvaluateOptions = {},
): TensorData[] {
  const evaluator = new Evaluator(name => feeds.get(name), options);
  const nodes = liveNodes(wanted);
  const uses = new Map<number, number>();
  for (const node of nodes) for (const v of node.inputs) if (v) uses.set(v.id, (uses.get(v.id) ?? 0) + 1);
  for (const v of wanted) uses.set(v.id, Number.POSITIVE_INFINITY);
  for (const node of nodes) {
    evaluator.run(node);
    for (const v of node.inputs)
      if (v) {
        const left = uses.get(v.id)! - 1;
        uses.set(v.id, left);
        if (left === 0) evaluator.release(v);
      }
  }
  return wanted.map(v => evaluator.get(v));
}
