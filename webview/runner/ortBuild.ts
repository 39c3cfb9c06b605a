/** A build of onnxruntime-web: both hold the WASM and the WebGPU backend. */
export interface OrtBuild {
  /** The worker's script below `dist/`. */
  readonly script: string;
  /** Its WebAssembly, the largest file by far: packed, since it may come over a slow connection. */
  readonly packedWasm: string;
}

/**
 * The build for this browser. WebGPU answers late, and WebAssembly has to wait for it: a browser that can suspend WebAssembly (Chromium does since
 * version 137) takes a build that is two fifths smaller, and starts the sooner for it, than the one whose code is made to
 * unwind and rewind itself.
 */
export function ortBuild(webAssembly: object): OrtBuild {
  return 'Suspending' in webAssembly
    ? { script: 'webview/ortJspi.js', packedWasm: 'ort-wasm-simd-threaded.jspi.wasm.gz' }
    : { script: 'webview/ort.js', packedWasm: 'ort-wasm-simd-threaded.asyncify.wasm.gz' };
}
