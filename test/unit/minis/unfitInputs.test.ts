import { strict as assert } from 'node:assert';
import type { Entry, Mini } from '../../../src/core/atlas/schema.ts';
import { computeRun, kernelEngine } from '../../../src/core/minis/computeRun.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { traceEntry } from '../../../src/core/minis/traceEntry.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { Workbench } from '../../../src/node/workbench.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const text = { en: 'a', ja: 'あ' };
const BODY = `
def build(m, config):
    return None

def call(m, model, x, config):
    return {"y": x["ids"] + 0}
`;
const OTHER_DIMS = `
import torch

def inputs(config):
    return {"ids": torch.arange(config["n"]) % config["vocab"]}
`;

describe('Inputs that were made for other dims', () => {
  let bench: Workbench;
  let base: Entry;
  before(async () => {
    const atlas = await builtInAtlas();
    bench = new Workbench(atlas, await loadPythonParser());
    base = atlas.entry('open_clip.QuickGELU.forward')!;
  });
  after(() => bench.parser.dispose());

  function entryWith(code: string, sample?: string): Entry {
    const number = (value: number) => ({ default: value, min: 1, max: 9, label: text });
    const mini: Mini = {
      ...base.mini!,
      config: { n: number(3), vocab: number(6) },
      drivers: [
        {
          name: 'ids',
          inputs: [
            {
              name: 'ids',
              shape: ['n'],
              dtype: 'int64',
              rule: 'explicit',
              vocab: 'vocab',
              values: [5, 0, 1],
            },
            { name: 'x', shape: ['n'], dtype: 'float32', rule: 'input' },
          ],
          code,
        },
      ],
      samples: sample === undefined ? [] : [{ name: 'planted', title: text, text, code: sample }],
      invariants: [],
    };
    return { ...base, mini };
  }

  const trace = (entry: Entry, config: Record<string, number>, sample?: string) =>
    traceEntry(bench.tracer, bench.mini(base), makeRunSpec(entry, { config, ...(sample ? { sample } : {}) }));

  async function ids(config: Record<string, number>): Promise<number[]> {
    const outcome = trace(entryWith(OTHER_DIMS + BODY), config);
    assert.ok(outcome.ok);
    const { outputs } = await computeRun(
      outcome.value,
      kernelEngine(() => 0),
    );
    return [...outputs[0]!.data.data].map(Number);
  }

  it('are as listed where that fits', async () => {
    assert.deepEqual(await ids({}), [5, 0, 1]);
  });

  it('are made by the driver for another number and for a smaller vocabulary', async () => {
    assert.deepEqual(await ids({ n: 4 }), [0, 1, 2, 3]);
    assert.deepEqual(await ids({ vocab: 2 }), [0, 1, 0]);
  });

  it('are named with their size and the size needed', () => {
    const outcome = trace(entryWith(BODY), { n: 4 });
    assert.ok(!outcome.ok);
    assert.equal(outcome.failure.message, 'The input ids lists 3 values, which do not fit the shape [4].');
    assert.deepEqual(outcome.failure.unfit, { kind: 'listed', name: 'ids', has: [3], needs: [4] });
  });

  it('are named where a sample plants them, beside what was raised, once the reader has moved something', () => {
    const planted = 'import torch\n\ndef sample(config):\n    return {"x": torch.zeros(3)}\n';
    const sum = BODY.replace('x["ids"] + 0', 'x["x"] + torch.zeros(config["n"])');
    const entry = entryWith(`import torch\n${sum}`, planted);
    assert.ok(trace(entry, {}, 'planted').ok);
    const outcome = trace(entry, { n: 4 }, 'planted');
    assert.ok(!outcome.ok);
    assert.match(
      outcome.failure.message,
      /^The sample gives x the shape \[3\], these dims need \[4\]\. \(The size/,
    );
  });

  it('are not blamed for what has nothing to do with sizes', () => {
    const outcome = trace(entryWith(BODY.replace('x["ids"]', 'x["lost"]')), { n: 4 });
    assert.ok(!outcome.ok);
    assert.equal(outcome.failure.message, "'lost'");
    assert.equal(outcome.failure.unfit, undefined);
  });

  it('are named where they are trained weights', () => {
    const clip = bench.atlas.entry('open_clip.CLIP.forward')!;
    const { trainedConfig: _, ...mini } = clip.mini!;
    const spec = makeRunSpec({ ...clip, mini }, { trained: bench.weights('clip') });
    const outcome = traceEntry(bench.tracer, bench.mini(clip), spec);
    assert.ok(!outcome.ok);
    assert.equal(outcome.failure.unfit?.kind, 'trained');
    assert.match(
      outcome.failure.message,
      /^The trained weights have \S+ in the shape \[.*\], these dims need \[/,
    );
  });
});
