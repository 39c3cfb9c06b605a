import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { outputOf, tracerFixture } from './tracerFixture.ts';

interface Program {
  readonly name: string;
  readonly source: string;
  /** What CPython printed: `test/tools/pythonOracle.py`. */
  readonly output: string;
}

const programs = JSON.parse(
  readFileSync(new URL('../../../fixtures/python-programs.json', import.meta.url), 'utf8'),
) as Program[];

describe('Python programs print what CPython prints', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await tracerFixture();
  });

  for (const { name, source, output } of programs) {
    it(name, () => {
      assert.equal(outputOf(tracer, source), output);
    });
  }
});
