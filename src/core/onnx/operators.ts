/** How an operator of the graph is written in ONNX opset 17, and which backends of onnxruntime-web 1.30 run it in float32. */
export interface OperatorSupport {
  /** Attributes that ONNX takes as int64 tensor inputs, in input order; `undefined` leaves an optional input out. */
  readonly tensorInputs?: readonly (string | undefined)[];
  /** Attributes that ONNX stores as floats. */
  readonly floatAttributes?: readonly string[];
  readonly wasm: boolean;
  readonly webgpu: boolean;
}

const both: OperatorSupport = { wasm: true, webgpu: true };
const wasmOnly: OperatorSupport = { wasm: true, webgpu: false };

function all(names: string, support: OperatorSupport): [string, OperatorSupport][] {
  return names.split(' ').map(name => [name, support]);
}

/** The opset every exported model declares. */
export const opset = 17;

/**
 * Every operator a graph may contain. Sin, Cos and Tan are written as arithmetic for WebGPU (`sineNodes.ts`). `webgpu: false` means that onnxruntime runs the node on the CPU and copies its operands;
 * int64 and bool operands are moved to the CPU for most operators in any case.
 */
export const operators: ReadonlyMap<string, OperatorSupport> = new Map([
  ...all(
    'Neg Abs Sqrt Exp Log Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Sigmoid Erf Floor Ceil Reciprocal Relu Not',
    both,
  ),
  ...all('Round Sign IsNaN IsInf Mod And Or Xor', wasmOnly),
  ...all('Add Sub Mul Div Pow Max Min Equal Greater GreaterOrEqual Less LessOrEqual Where', both),
  ...all('Cast Transpose Concat Gather GatherElements GatherND Softmax MatMul', both),
  ...all('Reshape', { ...both, tensorInputs: ['shape'] }),
  ...all('Expand', { ...both, tensorInputs: ['shape'] }),
  ...all('Slice', { ...both, tensorInputs: ['starts', 'ends', 'axes', 'steps'] }),
  ...all('Pad', { ...both, tensorInputs: ['pads', 'value'] }),
  ...all('ScatterElements LogSoftmax', wasmOnly),
  ...all('ReduceSum', { ...both, tensorInputs: ['axes'] }),
  ...all('ReduceMean ReduceMax ReduceMin ReduceProd ArgMax ArgMin', both),
  ...all('TopK', { ...both, tensorInputs: ['k'] }),
  ...all('CumSum', { ...both, tensorInputs: ['axis'] }),
  ...all('Gemm Conv ConvTranspose MaxPool AveragePool', both),
  ...all('InstanceNormalization LayerNormalization', { ...both, floatAttributes: ['epsilon'] }),
]);
