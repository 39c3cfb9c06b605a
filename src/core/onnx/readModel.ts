import { fromBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import { OnnxError } from './onnxError.ts';

/** Largest model of a reader's that is read, in bytes: a mini runs at tiny dims. */
export const MAX_MODEL_BYTES = 16_000_000;

/** Below this the meaning of softmax and of many operands was another one. */
const OLDEST_OPSET = 13;

/**
 * Reads an ONNX file of a stranger's. Nothing but the bytes is looked at: models that keep their numbers in other files are refused.
 * @throws {OnnxError} with half a sentence
 */
export function readModel(bytes: Uint8Array): GraphProto {
  if (bytes.byteLength > MAX_MODEL_BYTES)
    throw new OnnxError(`is larger than the ${MAX_MODEL_BYTES / 1e6} MB that a mini may have`);
  const model = parsed(bytes);
  const { graph } = model;
  if (!graph || (graph.node.length === 0 && graph.output.length === 0) || model.irVersion <= 0n)
    throw new OnnxError('is no ONNX file');
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (opset && opset.version < BigInt(OLDEST_OPSET))
    throw new OnnxError(
      `is written in opset ${opset.version}; opset ${OLDEST_OPSET} is the oldest that is read`,
    );
  const outside = graph.initializer.find(
    it => it.dataLocation === TensorProto_DataLocation.EXTERNAL || it.externalData.length > 0,
  );
  if (outside)
    throw new OnnxError(
      `keeps the numbers of ${short(outside.name)} in another file, which is not read: save the model as one file`,
    );
  if (graph.sparseInitializer.length > 0) throw new OnnxError('holds sparse tensors, which are not read');
  return graph;
}

/** Names in a stranger's file may be of any length. */
export function short(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

function parsed(bytes: Uint8Array) {
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch {
    throw new OnnxError('is no ONNX file');
  }
}
