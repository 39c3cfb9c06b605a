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

  for (const code of [
    'torch.zeros(10 ** 9)',
    'torch.eye(10 ** 6)',
    'torch.arange(10 ** 10)',
    'torch.tril_indices(10 ** 5, 10 ** 5)',
    'torch.linspace(0, 1, 10 ** 9)',
    'a.repeat(10 ** 5, 10 ** 5)',
    'a.repeat_interleave(10 ** 9)',
    'a[:, :1].expand(-1, 10 ** 9).sum()',
    'F.one_hot(j, 10 ** 9)',
    'F.pad(a, (10 ** 9, 0))',
    'F.interpolate(img, size=10 ** 6)',
    'F.adaptive_avg_pool2d(img, 10 ** 6)',
    'torch.diag_embed(a, 10 ** 6)',
    'torch.einsum("i,j,k,l->ijkl", *[torch.ones(1000)] * 4)',
    '[torch.arange(10 ** 7) for _ in range(100)]',
  ])
    it(`${code} ends at a limit`, () => {
      const { failure } = runSnippet(startRun(tracer), `return ${code}`, inputs);
      assert.equal(failure?.kind, 'limit', failure?.message ?? 'was computed');
      assert.match(failure.message, /^(A tensor|The run)/);
    });

  // Found by fuzzing with other seeds.
  const raised: Record<string, string> = {
    'torch.hstack(())': 'RuntimeError',
    'F.adaptive_avg_pool2d(img, 10 ** 20)': 'RuntimeError',
    'F.adaptive_avg_pool2d(img, -1)': 'RuntimeError',
    'a.clone().fill_diagonal_(a)': 'TypeError',
    'torch.tensordot(a, a, 10 ** 9)': 'IndexError',
    'torch.tensordot(a, a, -1)': 'RuntimeError',
    'torch.tensordot(a, a, (a, a))': 'TypeError',
    'torch.can_cast(None, torch.float32)': 'TypeError',
    'torch.promote_types(torch.float32, None)': 'TypeError',
  };
  for (const [code, construct] of Object.entries(raised))
    it(`${code} raises ${construct}`, () => {
      const { failure } = runSnippet(startRun(tracer), `return ${code}`, inputs);
      assert.equal(failure?.construct, construct, failure?.message ?? 'was computed');
    });
});
