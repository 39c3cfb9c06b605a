import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import { parseCaption } from '../../../src/core/minis/caption.ts';
import { captionTokens } from '../../../src/core/minis/captionTokens.ts';
import { picturePixels } from '../../../src/core/minis/drawScene.ts';
import { DrawingCancelled, drawingNoise, Sampler } from '../../../src/core/minis/sampler.ts';
import { scorePicture } from '../../../src/core/minis/scorePicture.ts';
import { SAMPLER_ENTRY } from '../../../src/core/minis/trainedEntries.ts';
import { kernelValues, ortValues, type ValuesEngine } from '../../../src/core/minis/valuesEngine.ts';
import { OrtRunner } from '../../../src/core/onnx/ortRunner.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { loadOrt } from '../../../src/node/ort.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';
import { Workbench } from '../../../src/node/workbench.ts';
import { repoRoot } from '../../harness/paths.ts';
import { TRAINED_ATOL, type TrainedFile, TrainedJudge } from '../../harness/trainedCases.ts';

const fileOf = (name: string) =>
  JSON.parse(
    readFileSync(join(repoRoot, 'test/fixtures/trained', `${name}.cases.json`), 'utf8'),
  ) as TrainedFile;

describe('Trained models', function () {
  this.timeout(120_000);
  let bench: Workbench;
  let runner: OrtRunner;
  let engine: ValuesEngine;
  let sampler: Sampler;
  before(async () => {
    bench = new Workbench(loadAtlas(await readPackFolders()).atlas, await loadPythonParser());
    runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() });
    engine = ortValues(runner);
    const entry = bench.atlas.entry(SAMPLER_ENTRY)!;
    const traced = Sampler.trace(bench.tracer, entry, bench.mini(entry), bench.weights('glide'));
    assert.ok(traced.ok);
    sampler = traced.value;
  });
  after(async () => {
    await runner.dispose();
    bench.parser.dispose();
  });

  // `npm run test:trained` judges all of them, on upstream's source as well.
  const chosen: [name: string, of: number[]][] = [
    ['clip', [0]],
    ['glide', [1, 6]],
    ['blip_vqa', [0, 2]],
    ['prior', [0]],
  ];
  for (const [name, indexes] of chosen) {
    it(`${name} gives upstream's numbers and words`, async () => {
      const file = fileOf(name);
      const cases = indexes.map(index => file.cases[index]);
      const judge = new TrainedJudge(bench, id => bench.mini(bench.atlas.entry(id)!), engine);
      let count = 0;
      for await (const it of judge.judge({ ...file, cases } as TrainedFile)) {
        count++;
        assert.ok(it.difference <= TRAINED_ATOL, `${it.name}: ${it.reason ?? it.difference}`);
      }
      assert.ok(count >= indexes.length * 2, `${count} comparisons`);
    });
  }

  it('GLIDE draws what the caption says, and tells of every step', async () => {
    const caption = parseCaption('a yellow triangle below a green circle');
    const steps: number[] = [];
    const picture = await sampler.draw(engine, {
      tokens: [captionTokens(caption.text)],
      noise: drawingNoise('0:noise.draw'),
      onStep: ({ step, of, picture: frame }) => {
        steps.push(step);
        assert.equal(of, 20);
        assert.deepEqual(frame.shape, [1, 3, 16, 16]);
      },
    });
    assert.deepEqual(
      steps,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.ok(scorePicture(picturePixels(picture), caption).right);
  });

  it('a drawing stops when it is cancelled', async () => {
    const cancel = { cancelled: false };
    let steps = 0;
    const drawing = sampler.draw(kernelValues, {
      tokens: [captionTokens('a red square')],
      noise: drawingNoise('0:noise.draw'),
      cancel,
      onStep: () => {
        cancel.cancelled = ++steps === 1;
      },
    });
    await assert.rejects(drawing, DrawingCancelled);
    assert.equal(steps, 1);
  });
});
