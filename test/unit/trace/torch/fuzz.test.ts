import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { torchSession } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { program } from './programs.ts';
import { type Described, graphValuesIn, makeTracer, runSnippet, startRun } from './snippetRunner.ts';

const { inputs } = JSON.parse(
  readFileSync(new URL('../../../fixtures/torch-snippets.json', import.meta.url), 'utf8'),
) as { inputs: Record<string, Described> };

describe('torch calls with any arguments', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await makeTracer();
  });

  it('give a value, a Python exception or a refusal, never an error of ours', function () {
    this.timeout(120_000);
    let done = 0;
    let run = startRun(tracer);
    fc.assert(
      fc.property(program, code => {
        // A new run now and then: the graph of the old one only grows.
        if (done++ % 100 === 0) run = startRun(tracer);
        const { value, failure } = runSnippet(run, code, inputs);
        assert.notEqual(failure?.construct, 'internal', `${code}\n${failure?.traceback}`);
        if (value === undefined) return;
        const session = torchSession(run.interpreter);
        const numbers = run.guard(() => graphValuesIn(value).map(v => session.peek(v)));
        assert.ok(
          numbers.ok || numbers.failure.construct !== 'internal',
          `${code}\n${numbers.ok || numbers.failure.message}`,
        );
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1500) },
    );
  });
});
