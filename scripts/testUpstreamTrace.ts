// EQUATION_LENS_UPSTREAM=DIR npm run test:upstream (second half)
// Every golden case on the upstream source in DIR: outputs and intermediates against the case, and screen beside mini at every step.
// Then the `must` functions: which of them run, and why the others are refused. Exit 1 when a number is off, 2 without DIR.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import type { Entry } from '../src/core/atlas/schema.ts';
import { compareRuns } from '../src/core/minis/compareRuns.ts';
import { computeRun, kernelEngine } from '../src/core/minis/computeRun.ts';
import { readGoldenCase } from '../src/core/minis/readGoldenCase.ts';
import { makeRunSpec, type RunSpec } from '../src/core/minis/runSpec.ts';
import { type CodeSource, traceEntry } from '../src/core/minis/traceEntry.ts';
import { upstreamPlace } from '../src/node/checkouts.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';
import { importRoots, Workbench } from '../src/node/workbench.ts';
import { checkGolden } from '../test/harness/checkGolden.ts';

const checkouts = process.env.EQUATION_LENS_UPSTREAM;
if (!checkouts || !existsSync(checkouts)) {
  console.error(
    'test:upstream: set EQUATION_LENS_UPSTREAM to a folder with checkouts (open_clip, glide-text2im, …)',
  );
  process.exit(2);
}
const { atlas } = loadAtlas(await readPackFolders());
const bench = new Workbench(atlas, await loadPythonParser());
const engine = kernelEngine(() => performance.now());
let failures = 0;

const goldens = fileURLToPath(new URL('../test/fixtures/goldens', import.meta.url));
const cases = readdirSync(goldens)
  .filter(file => file.endsWith('.json'))
  .map(file => readGoldenCase(readFileSync(join(goldens, file), 'utf8')));

console.log(
  'golden cases on upstream source: difference, share of the tolerance, tensors; mini beside it: steps compared',
);
const unmatched: string[] = [];
for (const golden of cases) {
  const entry = atlas.entry(golden.entry);
  const source = entry && screenOf(entry);
  if (!entry || !source) {
    console.log(`  ${golden.id}: ${entry?.upstream ? 'no checkout' : 'no upstream function'}`);
    continue;
  }
  const spec = makeRunSpec(entry, { goldenCase: golden });
  const traced = traceEntry(bench.tracer, source, spec);
  if (!traced.ok) {
    failures++;
    console.log(`  ${golden.id}: ${traced.failure.construct}: ${traced.failure.message}`);
    continue;
  }
  const verdict = await checkGolden(golden, traced.value, engine);
  // A case without an upstream function checks the mini alone; on upstream source its driver may still run.
  if (!verdict.ok) failures++;
  unmatched.push(...verdict.unmatched.map(it => `${golden.id}, ${it}`));
  console.log(
    `  ${verdict.ok ? '' : 'WRONG '}${golden.id}: ${verdict.difference.toExponential(2)}, ${verdict.share.toFixed(3)}, ${verdict.compared}${verdict.ok ? '' : ` ${verdict.where}`}`,
  );
}
console.log(unmatched.length === 0 ? 'every intermediate is matched' : 'not assigned in upstream’s form:');
for (const line of unmatched) console.log(`  ${line}`);

console.log('screen beside mini, every driver of every entry:');
let [compared, steps] = [0, 0];
for (const entry of atlas.entries) {
  const source = entry.mini && screenOf(entry);
  if (!entry.mini || !source) continue;
  for (const driver of entry.mini.drivers) {
    const line = await compareDriver(entry, driver.name, source);
    if (line) console.log(`  ${entry.id}, ${driver.name}: ${line}`);
  }
}
console.log(`${compared} comparisons, ${steps} steps on both sides`);

/** `[path, qualified name, line of def, expectation]` as in test/fixtures/recognition. */
interface Table {
  readonly repo: string;
  readonly rows: readonly (readonly [string, string, number, string | null])[];
}
console.log('must functions:');
const recognition = fileURLToPath(new URL('../test/fixtures/recognition', import.meta.url));
for (const file of readdirSync(recognition).sort()) {
  if (!file.endsWith('.json') || file === 'forks.json') continue;
  const table = JSON.parse(readFileSync(join(recognition, file), 'utf8')) as Table;
  const clone = join(checkouts, table.repo);
  if (!existsSync(clone)) continue;
  const runs: string[] = [];
  const refused: string[] = [];
  for (const [path, qualname, line, expect] of table.rows) {
    if (expect === null || expect.startsWith('~')) continue;
    const name = `${path}:${line} ${qualname}`;
    const entry = atlas.entry(expect);
    if (!entry?.mini) {
      refused.push(`${name}: ${expect} has no driver`);
      continue;
    }
    const file = join(clone, path);
    const source = bench.screen(file, importRoots(file, clone, entry.upstream?.path), qualname);
    const reasons: string[] = [];
    let ran = false;
    for (const driver of entry.mini.drivers) {
      const outcome = traceEntry(bench.tracer, source, specOf(entry, driver.name));
      if (outcome.ok) ran = true;
      else reasons.push(`${outcome.failure.construct}: ${outcome.failure.message}`);
    }
    if (ran) runs.push(name);
    else refused.push(`${name}: ${reasons[0]?.replaceAll('\n', ' ')}`);
  }
  console.log(`  ${table.repo}: ${runs.length} run, ${refused.length} do not`);
  for (const name of runs) console.log(`    runs ${name}`);
  for (const name of refused) console.log(`    refused ${name}`);
}

bench.parser.dispose();
console.log(failures === 0 ? 'all as expected' : `${failures} not as expected`);
process.exit(failures === 0 ? 0 : 1);

function screenOf(entry: Entry): CodeSource | undefined {
  const place = upstreamPlace(atlas, entry, checkouts!);
  return place && bench.screen(place.file, importRoots(place.file, place.clone), entry.upstream?.qualname);
}

function specOf(entry: Entry, driver: string): RunSpec {
  const golden = cases.find(it => it.id === driver && it.entry === entry.id);
  return makeRunSpec(entry, golden ? { goldenCase: golden } : { driver });
}

/** @returns what is to be said; undefined where all agrees */
async function compareDriver(entry: Entry, driver: string, source: CodeSource): Promise<string | undefined> {
  const spec = specOf(entry, driver);
  const mini = traceEntry(bench.tracer, bench.mini(entry), spec);
  if (!mini.ok) {
    failures++;
    return `the mini does not run: ${mini.failure.message}`;
  }
  const screen = traceEntry(bench.tracer, source, spec);
  if (!screen.ok) return `refused: ${screen.failure.construct}: ${screen.failure.message}`;
  const [ours, theirs] = [await computeRun(mini.value, engine), await computeRun(screen.value, engine)];
  const order = entry.steps.map(step => step.id);
  const result = compareRuns(ours, theirs, order, { mini: mini.value, screen: screen.value });
  compared++;
  steps += result.steps.filter(step => step.difference !== null).length;
  const alone = result.steps.filter(step => step.difference === null).map(step => step.id);
  const said: string[] = [];
  for (const step of [...result.steps, ...result.outputs]) {
    if (step.agrees) continue;
    const shapes = step.shapes ? ` shapes [${step.shapes.mini}] and [${step.shapes.screen}]` : '';
    said.push(
      `${step.id} differs by ${step.difference?.toPrecision(3)} of ${step.size.toPrecision(3)}${shapes}`,
    );
  }
  if (said.length > 0) failures++;
  if (alone.length > 0) said.push(`not on both sides: ${alone.join(', ')}`);
  return said.length > 0 ? said.join('; ') : undefined;
}
