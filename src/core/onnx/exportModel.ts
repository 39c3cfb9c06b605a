import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { ElementType, TensorData } from '../trace/graph/data.ts';
import type { Attribute, GraphNode, GraphValue } from '../trace/graph/graph.ts';
import { liveNodes } from '../trace/graph/live.ts';
import { Evaluator, type Feeds, UnavailableError } from '../trace/kernels/evaluate.ts';
import { operators, opset } from './operators.ts';
import { sineNodes } from './sineNodes.ts';

/** Where onnxruntime-web runs a model. */
export type Backend = 'wasm' | 'webgpu';

/** A model as bytes, and what its inputs and outputs are called. */
export interface ExportedModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Feeds that the wanted outputs depend on, by their own names. */
  readonly inputs: readonly GraphValue[];
  /** Parameters that are part of the model, with the numbers they have there. */
  readonly weights: ReadonlyMap<string, TensorData>;
  /** ONNX name of each wanted value, in the order asked for; undefined where the value is no part of the model. */
  readonly outputs: readonly string[];
  /** Wanted values that need no session: they are constants. By position. */
  readonly constants: ReadonlyMap<number, TensorData>;
  readonly nodes: number;
  /** Operators that onnxruntime keeps on the CPU when the backend is WebGPU, with how often they occur. */
  readonly onCpu: ReadonlyMap<string, number>;
}

/** ONNX has no float64 here: the WebGPU backend knows none, so doubles are float32 in a model. */
const onnxTypes: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.FLOAT,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

/**
 * Writes the part of a graph that the wanted values need as an ONNX model. What depends on no input is computed here and stored
 * as initializers; inputs and parameters stay outside. Shapes are static; casts between float32 and float64 disappear.
 * @param backend what the model is for: on WebGPU sines need arithmetic of our own
 * @param weights parameters that become part of the model instead of being fed: faster runs, a session of their own
 * @throws UnavailableError when a wanted value depends on something without numbers
 */
export function exportModel(
  wanted: readonly GraphValue[],
  backend: Backend = 'wasm',
  weights?: Feeds,
): ExportedModel {
  const constants = new Map<number, TensorData>();
  const evaluator = new Evaluator(() => undefined);
  wanted.forEach((value, i) => {
    if (value.constant) constants.set(i, evaluator.get(value));
  });
  const nodes = liveNodes(
    wanted.filter(v => !v.constant),
    v => v.constant,
  );
  const writer = new Writer(evaluator, backend, weights);
  const protos = nodes.flatMap(node => writer.nodes(node));
  const outputs: string[] = [];
  const declared = new Map<string, GraphValue>();
  wanted.forEach((value, i) => {
    if (constants.has(i)) {
      outputs.push('');
      return;
    }
    // A feed that is asked for as an output needs a name of its own.
    const name = value.origin.kind === 'node' ? writer.name(value) : writer.copied(value, protos);
    outputs.push(name);
    declared.set(name, value);
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'equation-lens',
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) })],
    graph: create(GraphProtoSchema, {
      name: 'trace',
      node: protos,
      initializer: writer.initializers,
      input: writer.inputs.map(v => valueInfo(writer.name(v), v)),
      output: [...declared].map(([name, v]) => valueInfo(name, v)),
    }),
  });
  return {
    bytes: toBinary(ModelProtoSchema, model),
    inputs: writer.inputs,
    weights: writer.weights,
    outputs,
    constants,
    nodes: protos.length,
    onCpu: onCpu(nodes),
  };
}

function onCpu(nodes: readonly GraphNode[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { op } of nodes) if (!operators.get(op)?.webgpu) found.set(op, (found.get(op) ?? 0) + 1);
  return found;
}

function valueInfo(name: string, value: GraphValue) {
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: onnxTypes[value.type],
          shape: create(TensorShapeProtoSchema, {
            dim: value.shape.map(d =>
              create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(d) } }),
            ),
          }),
        }),
      },
    }),
  });
}

/** Collects the pieces of one model. */
class Writer {
  readonly initializers: ReturnType<typeof initializer>[] = [];
  readonly inputs: GraphValue[] = [];
  readonly weights = new Map<string, TensorData>();
  readonly #evaluator: Evaluator;
  readonly #names = new Map<number, string>();
  readonly #lists = new Map<string, string>();

  readonly #backend: Backend;

  readonly #given: Feeds | undefined;

  constructor(evaluator: Evaluator, backend: Backend, weights: Feeds | undefined) {
    this.#given = weights;
    this.#evaluator = evaluator;
    this.#backend = backend;
  }

  /** The ONNX name of a value; its initializer or input is declared on first use. */
  name(value: GraphValue): string {
    const known = this.#names.get(value.id);
    if (known !== undefined) return known;
    const { origin } = value;
    let name = `v${value.id}`;
    if (value.constant) {
      name = `c${value.id}`;
      this.initializers.push(initializer(name, this.#evaluator.get(value)));
    } else if (origin.kind === 'parameter' && this.#given?.has(origin.name)) {
      name = `w${value.id}`;
      const source = this.#given.get(origin.name)!;
      this.weights.set(origin.name, source);
      this.initializers.push(initializer(name, { type: value.type, shape: value.shape, data: source.data }));
    } else if (origin.kind === 'input' || origin.kind === 'parameter') {
      name = feedName(origin.name);
      this.inputs.push(value);
    } else if (origin.kind === 'unavailable') throw new UnavailableError(origin.reason);
    this.#names.set(value.id, name);
    return name;
  }

  /** A feed handed through as an output. */
  copied(value: GraphValue, nodes: NodeProto[]): string {
    const name = `o${value.id}`;
    if (!nodes.some(n => n.output[0] === name))
      nodes.push(create(NodeProtoSchema, { opType: 'Identity', input: [this.name(value)], output: [name] }));
    return name;
  }

  /** The ONNX operators of one of ours: mostly itself. */
  nodes(node: GraphNode): NodeProto[] {
    if (this.#backend !== 'webgpu' || !['Sin', 'Cos', 'Tan'].includes(node.op)) return [this.#node(node)];
    const [input, output] = [this.name(node.inputs[0]!), this.name(node.outputs[0]!)];
    return sineNodes(node, input, output, value => this.#scalar(value)).map(([opType, inputs, name]) =>
      create(NodeProtoSchema, { opType, input: [...inputs], output: [name] }),
    );
  }

  /** The name of a float32 constant. */
  #scalar(value: number): string {
    const key = `scalar ${value}`;
    let known = this.#lists.get(key);
    if (known === undefined) {
      known = `s${this.#lists.size}`;
      this.#lists.set(key, known);
      this.initializers.push(
        initializer(known, { type: 'float32', shape: [], data: Float64Array.of(value) }),
      );
    }
    return known;
  }

  #node(node: GraphNode): NodeProto {
    const support = operators.get(node.op);
    if (!support) throw new Error(`The operator table has no ${node.op}.`);
    const outputs = node.outputs.map(v => this.name(v));
    const input = node.inputs.map(v => (v ? this.name(v) : ''));
    if (node.op === 'Cast' && onnxTypes[node.inputs[0]!.type] === onnxTypes[node.outputs[0]!.type])
      return create(NodeProtoSchema, { opType: 'Identity', input, output: outputs });
    const asInput = new Set(support.tensorInputs ?? []);
    for (const name of support.tensorInputs ?? []) {
      const value = name === undefined ? undefined : node.attributes[name];
      input.push(value === undefined ? '' : this.#operand(node, name!, value));
    }
    while (input[input.length - 1] === '') input.pop();
    const attribute = Object.entries(node.attributes)
      .filter(([name]) => !asInput.has(name))
      .filter(
        ([name, value]) =>
          !(name === 'reduction' && value === 'none') && !(node.op === 'Cast' && name === 'to'),
      )
      .map(([name, value]) => attributeOf(name, value, support.floatAttributes?.includes(name) ?? false));
    if (node.op === 'Cast') attribute.push(attributeOf('to', onnxTypes[node.outputs[0]!.type], false));
    if (node.op === 'Gemm') attribute.push(attributeOf('transB', 1, false));
    return create(NodeProtoSchema, { opType: node.op, input, output: outputs, attribute });
  }

  /** An attribute of ours that ONNX wants as a tensor. */
  #operand(node: GraphNode, name: string, value: Attribute): string {
    const fill = node.op === 'Pad' && name === 'value';
    const list = Array.isArray(value) ? (value as readonly number[]) : [value as number];
    const scalar = fill || (node.op === 'CumSum' && name === 'axis');
    const type: ElementType = fill ? node.inputs[0]!.type : 'int64';
    const key = `${type} ${scalar} ${list.join()}`;
    let known = this.#lists.get(key);
    if (known === undefined) {
      known = `l${this.#lists.size}`;
      this.#lists.set(key, known);
      const shape = scalar ? [] : [list.length];
      this.initializers.push(initializer(known, { type, shape, data: Float64Array.from(list) }));
    }
    return known;
  }
}

/** Feeds keep their names, apart from our own ones. */
export function feedName(name: string): string {
  return `in:${name}`;
}

function attributeOf(name: string, value: Attribute, float: boolean) {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  if (typeof value === 'number')
    return float
      ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value })
      : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: value.map(BigInt),
  });
}

function initializer(name: string, source: TensorData) {
  return create(TensorProtoSchema, {
    name,
    dims: source.shape.map(BigInt),
    dataType: onnxTypes[source.type],
    rawData: rawBytes(source),
  });
}

/** Little-endian bytes in the ONNX type. */
function rawBytes(source: TensorData): Uint8Array<ArrayBuffer> {
  const { data, type } = source;
  if (type === 'bool') return Uint8Array.from(data);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(data, x => BigInt(x)).buffer);
  return new Uint8Array(Float32Array.from(data).buffer);
}
