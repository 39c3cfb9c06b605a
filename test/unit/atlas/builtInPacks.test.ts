import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { jsonSchemas } from '../../../scripts/buildSchemas.ts';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

interface Table {
  readonly rows: readonly (readonly [string, string, number, string | null])[];
}

describe('the built-in packs', () => {
  let atlas: Atlas;
  before(async () => {
    atlas = await builtInAtlas();
  });

  it('have an entry for every function that must be recognised', async () => {
    const folder = 'test/fixtures/recognition';
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.json') || file === 'forks.json') continue;
      const { rows } = JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as Table;
      for (const [, qualname, , expect] of rows) {
        if (expect === null || expect.startsWith('~')) continue;
        const entry = atlas.entry(expect);
        assert.ok(entry, `${file}: no entry ${expect}`);
        assert.ok(entry.signature, `${expect} has no signature`);
        assert.ok(qualname.endsWith(entry.signature.name));
      }
    }
  });

  it('hold the exercises 6.1 to 6.10', () => {
    for (let number = 1; number <= 10; number++) {
      assert.ok(atlas.entriesOfExercise(`6.${number}`).length > 0, `6.${number}`);
    }
  });

  it('refer only to entries that are there', () => {
    for (const entry of atlas.entries) {
      for (const id of entry.related ?? []) assert.ok(atlas.entry(id), `${entry.id} relates to ${id}`);
    }
  });

  it('fit the published JSON Schema, too', async () => {
    const schema = JSON.parse(jsonSchemas().get('pack.schema.json') ?? '') as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const system of await readdir('packs')) {
      const text = await readFile(`packs/${system}/pack.yaml`, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      assert.ok(validate(parse(text)), `${system}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
    assert.equal(validate({ system: 'x' }), false);
  });
});

describe('docs/schemas', () => {
  it('is what `node --import tsx scripts/buildSchemas.ts` writes', async () => {
    for (const [file, text] of jsonSchemas()) {
      assert.equal(await readFile(`docs/schemas/${file}`, 'utf8'), text, `${file} is stale`);
    }
  });
});
