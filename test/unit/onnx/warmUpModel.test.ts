import { strict as assert } from 'node:assert';
import { exportModel } from '../../../src/core/onnx/exportModel.ts';
import { WARM_UP_MODEL } from '../../../src/core/onnx/warmUpModel.ts';
import { Graph } from '../../../src/core/trace/graph/graph.ts';
import { loadOrt } from '../../../src/node/ort.ts';

describe('the model that starts onnxruntime-web', () => {
  it('is what the exporter writes for -x', () => {
    const graph = new Graph();
    const { bytes, outputs } = exportModel([graph.op('Neg', [graph.feed('input', 'x', 'float32', [1])])]);
    assert.equal(WARM_UP_MODEL.base64, Buffer.from(bytes).toString('base64'));
    assert.deepEqual(outputs, [WARM_UP_MODEL.output]);
  });

  it('runs', async function () {
    this.timeout(60_000);
    const ort = await loadOrt();
    const session = await ort.InferenceSession.create(Buffer.from(WARM_UP_MODEL.base64, 'base64'));
    const x = new ort.Tensor('float32', Float32Array.of(3) as never, [1]);
    const given = await session.run({ [WARM_UP_MODEL.input]: x }, [WARM_UP_MODEL.output]);
    assert.deepEqual([...(given[WARM_UP_MODEL.output]!.data as Float32Array)], [-3]);
    await session.release();
  });
});
