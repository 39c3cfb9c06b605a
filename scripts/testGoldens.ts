// npm run test:goldens [-- FILE…]
// Every golden case (test/fixtures/goldens; or files of their form) with our mini, on the TypeScript kernels and on onnxruntime-web's
// WASM: the largest difference per case, and the intermediates that nothing answers to. Exit 1 when a number is off.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { kernelEngine, ortEngine } from '../src/core/minis/computeRun.ts';
import { readGoldenCase } from '../src/core/minis/readGoldenCase.ts';
import { makeRunSpec } from '../src/core/minis/runSpec.ts';
import { traceEntry } from '../src/core/minis/traceEntry.ts';
import { OrtRunner } from '../src/core/onnx/ortRunner.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { loadOrt } from '../src/node/ort.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';
import { Workbench } from '../src/node/workbench.ts';
import { checkGolden } from '../test/harness/checkGolden.ts';

const folder = fileURLToPath(new URL('../test/fixtures/goldens', import.meta.url));
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter(file => file.endsWith('.json'))
        .map(file => join(folder, file));
for (const file of files) {
  if (existsSync(file)) continue;
  console.error(`test:goldens: ${file}: no such file`);
  process.exit(2);
}

const { atlas } = loadAtlas(await readPackFolders());
const bench = new Workbench(atlas, await loadPythonParser());
const clock = () => performance.now();
const runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock });
const engines = [
  ['kernels', kernelEngine(clock)],
  ['wasm', ortEngine(runner)],
] as const;

let failed = 0;
const lacking: string[] = [];
console.log(
  `${'case'.padEnd(52)} ${'kernels'.padStart(9)} ${'wasm'.padStart(9)}  of the tolerance, compared`,
);
for (const file of files) {
  const golden = readGoldenCase(readFileSync(file, 'utf8'));
  const entry = atlas.entry(golden.entry);
  if (!entry?.mini) {
    failed++;
    console.log(`${golden.id.padEnd(52)} no mini for ${golden.entry}`);
    continue;
  }
  const outcome = traceEntry(bench.tracer, bench.mini(entry), makeRunSpec(entry, { goldenCase: golden }));
  if (!outcome.ok) {
    failed++;
    console.log(`${golden.id.padEnd(52)} ${outcome.failure.construct}: ${outcome.failure.message}`);
    continue;
  }
  const cells: string[] = [];
  const wrong: string[] = [];
  let [share, compared] = [0, 0];
  for (const [name, engine] of engines) {
    const verdict = await checkGolden(golden, outcome.value, engine);
    cells.push(verdict.difference.toExponential(2).padStart(9));
    share = Math.max(share, verdict.share);
    compared = verdict.compared;
    if (!verdict.ok) wrong.push(`${name}: ${verdict.where}`);
    if (name === 'kernels') lacking.push(...verdict.unmatched.map(it => `${golden.id}, ${it}`));
  }
  if (wrong.length > 0) failed++;
  console.log(`${golden.id.padEnd(52)} ${cells.join(' ')}  ${share.toFixed(3)}, ${compared}`);
  for (const line of wrong) console.log(`  WRONG ${line}`);
}
await runner.dispose();
console.log(lacking.length === 0 ? 'every intermediate is matched' : 'not matched:');
for (const line of lacking) console.log(`  ${line}`);
console.log(
  failed === 0 ? `all ${files.length} cases agree` : `${failed} of ${files.length} cases do not agree`,
);
process.exit(failed === 0 ? 0 : 1);
