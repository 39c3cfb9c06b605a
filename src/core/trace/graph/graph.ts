import { type Buffer1D, type ElementType, type TensorData, tensorData } from './data.ts';
import { inferOutputs } from './infer.ts';
import { defaultGraphLimits, type GraphLimits, LimitError } from './limits.ts';
import { numel } from './shape.ts';

/** An attribute of an ONNX operator; numbers are integers unless the operator table says float. */
export type Attribute = number | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;

/** Where a value comes from. */
export type ValueOrigin =
  | { readonly kind: 'node'; readonly node: GraphNode; readonly output: number }
  | { readonly kind: 'constant'; readonly data: TensorData }
  /** Fed from outside on every run: sample inputs, and parameters by their state_dict name. */
  | { readonly kind: 'input' | 'parameter'; readonly name: string }
  /** A number nobody may rely on (an unseeded draw, uninitialised memory): shapes are known, reading is refused. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** An immutable tensor in a graph: its type and static shape are known, its numbers may not be. */
export interface GraphValue {
  readonly id: number;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly origin: ValueOrigin;
  /** Depends on no input and no parameter. */
  readonly constant: boolean;
}

/** One ONNX operator; attributes as in opset 17. */
export interface GraphNode {
  readonly index: number;
  readonly op: string;
  readonly inputs: readonly (GraphValue | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: readonly GraphValue[];
}

/**
 * A typed graph of ONNX operators that grows while a program is traced. Nodes are in execution order by construction. Equal
 * operators on equal inputs are built once. Nothing is ever removed: `liveNodes` finds what a set of outputs needs.
 */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly limits: GraphLimits;
  #nextId = 0;
  #elements = 0;
  readonly #known = new Map<string, readonly GraphValue[]>();
  readonly #constants = new Map<string, GraphValue>();
  readonly #inputs = new Map<string, GraphValue>();

  constructor(limits: GraphLimits = defaultGraphLimits) {
    this.limits = limits;
  }

  /** Inputs and parameters by name, in the order they were declared. */
  get feeds(): ReadonlyMap<string, GraphValue> {
    return this.#inputs;
  }

  /** Elements of all values so far. */
  get elementCount(): number {
    return this.#elements;
  }

  /** A value fed from outside. The same name gives the same value; another type or shape is an error. */
  feed(kind: 'input' | 'parameter', name: string, type: ElementType, shape: readonly number[]): GraphValue {
    const old = this.#inputs.get(name);
    if (old) {
      if (old.type !== type || old.shape.join() !== shape.join())
        throw new Error(`The graph already has a feed ${name} of another type or shape.`);
      return old;
    }
    const value = this.#value(type, shape, { kind, name }, false);
    this.#inputs.set(name, value);
    return value;
  }

  /** A constant. Small ones are shared. */
  constant(data: TensorData): GraphValue {
    const n = data.data.length;
    if (n > 16) return this.#value(data.type, data.shape, { kind: 'constant', data }, true);
    let key = `${data.type}[${data.shape.join()}]`;
    for (let i = 0; i < n; i++) key += Object.is(data.data[i], -0) ? '-0,' : `${data.data[i]},`;
    let value = this.#constants.get(key);
    if (!value) {
      value = this.#value(data.type, data.shape, { kind: 'constant', data }, true);
      this.#constants.set(key, value);
    }
    return value;
  }

  /** A constant from numbers. */
  numbers(type: ElementType, shape: readonly number[], values: ArrayLike<number>): GraphValue {
    return this.constant(tensorData(type, shape, values));
  }

  /** A constant scalar. Floats keep their double value until a kernel or the export rounds them. */
  scalar(type: ElementType, value: number): GraphValue {
    return this.constant({ type, shape: [], data: scalarBuffer(type, value) });
  }

  /** A one-dimensional int64 constant. */
  ints(values: readonly number[]): GraphValue {
    return this.numbers('int64', [values.length], values);
  }

  /** A value with a shape but no numbers; evaluating anything that depends on it fails with `reason`. */
  unavailable(type: ElementType, shape: readonly number[], reason: string): GraphValue {
    return this.#value(type, shape, { kind: 'unavailable', reason }, false);
  }

  /** Adds an operator with one output (or returns the equal one) and gives that output. */
  op(
    op: string,
    inputs: readonly (GraphValue | undefined)[],
    attributes: Attributes = noAttributes,
  ): GraphValue {
    return this.ops(op, inputs, attributes)[0]!;
  }

  /** Adds an operator (or finds the equal one) and gives its outputs. */
  ops(
    op: string,
    inputs: readonly (GraphValue | undefined)[],
    attributes: Attributes = noAttributes,
  ): readonly GraphValue[] {
    let key = op;
    for (const v of inputs) key += v ? ` ${v.id}` : ' -';
    for (const name in attributes) key += ` ${name}=${attributes[name]}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.nodes.length >= this.limits.nodes)
      throw new LimitError('nodes', `the graph grew beyond ${this.limits.nodes} operators`);
    const specs = inferOutputs(op, inputs, attributes);
    let constant = true;
    for (const v of inputs) if (v && !v.constant) constant = false;
    const outputs: GraphValue[] = [];
    const node: GraphNode = { index: this.nodes.length, op, inputs, attributes, outputs };
    for (let i = 0; i < specs.length; i++)
      outputs.push(this.#value(specs[i]!.type, specs[i]!.shape, { kind: 'node', node, output: i }, constant));
    this.nodes.push(node);
    this.#known.set(key, outputs);
    return outputs;
  }

  #value(type: ElementType, shape: readonly number[], origin: ValueOrigin, constant: boolean): GraphValue {
    this.checkSize(shape);
    this.#elements += numel(shape);
    if (this.#elements > this.limits.totalElements)
      throw new LimitError(
        'totalElements',
        `all tensors together exceed ${this.limits.totalElements} elements`,
      );
    return { id: this.#nextId++, type, shape, origin, constant };
  }

  /** Throws when a tensor of this shape would be too large; call it before allocating. */
  checkSize(shape: readonly number[]): void {
    const n = numel(shape);
    if (n > this.limits.elements)
      throw new LimitError(
        'elements',
        `a tensor of shape [${shape.join(', ')}] has ${n} elements; at most ${this.limits.elements} are allowed`,
      );
  }
}

const noAttributes: Attributes = Object.freeze({});

function scalarBuffer(type: ElementType, value: number): Buffer1D {
  // A float32 scalar keeps its double value, so that a run in double precision sees what the source says.
  return type === 'bool' ? Uint8Array.of(value ? 1 : 0) : Float64Array.of(value);
}
