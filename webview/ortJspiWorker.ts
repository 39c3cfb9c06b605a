import * as ort from 'onnxruntime-web/jspi';
import { serveOrt } from './runner/serveOrt.ts';

/** For browsers that can suspend WebAssembly (see `ortBuild`). */
serveOrt(ort);
