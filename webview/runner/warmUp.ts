import type { Ort } from '../../src/core/onnx/ortRunner.ts';
import { WARM_UP_MODEL } from '../../src/core/onnx/warmUpModel.ts';
import { whyNotWebGpu } from './gpuAdapter.ts';

/**
 * Has onnxruntime-web compiled and its backend started by a graph of one operator, so that the first real one need not wait. What goes
 * wrong here goes wrong again at that one, which tells the reader.
 */
export async function warmUp(ort: Ort, wanted: 'auto' | 'webgpu' | 'wasm'): Promise<void> {
  const backend = (await whyNotWebGpu(wanted)) === undefined ? 'webgpu' : 'wasm';
  const { base64, input, output } = WARM_UP_MODEL;
  try {
    const model = Uint8Array.from(atob(base64), it => it.charCodeAt(0));
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [backend],
      logSeverityLevel: 3,
    });
    const x = new ort.Tensor('float32', Float32Array.of(1) as never, [1]);
    const tensor = (await session.run({ [input]: x }, [output]))[output];
    await tensor?.getData?.();
    tensor?.dispose?.();
    await session.release();
  } catch {
    // See above.
  }
}
