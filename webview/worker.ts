import * as ort from 'onnxruntime-web/webgpu';
import type { FromWorker, ToWorker } from './runner/runnerProtocol.ts';
import { RunnerWorker } from './runner/runnerWorker.ts';

/** The panel's worker: tracer, kernels and onnxruntime-web, away from the page so that a slider never stutters. */
const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const worker = new RunnerWorker(ort, message => scope.postMessage(message));
scope.onmessage = event => worker.receive(event.data);
scope.postMessage({ type: 'started' });
