import type { FromOrt, Port, ToOrt } from '../../src/core/onnx/ortMessages.ts';
import type { Ort } from '../../src/core/onnx/ortRunner.ts';
import { OrtServer } from '../../src/core/onnx/ortServer.ts';
import type { OrtStart } from './runnerProtocol.ts';
import { warmUp } from './warmUp.ts';

/** What a worker sets up of a build of onnxruntime-web before it is used. */
interface OrtModule {
  readonly env: {
    logLevel?: string;
    readonly wasm: { wasmPaths?: unknown; numThreads?: number };
  };
}

/** The panel's second worker: onnxruntime-web, whose start takes seconds and must not keep the tracer waiting. */
export function serveOrt(ort: OrtModule): void {
  self.onmessage = ({ data: { packedWasm, backend, port } }: MessageEvent<OrtStart>) => {
    // The one thing that onnxruntime-web fetches: so it is compiled while it is unpacked.
    self.fetch = async () => unpacked(packedWasm);
    ort.env.wasm.wasmPaths = { wasm: 'https://packed.invalid/ort.wasm' };
    // No SharedArrayBuffer in a webview: one thread.
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    const real = ort as unknown as Ort;
    new OrtServer(real, port as unknown as Port<ToOrt, FromOrt>, warmUp(real, backend));
  };
}

function unpacked(packed: ArrayBuffer): Response {
  const body = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(body, { headers: { 'content-type': 'application/wasm' } });
}
