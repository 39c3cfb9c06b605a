// npm run test:trained [-- FILE…]
// Runs the trained models on cases that upstream's modules were asked as well: our minis and, with EQUATION_LENS_UPSTREAM=DIR, the
// upstream source in DIR. Files of the form of test/fixtures/trained/*.cases.json; those by default. Exit 1 with the worst case when a
// number is off by more than 1e-3 or an answer or a token differs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { ortValues } from '../src/core/minis/valuesEngine.ts';
import { OrtRunner } from '../src/core/onnx/ortRunner.ts';
import { upstreamPlace } from '../src/node/checkouts.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { loadOrt } from '../src/node/ort.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';
import { importRoots, Workbench } from '../src/node/workbench.ts';
import {
  type Judged,
  type SourceOf,
  TRAINED_ATOL,
  type TrainedFile,
  TrainedJudge,
} from '../test/harness/trainedCases.ts';

const folder = fileURLToPath(new URL('../test/fixtures/trained', import.meta.url));
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter(file => file.endsWith('.cases.json'))
        .map(file => join(folder, file));

const { atlas } = loadAtlas(await readPackFolders());
const bench = new Workbench(atlas, await loadPythonParser());
const runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() });
const engine = ortValues(runner);

const sources: [name: string, of: SourceOf][] = [['mini', id => bench.mini(atlas.entry(id)!)]];
const checkouts = process.env.EQUATION_LENS_UPSTREAM;
if (checkouts) {
  sources.push([
    'upstream',
    id => {
      const entry = atlas.entry(id);
      const place = entry && upstreamPlace(atlas, entry, checkouts);
      return (
        place && bench.screen(place.file, importRoots(place.file, place.clone), entry.upstream?.qualname)
      );
    },
  ]);
} else console.log('upstream source not judged: EQUATION_LENS_UPSTREAM names no checkouts');

let worst: (Judged & { readonly of: string }) | undefined;
for (const path of files) {
  if (!existsSync(path)) {
    console.error(`test:trained: ${path}: no such file`);
    process.exit(2);
  }
  const file = JSON.parse(readFileSync(path, 'utf8')) as TrainedFile;
  for (const [name, sourceOf] of sources) {
    const judge = new TrainedJudge(bench, sourceOf, engine);
    let largest = 0;
    let count = 0;
    const wrong: Judged[] = [];
    for await (const judged of judge.judge(file)) {
      count++;
      if (judged.difference > TRAINED_ATOL) wrong.push(judged);
      if (!(judged.difference <= largest)) largest = judged.difference;
      if (!worst || judged.difference > worst.difference)
        worst = { ...judged, of: `${basename(path)}, ${name}` };
    }
    console.log(
      `${basename(path)}, ${name}: ${file.cases.length} cases, ${count} comparisons, largest difference ${largest.toExponential(2)}`,
    );
    for (const it of wrong) console.log(`  ${it.name}: ${it.reason ?? it.difference.toExponential(2)}`);
  }
}
await runner.dispose();
if (worst && worst.difference > TRAINED_ATOL) {
  console.log(`worst: ${worst.of}, ${worst.name}: ${worst.reason ?? worst.difference.toExponential(2)}`);
  process.exit(1);
}
console.log(
  `all within ${TRAINED_ATOL}${worst ? `; worst ${worst.difference.toExponential(2)} (${worst.of}, ${worst.name})` : ''}`,
);
