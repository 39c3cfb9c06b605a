import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { torchSession } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import {
  type Described,
  difference,
  graphValuesIn,
  makeTracer,
  runSnippet,
  startRun,
} from '../torch/snippetRunner.ts';

const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/timm-cases.json', import.meta.url), 'utf8'),
) as { cases: { call: string; code: string; expected: Described }[] };

describe('the stand-ins for timm give what timm gives (test/tools/timmOracle.py)', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await makeTracer();
  });

  for (const { call, code, expected } of cases)
    it(call, () => {
      const { run, value, failure } = runSnippet(startRun(tracer), code, {});
      assert.ok(value !== undefined, failure?.traceback);
      const session = torchSession(run.interpreter);
      const numbers = graphValuesIn(value).map(it => session.peek(it));
      const known = numbers.flatMap(data => (data ? [data] : []));
      assert.equal(known.length, numbers.length);
      assert.equal(difference(value, expected, known, run), undefined);
    });
});
