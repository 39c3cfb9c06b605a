import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { operators } from '../../src/core/onnx/operators.ts';
import { GpuPage } from '../harness/gpuPage.ts';
import type { GpuReport } from '../harness/webgpuPage.ts';
import { applications } from '../unit/onnx/applications.ts';

const seed = 20_261_123;

describe('operators on WebGPU', () => {
  let gpu: GpuPage;
  let reports: GpuReport[];

  before(async function () {
    this.timeout(300_000);
    gpu = await GpuPage.open();
    const drawn = fc.sample(fc.tuple(...applications), { numRuns: 1, seed })[0]!;
    reports = await gpu.page.evaluate(
      list =>
        (globalThis as unknown as { compareOnGpu(l: typeof list): Promise<GpuReport[]> }).compareOnGpu(list),
      drawn,
    );
  });

  after(() => gpu?.close());

  it('give the numbers of the TypeScript kernels', () => {
    const wrong = reports.filter(r => r.error !== undefined || r.difference > 5e-5);
    assert.deepEqual(wrong, [], `seed ${seed}`);
  });

  it('run on the GPU where the operator table says so', () => {
    const floats = reports.filter(
      r => !/int64|bool/.test(r.types) || /^(Where|Gather|GatherElements|GatherND)$/.test(r.op),
    );
    const ran = new Map<string, boolean>();
    // A Reshape moves nothing, so there is nothing to dispatch.
    for (const r of floats.filter(f => f.op !== 'Reshape'))
      ran.set(r.op, (ran.get(r.op) ?? false) || r.dispatches > 0);
    const told = [...ran].map(([op, gpu]) => [op, gpu, operators.get(op)!.webgpu] as const);
    assert.deepEqual(
      told.filter(([, gpu, table]) => gpu !== table),
      [],
      'operator, dispatched, table',
    );
    assert.ok(reports.reduce((n, r) => n + r.dispatches, 0) > 20, 'the GPU was used');
  });
});
