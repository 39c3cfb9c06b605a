import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alignFunction } from '../../../src/core/alignment/alignFunction.ts';
import { readPack } from '../../../src/core/atlas/readPack.ts';
import type { Entry } from '../../../src/core/atlas/schema.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { PACKS_FOLDER, readPackFolders } from '../../../src/node/readPackFolders.ts';

/**
 * What is compared step by step must be found on both sides: every step of an entry with a mini has its lines in our reference
 * module, under the upstream name. Entries without a function have nothing to place.
 */
describe('minis: steps of an entry on our reference modules', () => {
  let parser: PythonParser;
  const entries: { system: string; entry: Entry }[] = [];

  before(async () => {
    parser = await loadPythonParser();
    for (const source of await readPackFolders()) {
      const { pack, problems } = readPack(source);
      assert.deepEqual(problems, [], source.pack.path);
      for (const entry of pack!.entries) entries.push({ system: pack!.system, entry });
    }
  });
  after(() => parser.dispose());

  it('are all placed', async () => {
    const unplaced: string[] = [];
    let placed = 0;
    for (const { system, entry } of entries) {
      if (!entry.mini || !entry.upstream) continue;
      const text = await readFile(join(PACKS_FOLDER, system, entry.mini.file), 'utf8');
      const fn = parser.outline(text).functions.find(it => it.qualname === entry.upstream?.qualname);
      if (!fn) {
        unplaced.push(`${entry.id}: no function ${entry.upstream.qualname} in ${entry.mini.file}`);
        continue;
      }
      const alignment = alignFunction(entry, fn);
      placed += alignment.steps.length;
      for (const step of alignment.unplaced) unplaced.push(`${entry.id}: ${step}`);
    }
    assert.deepEqual(unplaced, []);
    assert.ok(placed > 0, 'there are steps to place');
  });

  it('samples, drivers and titles: three samples each, every one with a driver that exists', () => {
    for (const { entry } of entries) {
      if (!entry.mini) continue;
      const drivers = entry.mini.drivers.map(driver => driver.name);
      assert.ok(entry.mini.samples.length >= 3, `${entry.id} has fewer than three samples`);
      assert.ok((entry.mini.invariants ?? []).length >= 1, `${entry.id} has no invariant`);
      for (const sample of entry.mini.samples) {
        assert.ok(
          sample.driver === undefined || drivers.includes(sample.driver),
          `${entry.id}: ${sample.name}`,
        );
        assert.ok(
          sample.weights !== 'trained' || entry.mini.trained,
          `${entry.id}: ${sample.name} has no trained weights`,
        );
      }
    }
  });

  it('every Python file of a mini parses', async () => {
    for (const system of new Set(entries.map(it => it.system))) {
      const folder = join(PACKS_FOLDER, system, 'mini');
      const files = await readdir(folder).catch(() => [] as string[]);
      for (const file of files.filter(name => name.endsWith('.py'))) {
        const outline = parser.outline(await readFile(join(folder, file), 'utf8'));
        assert.equal(outline.hasErrors, false, `${system}/mini/${file}`);
        assert.ok(outline.functions.length > 0, `${system}/mini/${file} holds no function`);
      }
    }
  });
});
