import type { GraphProto, ValueInfoProto } from 'onnx-buf';
import type { GraphValue } from '../trace/graph/graph.ts';
import { TraceError } from '../trace/interpreter/errors.ts';
import type { TorchSession } from '../trace/tensor/session.ts';
import { importOperators } from './importOperators.ts';
import { OnnxError } from './onnxError.ts';
import { type OnnxBuilder, OnnxNode } from './onnxNode.ts';
import { readModel, short } from './readModel.ts';
import { elementTypeOf, tensorOf } from './tensorOf.ts';

/** A model's values by their names in the file. */
export interface ImportedModel {
  readonly outputs: ReadonlyMap<string, GraphValue>;
  readonly values: ReadonlyMap<string, GraphValue>;
}

/**
 * Builds a model of a stranger's into a session, operator by operator: what runs is our graph, with the limits of every run, not the file.
 *
 * @param inputs the declared inputs by name
 * @throws {OnnxError} with half a sentence for what is no ONNX, too large, kept elsewhere, not declared, or unknown to the engine
 */
export function importModel(
  bytes: Uint8Array,
  session: TorchSession,
  inputs: ReadonlyMap<string, GraphValue>,
): ImportedModel {
  const graph = readModel(bytes);
  const build = builder(session);
  const values = new Map<string, GraphValue>();
  for (const proto of graph.initializer) values.set(proto.name, build.tensor(proto));
  for (const info of graph.input) {
    const value = inputs.get(info.name);
    if (value) values.set(info.name, checked(info, value));
    else if (!values.has(info.name))
      throw new OnnxError(
        `has the input ${short(info.name)}, which the driver does not declare (it has ${[...inputs.keys()].join(', ') || 'none'})`,
      );
  }
  for (const name of inputs.keys()) {
    if (!graph.input.some(it => it.name === name))
      throw new OnnxError(
        `has no input ${short(name)}; it has ${graph.input.map(it => short(it.name)).join(', ') || 'none'}`,
      );
  }
  addNodes(graph, values, build);
  const outputs = new Map<string, GraphValue>();
  for (const { name } of graph.output) {
    const value = values.get(name);
    if (!value) throw new OnnxError(`never computes its output ${short(name)}`);
    outputs.set(name, value);
  }
  return { outputs, values };
}

function addNodes(graph: GraphProto, values: Map<string, GraphValue>, build: OnnxBuilder): void {
  for (const proto of graph.node) {
    const make =
      proto.domain === '' || proto.domain === 'ai.onnx' ? importOperators.get(proto.opType) : undefined;
    if (!make) {
      const domain = proto.domain === '' ? '' : `${proto.domain}.`;
      throw new OnnxError(`uses the operator ${short(`${domain}${proto.opType}`)}, which the engine lacks`);
    }
    const operands = proto.input.map(name => {
      if (name === '') return undefined;
      const value = values.get(name);
      if (!value) throw new OnnxError(`reads ${short(name)} before anything computes it`);
      return value;
    });
    let made: readonly GraphValue[];
    try {
      made = make(new OnnxNode(proto, operands, build));
    } catch (error) {
      if (error instanceof OnnxError || error instanceof TraceError) throw error;
      // The graph's own checks: operands that do not fit each other.
      const reason = error instanceof Error ? error.message : String(error);
      throw new OnnxError(`has a ${proto.opType} whose operands do not fit: ${short(reason)}`);
    }
    for (const [index, name] of proto.output.entries()) {
      const value = made[index];
      if (name === '') continue;
      if (!value)
        throw new OnnxError(
          `asks ${proto.opType} for a result that the engine does not give (${short(name)})`,
        );
      values.set(name, value);
    }
  }
}

/** The declared input beside what the file says of it. */
function checked(info: ValueInfoProto, value: GraphValue): GraphValue {
  const type = info.type?.value;
  if (type?.case !== 'tensorType') return value;
  const wanted = elementTypeOf(type.value.elemType);
  const dims = type.value.shape?.dim;
  const fits =
    !dims ||
    (dims.length === value.shape.length &&
      dims.every(
        ({ value: dim }, axis) => dim.case !== 'dimValue' || Number(dim.value) === value.shape[axis],
      ));
  if (wanted === value.type && fits) return value;
  const shape = dims?.map(({ value: dim }) => (dim.value === undefined ? '?' : String(dim.value))) ?? ['…'];
  throw new OnnxError(
    `wants ${short(info.name)} as ${wanted} [${shape.join(', ')}], the driver declares ${value.type} [${value.shape.join(', ')}]`,
  );
}

function builder(session: TorchSession): OnnxBuilder {
  const { graph } = session;
  const checkSize = (shape: readonly number[]) => session.checkSize(shape);
  return {
    op: (...args) => session.op(...args),
    ops: (...args) => session.ops(...args),
    numbers: value => Array.from(session.read(value).data),
    constant: (type, shape, values) => {
      checkSize(shape);
      return graph.numbers(type, shape, values);
    },
    tensor: proto => {
      const data = tensorOf(proto, checkSize);
      session.charge(data.data.length);
      return graph.constant(data);
    },
    checkSize,
  };
}
