import { strict as assert } from 'node:assert';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import { computeRun, kernelEngine } from '../../../src/core/minis/computeRun.ts';
import { RememberedTensors } from '../../../src/core/minis/rememberedTensors.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { type RuledTensor, type TensorMaker, tensorByRule } from '../../../src/core/minis/tensorByRule.ts';
import { traceEntry } from '../../../src/core/minis/traceEntry.ts';
import type { TensorData } from '../../../src/core/trace/graph/data.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';
import { Workbench } from '../../../src/node/workbench.ts';

describe('RememberedTensors', () => {
  const weight: RuledTensor = { name: 'proj.weight', shape: [4, 6], rule: 'weight' };

  it('gives what the rule gives, and the same numbers again', () => {
    const { make } = new RememberedTensors();
    const first = make(weight, 3);
    assert.deepEqual(first, tensorByRule(weight, 3));
    assert.equal(make({ ...weight }, 3), first);
  });

  const others: [string, RuledTensor, number][] = [
    ['seed', weight, 4],
    ['name', { ...weight, name: 'proj.weight2' }, 3],
    ['shape of as many elements', { ...weight, shape: [6, 4] }, 3],
    ['rule', { ...weight, rule: 'input' }, 3],
    ['type', { ...weight, type: 'float64' }, 3],
  ];
  for (const [what, wanted, seed] of others) {
    it(`tells another ${what} apart`, () => {
      const { make } = new RememberedTensors();
      make(weight, 3);
      assert.deepEqual(make(wanted, seed), tensorByRule(wanted, seed));
    });
  }

  it('tells vocabularies apart', () => {
    const { make } = new RememberedTensors();
    const tokens: RuledTensor = { name: 'ids', shape: [50], rule: 'token', vocab: 5 };
    make(tokens, 0);
    assert.deepEqual(make({ ...tokens, vocab: 9 }, 0), tensorByRule({ ...tokens, vocab: 9 }, 0));
  });

  it('lists given numbers anew: two cases may use one name', () => {
    const { make } = new RememberedTensors();
    const given = (values: number[]): RuledTensor => ({ name: 'x', shape: [2], rule: 'explicit', values });
    make(given([1, 2]), 0);
    assert.deepEqual([...make(given([3, 4]), 0).data], [3, 4]);
  });

  it('forgets the oldest when it is full, and one that is larger than everything', () => {
    const { make } = new RememberedTensors(60);
    const first = make(weight, 0);
    const second = make(weight, 1);
    make(weight, 2);
    assert.equal(make(weight, 1), second);
    assert.notEqual(make(weight, 0), first);
    const huge: RuledTensor = { ...weight, shape: [100] };
    assert.deepEqual(make(huge, 0), tensorByRule(huge, 0));
  });

  it('is written into by no mini: in-place operations, traces and kernels leave what it gave', async function () {
    this.timeout(120_000);
    const bench = new Workbench(loadAtlas(await readPackFolders()).atlas, await loadPythonParser());
    const given: { wanted: RuledTensor; seed: number; data: TensorData }[] = [];
    const { make } = new RememberedTensors();
    const makeTensor: TensorMaker = (wanted, seed) => {
      const data = make(wanted, seed);
      given.push({ wanted, seed, data });
      return data;
    };
    for (const entry of bench.atlas.entries) {
      // A whole drawing takes half a minute on the kernels, and what it is made of is among the others.
      if (!entry.mini || entry.id === 'imagic.drawing') continue;
      const traced = traceEntry(bench.tracer, bench.mini(entry), makeRunSpec(entry, {}), { makeTensor });
      assert.ok(traced.ok, entry.id);
      await computeRun(
        traced.value,
        kernelEngine(() => 0),
      );
    }
    bench.parser.dispose();
    assert.ok(given.length > 500, `${given.length} tensors`);
    for (const { wanted, seed, data } of given)
      assert.deepEqual(data, tensorByRule(wanted, seed), wanted.name);
  });
});
