import * as ort from 'onnxruntime-web/webgpu';
import { serveOrt } from './runner/serveOrt.ts';

/** For browsers that cannot suspend WebAssembly (see `ortBuild`). */
serveOrt(ort);
