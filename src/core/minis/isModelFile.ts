/** Whether a mini is a ready-made graph instead of Python. */
export const isModelFile = (file: string): boolean => file.toLowerCase().endsWith('.onnx');
