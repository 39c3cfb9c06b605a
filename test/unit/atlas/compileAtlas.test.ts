import { strict as assert } from 'node:assert';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import { type CompiledAtlas, compileAtlas, compiledPacks } from '../../../src/core/atlas/compileAtlas.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

describe('compileAtlas', () => {
  let atlas: Atlas;
  let compiled: CompiledAtlas;
  let details: Uint8Array;
  before(async () => {
    atlas = await builtInAtlas();
    const made = compileAtlas(atlas);
    compiled = JSON.parse(JSON.stringify(made.compiled)) as CompiledAtlas;
    details = made.details;
  });

  it('gives the same packs back', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(compiledPacks(compiled, details))), plain(atlas.packs));
  });

  it('gives entries that can be copied like any others', () => {
    const entries = compiledPacks(compiled, details).flatMap(pack => pack.entries);
    for (const entry of entries) {
      const original = atlas.entry(entry.id);
      assert.ok(original);
      assert.deepEqual(plain({ ...entry }), plain(original));
      assert.deepEqual(
        Object.keys(structuredClone(entry)).sort(),
        Object.keys(plain(original) as object).sort(),
      );
    }
  });

  it('reads the details of those entries only that somebody looks at', () => {
    const [first, second] = atlas.entries;
    assert.ok(first && second);
    const spoilt = details.slice();
    const { start, end } = compiled.packs[0]!.entries[1]!.packed;
    spoilt.fill(0x21, start, end);
    const [read, unread] = compiledPacks(compiled, spoilt)[0]!.entries;
    assert.deepEqual(plain(read?.summary), plain(first.summary));
    assert.equal(unread?.id, second.id);
    assert.throws(() => unread?.summary, SyntaxError);
  });
});

/** As JSON has it: what is undefined is not there. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
