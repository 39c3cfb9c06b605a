import type { Page, Worker } from 'playwright-core';

/** Counts what the workers of a page send to the GPU; the answer is the sum over all workers so far. */
export function countDispatches(page: Page): () => Promise<number> {
  const workers = new Set<Worker>();
  page.on('worker', worker => {
    workers.add(worker);
    worker.on('close', () => workers.delete(worker));
    void worker
      .evaluate(() => {
        const scope = self as unknown as {
          dispatches?: number;
          GPUComputePassEncoder?: { prototype: { dispatchWorkgroups(...sizes: number[]): void } };
        };
        const pass = scope.GPUComputePassEncoder?.prototype;
        if (!pass || scope.dispatches !== undefined) return;
        scope.dispatches = 0;
        const original = pass.dispatchWorkgroups;
        pass.dispatchWorkgroups = function (...sizes) {
          scope.dispatches = (scope.dispatches ?? 0) + 1;
          original.apply(this, sizes);
        };
      })
      .catch(() => undefined);
  });
  return async () => {
    let sum = 0;
    for (const worker of workers) {
      const count = await worker
        .evaluate(() => (self as unknown as { dispatches?: number }).dispatches ?? 0)
        .catch(() => 0);
      sum += count;
    }
    return sum;
  };
}
