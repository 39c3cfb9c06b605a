import { strict as assert } from 'node:assert';
import { OrtRunner } from '../../../../src/core/onnx/ortRunner.ts';
import { evaluate } from '../../../../src/core/trace/kernels/evaluate.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { loadOrt } from '../../../../src/node/ort.ts';
import { goldenCases, traceGolden, worstOf } from '../../../harness/traceGolden.ts';
import { makeTracer } from './snippetRunner.ts';

describe('golden cases on our minis: TypeScript kernels in both precisions and onnxruntime', () => {
  let tracer: Tracer;
  /** As the command line has it, and the panel. */
  let runners: Record<'optimised' | 'quick', OrtRunner>;
  before(async () => {
    tracer = await makeTracer();
    const ort = await loadOrt();
    const options = { backend: 'wasm', clock: () => performance.now(), sessions: 1 } as const;
    runners = {
      optimised: new OrtRunner(ort, options),
      quick: new OrtRunner(ort, { ...options, quick: true }),
    };
  });
  after(async () => {
    for (const runner of Object.values(runners)) await runner.dispose();
  });

  for (const golden of goldenCases())
    it(golden.id, async function () {
      this.timeout(60_000);
      const traced = traceGolden(tracer, golden);
      assert.ok(traced, 'has a driver');
      assert.equal(traced.failure?.[1], undefined);
      assert.deepEqual(traced.missing, []);
      const values = traced.wanted.map(w => w.tensor.value);
      const { session } = traced;
      for (const precision of ['float32', 'float64'] as const) {
        const { share, where } = worstOf(traced, evaluate(values, session.feeds, { precision }));
        assert.ok(share <= 1, `${precision}: ${where}`);
      }
      for (const [name, runner] of Object.entries(runners)) {
        const { outputs } = await runner.run(session.graph, values, session.feeds);
        const { share, where } = worstOf(traced, outputs);
        assert.ok(share <= 1, `onnxruntime, ${name}: ${where}`);
      }
    });
});
