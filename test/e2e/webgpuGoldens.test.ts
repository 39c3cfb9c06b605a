import { strict as assert } from 'node:assert';
import { type ExportedModel, exportModel, feedName } from '../../src/core/onnx/exportModel.ts';
import { type TensorData, tensorData } from '../../src/core/trace/graph/data.ts';
import type { Tracer } from '../../src/core/trace/tracer.ts';
import { GpuPage } from '../harness/gpuPage.ts';
import { goldenCases, type TracedGolden, traceGolden, worstOf } from '../harness/traceGolden.ts';
import type { ServedModel, ServedResult } from '../harness/webgpuPage.ts';
import { makeTracer } from '../unit/trace/torch/snippetRunner.ts';

function base64(type: 'float32' | 'int64' | 'bool', data: ArrayLike<number>): string {
  const typed =
    type === 'float32'
      ? Float32Array.from(data)
      : type === 'int64'
        ? BigInt64Array.from(data, x => BigInt(x))
        : Uint8Array.from(data);
  return Buffer.from(typed.buffer).toString('base64');
}

function serve(model: ExportedModel, traced: TracedGolden): ServedModel {
  return {
    model: Buffer.from(model.bytes).toString('base64'),
    feeds: model.inputs.map(value => {
      const name = (value.origin as { name: string }).name;
      const type = value.type === 'float64' ? 'float32' : value.type;
      return {
        name: feedName(name),
        type,
        dims: [...value.shape],
        data: base64(type, traced.session.feeds.get(name)!.data),
      };
    }),
    outputs: [...new Set(model.outputs.filter(n => n !== ''))],
  };
}

describe('golden cases of our minis on WebGPU', () => {
  const served = new Map<string, string>();
  let tracer: Tracer;
  let gpu: GpuPage;
  let dispatches = 0;

  before(async function () {
    this.timeout(120_000);
    tracer = await makeTracer();
    gpu = await GpuPage.open(name => served.get(name));
  });
  after(async () => {
    await gpu?.close();
    assert.ok(dispatches > 1000, `the GPU was used (${dispatches} dispatches)`);
  });

  for (const golden of goldenCases())
    it(golden.id, async function () {
      this.timeout(120_000);
      const traced = traceGolden(tracer, golden);
      assert.ok(traced && !traced.failure, traced?.failure?.[1]);
      const values = traced.wanted.map(w => w.tensor.value);
      const model = exportModel(values, 'webgpu');
      served.set(golden.id, JSON.stringify(serve(model, traced)));
      const result = await gpu.page.evaluate(
        url =>
          (globalThis as unknown as { runServedOnGpu(u: string): Promise<ServedResult> }).runServedOnGpu(url),
        `/served/${golden.id}`,
      );
      served.delete(golden.id);
      assert.equal(result.error, undefined);
      dispatches += result.dispatches;
      const names = [...new Set(model.outputs.filter(n => n !== ''))];
      const numbers = values.map(
        (value, i): TensorData =>
          model.constants.get(i) ??
          tensorData(value.type, value.shape, result.outputs[names.indexOf(model.outputs[i]!)]!.map(Number)),
      );
      const { share, where } = worstOf(traced, numbers);
      assert.ok(share <= 1, where);
    });
});
