import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf';
import type { ElementType } from '../trace/graph/data.ts';
import type { Attributes, GraphValue } from '../trace/graph/graph.ts';
import { OnnxError } from './onnxError.ts';
import { short } from './readModel.ts';

/** The part of a session that the operators of a model are built with. */
export interface OnnxBuilder {
  op(op: string, inputs: readonly (GraphValue | undefined)[], attributes?: Attributes): GraphValue;
  ops(
    op: string,
    inputs: readonly (GraphValue | undefined)[],
    attributes?: Attributes,
  ): readonly GraphValue[];
  /** The numbers of a value for this run. */
  numbers(value: GraphValue): number[];
  constant(type: ElementType, shape: readonly number[], values: readonly number[]): GraphValue;
  tensor(proto: TensorProto): GraphValue;
  checkSize(shape: readonly number[]): void;
}

/** One operator of an ONNX file with its operands at hand. */
export class OnnxNode {
  readonly proto: NodeProto;
  readonly build: OnnxBuilder;
  readonly inputs: readonly (GraphValue | undefined)[];
  readonly #attributes: ReadonlyMap<string, AttributeProto>;

  constructor(proto: NodeProto, inputs: readonly (GraphValue | undefined)[], build: OnnxBuilder) {
    this.proto = proto;
    this.inputs = inputs;
    this.build = build;
    this.#attributes = new Map(proto.attribute.map(it => [it.name, it]));
  }

  /** @throws {OnnxError} when the operand is not there */
  at(index: number): GraphValue {
    const value = this.inputs[index];
    if (!value) throw new OnnxError(`has a ${this.proto.opType} without operand ${index + 1}`);
    return value;
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  int(name: string, otherwise: number): number {
    const it = this.#attributes.get(name);
    return it ? Number(it.i) : otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.#attributes.get(name)?.f ?? otherwise;
  }

  ints(name: string): number[] | undefined {
    return this.#attributes.get(name)?.ints.map(Number);
  }

  floats(name: string): number[] | undefined {
    return this.#attributes.get(name)?.floats;
  }

  text(name: string, otherwise: string): string {
    const it = this.#attributes.get(name);
    return it ? new TextDecoder().decode(it.s) : otherwise;
  }

  tensor(name: string): TensorProto | undefined {
    const it = this.#attributes.get(name);
    return it?.type === AttributeProto_AttributeType.TENSOR ? it.t : undefined;
  }

  /** Numbers of an operand that steers the operator (a shape, axes): they must be known while the graph is built. */
  numbersOf(index: number): number[] | undefined {
    const value = this.inputs[index];
    return value && this.build.numbers(value);
  }

  /** An axis counted from the front. */
  axis(value: number, rank = this.at(0).shape.length): number {
    const axis = value < 0 ? value + rank : value;
    if (!Number.isInteger(axis) || axis < 0 || axis >= Math.max(1, rank))
      throw new OnnxError(`asks for axis ${value} of a tensor with ${rank} axes (${this.proto.opType})`);
    return axis;
  }

  /** @throws {OnnxError} always */
  lacks(what: string): never {
    throw new OnnxError(`uses ${this.proto.opType} ${short(what)}, which the engine lacks`);
  }
}
