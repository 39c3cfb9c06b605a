import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { makeTracer } from '../torch/snippetRunner.ts';
import { judgeCase, type PylibCase } from './caseRunner.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/pylib-cases.json', import.meta.url), 'utf8'),
) as { prelude: string; cases: PylibCase[] };

describe('the Python stand-ins give what the real libraries give', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await makeTracer();
  });

  for (const group of new Set(fixture.cases.map(row => row.group)))
    it(group, function () {
      this.timeout(120_000);
      const wrong = fixture.cases
        .filter(row => row.group === group)
        .flatMap(row => {
          const complaint = judgeCase(tracer, fixture.prelude, row);
          return complaint ? [`${row.code}\n      ${complaint}`] : [];
        });
      assert.equal(wrong.length, 0, `${wrong.length} cases differ:\n  ${wrong.join('\n  ')}`);
    });
});
