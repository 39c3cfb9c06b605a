import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Entry } from '../../../../src/core/atlas/schema.ts';
import { computeRun, type Engine, kernelEngine, ortEngine } from '../../../../src/core/minis/computeRun.ts';
import type { GoldenTensor } from '../../../../src/core/minis/goldenCase.ts';
import { readGoldenCase } from '../../../../src/core/minis/readGoldenCase.ts';
import { makeRunSpec } from '../../../../src/core/minis/runSpec.ts';
import { traceEntry } from '../../../../src/core/minis/traceEntry.ts';
import { OrtRunner } from '../../../../src/core/onnx/ortRunner.ts';
import { loadOrt } from '../../../../src/node/ort.ts';
import type { Workbench } from '../../../../src/node/workbench.ts';
import { openWorkbench } from './openWorkbench.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/torch', import.meta.url));
const goldens = fileURLToPath(new URL('../../../fixtures/goldens', import.meta.url));
const [atol, rtol] = [2e-5, 1e-5];

/** Golden intermediates that these files hold in no variable of that name. */
const unnamed: Readonly<Record<string, readonly string[]>> = {
  'open_clip.TextTransformer': ['eot_index'],
};

/** An entry with the case that one of its drivers is named after, and our file in upstream's place. */
interface FixtureCase {
  readonly entry: Entry;
  readonly id: string;
  readonly file: string;
  readonly root: string;
}

function casesOf(bench: Workbench): FixtureCase[] {
  const cases = new Map<string, FixtureCase>();
  for (const entry of bench.atlas.entries) {
    for (const driver of entry.mini?.drivers ?? []) {
      const golden = `${goldens}/${driver.name}.json`;
      if (!existsSync(golden) || cases.has(driver.name)) continue;
      const { upstream } = readGoldenCase(readFileSync(golden, 'utf8'));
      if (!upstream?.file) continue;
      const root = `${fixtures}/${upstream.repo.split('/').at(-1)}`;
      const file = `${root}/${upstream.file}`;
      if (existsSync(file)) cases.set(driver.name, { entry, id: driver.name, file, root });
    }
  }
  return [...cases.values()];
}

/** The first element that leaves the tolerance, in words. */
function compare(
  wanted: GoldenTensor,
  shape: readonly number[],
  data: ArrayLike<number | bigint>,
): string | undefined {
  if (shape.join() !== wanted.shape.join())
    return `${wanted.name} is [${shape}] instead of [${wanted.shape}]`;
  for (const [i, value] of (wanted.values ?? []).entries()) {
    const [got, want] = [Number(data[i]), Number(value)];
    if (got === want || (Number.isNaN(got) && Number.isNaN(want))) continue;
    if (!(Math.abs(got - want) <= atol + rtol * Math.abs(want)))
      return `${wanted.name}[${i}] is ${got} instead of ${want}`;
  }
  return undefined;
}

async function judge(
  bench: Workbench,
  it: FixtureCase,
  engines: ReadonlyMap<string, Engine>,
): Promise<string[]> {
  const goldenCase = readGoldenCase(readFileSync(`${goldens}/${it.id}.json`, 'utf8'));
  const spec = makeRunSpec(it.entry, { driver: it.id, goldenCase });
  const traced = traceEntry(bench.tracer, bench.screen(it.file, [it.root]), spec);
  if (!traced.ok) return [`${it.id}: ${traced.failure.message}\n${traced.failure.traceback}`];
  const excused = unnamed[it.id] ?? [];
  const asked = new Set((goldenCase.intermediates ?? []).map(tensor => tensor.name));
  const lost = traced.value.missing.filter(name => asked.has(name) && !excused.includes(name));
  const problems = lost.map(name => `${it.id}: nothing is called ${name}`);
  for (const [engine, run] of engines) {
    const { outputs, intermediates } = await computeRun(traced.value, run);
    const computed = new Map(
      [...intermediates, ...outputs].map(tensor => [tensor.name, tensor.data] as const),
    );
    for (const wanted of [...goldenCase.outputs, ...(goldenCase.intermediates ?? [])]) {
      const data = computed.get(wanted.name);
      if (!data) {
        if (goldenCase.outputs.includes(wanted))
          problems.push(`${it.id} on ${engine}: no output ${wanted.name}`);
        continue;
      }
      const difference = compare(wanted, data.shape, data.data);
      if (difference) problems.push(`${it.id} on ${engine}: ${difference}`);
    }
  }
  return problems;
}

describe('model files written for this project agree with upstream', () => {
  let bench: Workbench;
  let runner: OrtRunner;
  const engines = new Map<string, Engine>();

  before(async function () {
    this.timeout(60_000);
    bench = await openWorkbench();
    runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now(), sessions: 1 });
    engines.set(
      'TypeScript kernels',
      kernelEngine(() => performance.now()),
    );
    engines.set('WASM', ortEngine(runner));
  });

  after(() => runner.dispose());

  it('every golden case with a function of theirs, on both engines', async function () {
    this.timeout(300_000);
    const cases = casesOf(bench);
    assert.ok(cases.length >= 48, `only ${cases.length} cases found`);
    const problems: string[] = [];
    for (const one of cases) problems.push(...(await judge(bench, one, engines)));
    assert.equal(problems.length, 0, problems.join('\n'));
  });
});
