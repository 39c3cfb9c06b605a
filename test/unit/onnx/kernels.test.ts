import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { operators } from '../../../src/core/onnx/operators.ts';
import { OrtRunner } from '../../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../../src/core/trace/graph/data.ts';
import { Graph } from '../../../src/core/trace/graph/graph.ts';
import { operatorNames } from '../../../src/core/trace/graph/infer.ts';
import { evaluate } from '../../../src/core/trace/kernels/evaluate.ts';
import { kernels } from '../../../src/core/trace/kernels/kernels.ts';
import { loadOrt } from '../../../src/node/ort.ts';
import { applications, buildApplication } from './applications.ts';

describe('TypeScript kernels and onnxruntime', () => {
  let runner: OrtRunner;
  before(async function () {
    this.timeout(60_000);
    runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now(), sessions: 2 });
  });
  after(() => runner.dispose());

  it('have a kernel and a row in the operator table for every operator of the graph', () => {
    const names = operatorNames().sort();
    assert.deepEqual(Object.keys(kernels).sort(), names);
    assert.deepEqual([...operators.keys()].sort(), names);
    const tested = new Set(fc.sample(fc.tuple(...applications), { numRuns: 1, seed: 1 })[0]!.map(a => a.op));
    assert.deepEqual(
      names.filter(n => !tested.has(n)),
      [],
      'every operator is compared below',
    );
  });

  it('compute the same on random shapes', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.tuple(...applications), async drawn => {
        const graph = new Graph();
        const feeds = new Map<string, TensorData>();
        const values = drawn.flatMap((a, i) =>
          buildApplication(graph, a, i * 10, feeds).map(value => ({ a, value })),
        );
        const wanted = values.map(v => v.value);
        const ours = evaluate(wanted, feeds);
        const { outputs } = await runner.run(graph, wanted, feeds);
        values.forEach(({ a, value }, i) => {
          const [x, y] = [ours[i]!.data, outputs[i]!.data];
          assert.equal(x.length, y.length, `${a.op}: number of elements`);
          for (let k = 0; k < x.length; k++) {
            const gap = Math.abs(x[k]! - y[k]!);
            assert.ok(
              gap <= 2e-5 + 2e-5 * Math.abs(y[k]!) || (Number.isNaN(x[k]!) && Number.isNaN(y[k]!)),
              `${a.op} ${JSON.stringify(a)} [${value.shape}] element ${k}: ${x[k]} here, ${y[k]} in onnxruntime`,
            );
          }
        });
      }),
      { numRuns: 12 },
    );
  });
});
