/** Why an ONNX file cannot be used; the message goes on behind the file's name: `mini/f.onnx` *is no ONNX file*. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}
