import type { FromWorker, ToWorker } from './runner/runnerProtocol.ts';
import { RunnerWorker } from './runner/runnerWorker.ts';

/** The panel's first worker: tracer and kernels, away from the page so that a slider never stutters. */
const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const worker = new RunnerWorker(message => scope.postMessage(message));
scope.onmessage = event => worker.receive(event.data);
