import type { Ort } from '../core/onnx/ortRunner.ts';

/** onnxruntime-web's WASM build for Node: one thread, quiet. Loaded on first use only, it is large. */
export async function loadOrt(): Promise<Ort> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return ort as unknown as Ort;
}
