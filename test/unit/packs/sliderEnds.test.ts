import { strict as assert } from 'node:assert';
import type { Driver, Entry, Mini, Sample } from '../../../src/core/atlas/schema.ts';
import { type ComputedRun, computeRun, kernelEngine } from '../../../src/core/minis/computeRun.ts';
import {
  type ConfigControl,
  type ConfigValue,
  configControls,
} from '../../../src/core/minis/configControls.ts';
import { fitsTrained } from '../../../src/core/minis/fixedConfig.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { type RunSource, traceEntry } from '../../../src/core/minis/traceEntry.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { Workbench } from '../../../src/node/workbench.ts';
import { TOOL_DRIVERS } from '../../../webview/views/toolDrivers.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

/** What the panel may ask for: a driver, a sample or none, weights, and one control moved away from where it stands. */
interface Setting {
  readonly driver: Driver;
  readonly sample: Sample | undefined;
  readonly trained: boolean;
  readonly config: Readonly<Record<string, ConfigValue>>;
}

/** A drawing of three pictures in one graph takes minutes on the kernels: it is traced without a sample, which finds what does not fit. */
const ONLY_TRACED = new Set(['imagic.drawing']);

/**
 * Large graphs are made smaller while something else is moved, where their size may be chosen; with trained weights they run as they are,
 * and with a sample nothing is moved that only the model depends on.
 */
const SMALLER: Readonly<Record<string, Readonly<Record<string, ConfigValue>>>> = {
  'glide.Text2ImUNet.forward': { size: 4, batch: 1 },
  'dalle2.DiffusionPriorNetwork.forward': { batch: 1, depth: 1, dim: 16, text_len: 4, max_text_len: 4 },
  'open_clip.ModifiedResNet.forward': { image_size: 32, batch: 1 },
};

/** What is not run, told at the end: what of which entry, and where. */
class LeftOut {
  readonly #where = new Map<string, string[]>();

  add(what: string, where: string): void {
    this.#where.set(what, [...(this.#where.get(what) ?? []), where]);
  }

  lines(): string[] {
    return [...this.#where].map(([what, where]) => `${what} (${where.join(', ')})`);
  }
}

const atlas = await builtInAtlas();

/** Entries that run the same code with the same drivers and samples are one mini. */
const minis = new Map<string, [Entry, ...Entry[]]>();
for (const entry of atlas.entries) {
  if (!entry.mini || entry.mini.file === '') continue;
  const key = `${atlas.packOf(entry.id)?.system} ${JSON.stringify(entry.mini)}`;
  minis.set(key, [...(minis.get(key) ?? []), entry] as [Entry, ...Entry[]]);
}

describe('Both ends of every slider', () => {
  let bench: Workbench;
  const leftOut = new LeftOut();
  before(async () => {
    bench = new Workbench(atlas, await loadPythonParser());
  });
  after(() => {
    bench.parser.dispose();
    for (const line of leftOut.lines()) console.log(`      left out: ${line}`);
  });

  for (const [entry, ...others] of minis.values()) {
    it([entry, ...others].map(({ id }) => id).join(', '), async () => {
      const mini = entry.mini!;
      const source = bench.mini(entry);
      const problems: string[] = [];
      if (ONLY_TRACED.has(entry.id)) leftOut.add(`${entry.id}: numbers`, 'samples, trained weights');
      let asItIs = false;
      let count = 0;
      for (const setting of settings(entry, mini, leftOut)) {
        const { wrong, nan } = await judge(bench, source, entry, setting);
        count++;
        if (Object.keys(setting.config).length === 0) asItIs = nan;
        const found = [...wrong, ...(nan && !asItIs ? ['NaN'] : [])];
        if (found.length > 0) problems.push(`${named(setting)}: ${found.join('; ')}`);
      }
      assert.deepEqual(problems, []);
      assert.ok(count > 0, 'something was run');
    });
  }
});

/**
 * As they are first, then every control at its ends, one at a time. A sample changes the inputs: with one (and with trained weights, that
 * have other numbers only) those controls are moved that inputs and sample depend on. The driver alone has tried the others.
 */
function* settings(entry: Entry, mini: Mini, leftOut: LeftOut): Generator<Setting> {
  for (const driver of mini.drivers) {
    if (TOOL_DRIVERS.includes(driver.name)) {
      leftOut.add(`${entry.id}: whole drawings and answers`, driver.name);
      continue;
    }
    const own = mini.samples.filter(sample => (sample.driver ?? mini.drivers[0]!.name) === driver.name);
    const quick = ONLY_TRACED.has(entry.id);
    for (const sample of [undefined, ...(quick ? [] : own)]) {
      for (const trained of quick ? [false] : [false, true]) {
        if (trained && !fitsTrained(mini, driver, sample)) continue;
        yield { driver, sample, trained, config: {} };
        const movable = configControls(mini, { driver, sample, trained }).filter(({ fixed }) => !fixed);
        const smaller = Object.entries(SMALLER[entry.id] ?? {}).filter(([name]) =>
          movable.some(control => control.name === name),
        );
        const alone = sample === undefined && !trained;
        const large = entry.id in SMALLER;
        const moved = movable.filter(
          ({ name }) =>
            alone ||
            (!(trained && large) && concerns(name, driver, sample)) ||
            (!large && Object.hasOwn(sample?.config ?? {}, name)),
        );
        for (const control of moved) {
          for (const value of ends(control)) {
            const config = { ...Object.fromEntries(smaller), [control.name]: value };
            yield { driver, sample, trained, config };
          }
        }
        if (moved.length < movable.length) {
          const names = movable.filter(control => !moved.includes(control)).map(({ name }) => name);
          const which = [sample?.name, ...(trained ? ['trained'] : [])].filter(it => it !== undefined);
          leftOut.add(`${entry.id}: ends of ${names.join(', ')}`, which.join(' '));
        }
      }
    }
  }
}

/** Whether inputs or the sample depend on a value of the config; where there are no inputs, the sample may be about anything. */
function concerns(name: string, { inputs }: Driver, sample: Sample | undefined): boolean {
  if (inputs.length === 0) return true;
  const shapes = inputs.flatMap(input => [...input.shape, input.vocab ?? '']).join(' ');
  return new RegExp(`\\b${name}\\b`).test(`${shapes} ${sample?.code ?? ''}`);
}

function ends({ config, value, kind }: ConfigControl): ConfigValue[] {
  const all =
    kind === 'choice' ? config.options! : kind === 'switch' ? [true, false] : [config.min!, config.max!];
  return all.filter(end => end !== value);
}

async function judge(
  bench: Workbench,
  source: RunSource,
  entry: Entry,
  { driver, sample, trained, config }: Setting,
): Promise<{ wrong: string[]; nan: boolean }> {
  const spec = makeRunSpec(entry, {
    driver: driver.name,
    config,
    ...(sample ? { sample: sample.name } : {}),
    ...(trained ? { trained: bench.weights(entry.mini!.trained!) } : {}),
  });
  const options = { makeTensor: bench.tensors.make };
  try {
    const outcome = traceEntry(bench.tracer, source, spec, options);
    if (!outcome.ok)
      return { wrong: [`${outcome.failure.construct}: ${outcome.failure.message}`], nan: false };
    if (ONLY_TRACED.has(entry.id)) return { wrong: [], nan: false };
    const run = await computeRun(
      outcome.value,
      kernelEngine(() => 0),
    );
    const broken = run.invariants.filter(({ holds }) => !holds);
    return { wrong: broken.map(({ id, value }) => `invariant ${id} is off by ${value}`), nan: hasNaN(run) };
  } catch (error) {
    return { wrong: [String(error)], nan: false };
  }
}

function hasNaN({ outputs, steps, intermediates }: ComputedRun): boolean {
  return [...outputs, ...steps.flatMap(step => step.tensors), ...intermediates].some(({ data }) =>
    data.type === 'float32' || data.type === 'float64' ? data.data.some(Number.isNaN) : false,
  );
}

function named({ driver, sample, trained, config }: Setting): string {
  const what = [driver.name, sample?.name ?? 'by the rule', ...(trained ? ['trained'] : [])].join(', ');
  return `${what}, ${JSON.stringify(config)}`;
}
