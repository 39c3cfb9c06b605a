import { OnnxError } from '../onnx/onnxError.ts';
import { readModel } from '../onnx/readModel.ts';
import { tensorOf } from '../onnx/tensorOf.ts';
import type { TensorData } from '../trace/graph/data.ts';
import type { RunSpec } from './runSpec.ts';
import type { RunSource } from './traceEntry.ts';

/** The run of the code on screen beside a mini: where that is an ONNX file, the code gets the weights that the file holds under its names. */
export function besideMini(spec: RunSpec, mini: RunSource): RunSpec {
  if (!('model' in mini)) return spec;
  const stored = new Map<string, TensorData>();
  try {
    for (const proto of readModel(mini.model).initializer) {
      if (proto.name !== '')
        stored.set(
          proto.name,
          tensorOf(proto, () => undefined),
        );
    }
  } catch (error) {
    // What is wrong with the file, the run of the mini itself says.
    if (error instanceof OnnxError) return spec;
    throw error;
  }
  return { ...spec, stored };
}
