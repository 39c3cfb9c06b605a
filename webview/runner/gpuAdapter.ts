import type { Fallback } from './runTypes.ts';

interface AdapterLike {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly isFallbackAdapter?: boolean;
    readonly architecture?: string;
    readonly vendor?: string;
  };
}

/**
 * Why this machine's GPU is not taken; undefined where it is. Asks for an adapter first, since onnxruntime-web would fall back in silence. A
 * software adapter is slower than WASM and is taken only when the reader insists.
 */
export async function whyNotWebGpu(wanted: 'auto' | 'webgpu' | 'wasm'): Promise<Fallback | undefined> {
  if (wanted === 'wasm') return 'chosen';
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<AdapterLike | null> } };
  if (!gpu) return 'no-gpu';
  let adapter: AdapterLike | null = null;
  try {
    adapter = await gpu.requestAdapter();
  } catch {
    // As good as none.
  }
  if (!adapter) return 'no-adapter';
  const software = adapter.isFallbackAdapter ?? adapter.info?.isFallbackAdapter ?? false;
  const swiftshader = /swiftshader|llvmpipe/i.test(`${adapter.info?.architecture} ${adapter.info?.vendor}`);
  return (software || swiftshader) && wanted === 'auto' ? 'software-adapter' : undefined;
}
