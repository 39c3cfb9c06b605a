import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';
import { Workbench } from '../../../src/node/workbench.ts';
import { repoRoot } from '../../harness/paths.ts';
import { compareChanged, type Planted, type PlantedBug } from '../../harness/plantChange.ts';

const table = <T>(name: string) =>
  JSON.parse(readFileSync(join(repoRoot, 'test/fixtures/planted', name), 'utf8')) as T[];

describe('Screen beside mini', () => {
  let bench: Workbench;
  before(async () => {
    bench = new Workbench(loadAtlas(await readPackFolders()).atlas, await loadPythonParser());
  });
  after(() => bench.parser.dispose());

  for (const bug of table<PlantedBug>('bugs.json')) {
    it(`names the first step that differs: ${bug.what} (${bug.entry})`, async () => {
      const { comparison } = await compareChanged(bench, bug);
      assert.equal(comparison.verdict, 'different');
      assert.equal(comparison.first?.step, bug.step);
      assert.ok(comparison.first.difference > 0);
      assert.ok(comparison.first.lines.length > 0, 'the step has lines');
    });
  }

  for (const change of table<Planted>('refactorings.json')) {
    it(`stays silent: ${change.what} (${change.entry})`, async () => {
      const { comparison } = await compareChanged(bench, change);
      assert.equal(comparison.first, undefined);
      assert.equal(comparison.verdict, 'equal');
      assert.ok(comparison.outputs.every(output => output.difference !== null));
    });
  }
});
