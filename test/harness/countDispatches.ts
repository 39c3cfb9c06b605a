import type { Page, Worker } from 'playwright-core';

/**
 * Counts what the workers of a page send to the GPU; the answer is the sum over all workers so far. A worker that has ended counts with
 * what it was last seen to have sent: the sum never falls.
 */
export function countDispatches(page: Page): () => Promise<number> {
  const workers = new Map<Worker, number>();
  page.on('worker', worker => {
    workers.set(worker, 0);
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
    for (const [worker, last] of workers) {
      const count = await worker
        .evaluate(() => (self as unknown as { dispatches?: number }).dispatches ?? 0)
        .catch(() => last);
      workers.set(worker, count);
      sum += count;
    }
    return sum;
  };
}
