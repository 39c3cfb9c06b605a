/**
 * Compares the tracer with the cases that `variantCases.py` made.
 *
 *     npx tsx test/tools/variantTrace.ts [--wasm] CASES [CHECKOUTS]
 *
 * With CHECKOUTS the upstream files are traced, else our minis. The TypeScript kernels compute, with --wasm onnxruntime-web. Exit 1 when a number is off; refusals are listed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import { kernelEngine, ortEngine } from '../../src/core/minis/computeRun.ts';
import { readGoldenCase } from '../../src/core/minis/readGoldenCase.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { type CodeSource, traceEntry } from '../../src/core/minis/traceEntry.ts';
import { OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import { upstreamPlace } from '../../src/node/checkouts.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { loadOrt } from '../../src/node/ort.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { importRoots, Workbench } from '../../src/node/workbench.ts';
import { checkGolden } from '../harness/checkGolden.ts';

const onWasm = process.argv.includes('--wasm');
const [folder, checkouts] = process.argv.slice(2).filter(it => it !== '--wasm');
if (folder === undefined) throw new Error('which folder of cases?');
const { atlas } = loadAtlas(await readPackFolders());
const bench = new Workbench(atlas, await loadPythonParser());
const clock = () => performance.now();
const engine = onWasm
  ? ortEngine(new OrtRunner(await loadOrt(), { backend: 'wasm', clock }))
  : kernelEngine(clock);
let [right, wrong, refused] = [0, 0, 0];
let [worst, worstAt] = [0, ''];

for (const file of readdirSync(folder).sort()) {
  const golden = readGoldenCase(readFileSync(join(folder, file), 'utf8'));
  const entry = atlas.entry(golden.entry);
  const source = entry && (checkouts === undefined ? bench.mini(entry) : screenOf(entry));
  if (!entry || !source) continue;
  const traced = traceEntry(bench.tracer, source, makeRunSpec(entry, { goldenCase: golden }));
  if (!traced.ok) {
    refused++;
    console.log(
      `${file}: ${traced.failure.construct}: ${traced.failure.message} ${JSON.stringify(golden.config)}`,
    );
    continue;
  }
  const verdict = await checkGolden(golden, traced.value, engine);
  if (verdict.share > worst) [worst, worstAt] = [verdict.share, file];
  if (verdict.ok) right++;
  else {
    wrong++;
    console.log(`WRONG ${file}: ${verdict.difference} at ${verdict.where} ${JSON.stringify(golden.config)}`);
  }
}
console.log(
  `${right} agree, ${wrong} are wrong, ${refused} stopped; at most ${worst.toFixed(3)} of the tolerance (${worstAt})`,
);
process.exitCode = wrong > 0 ? 1 : 0;

type Entry = NonNullable<ReturnType<typeof atlas.entry>>;

function screenOf(entry: Entry): CodeSource | undefined {
  const place = upstreamPlace(atlas, entry, checkouts!);
  return place && bench.screen(place.file, importRoots(place.file, place.clone), entry.upstream?.qualname);
}
