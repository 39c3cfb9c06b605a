import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Entry } from '../core/atlas/schema.ts';
import { besideMini } from '../core/minis/besideMini.ts';
import { compareRuns } from '../core/minis/compareRuns.ts';
import { type ComputedRun, computeRun, ortEngine } from '../core/minis/computeRun.ts';
import { readGoldenCase } from '../core/minis/readGoldenCase.ts';
import { makeRunSpec, type RunChoiceInput, type RunnableEntry, type RunSpec } from '../core/minis/runSpec.ts';
import { type RunSource, type TracedEntry, traceEntry } from '../core/minis/traceEntry.ts';
import { OrtRunner } from '../core/onnx/ortRunner.ts';
import type { TraceFailure } from '../core/trace/traceFailure.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { loadOrt } from '../node/ort.ts';
import type { Workbench } from '../node/workbench.ts';
import { cliWorkbench } from './cliWorkbench.ts';
import { type CliIo, type Command, type ExitCode, InputError, UsageError } from './command.ts';
import { comparisonJson, describeComparison } from './comparisonText.ts';
import { findFunction } from './findFunction.ts';
import { parseOptions } from './parseOptions.ts';
import { describeRun, refusalJson, runJson } from './runText.ts';
import { failureSentence, inputFault } from './traceTrouble.ts';

export const runCommand: Command = {
  name: 'run',
  usage:
    'ENTRY [--source FILE|DIR] [--case FILE | --config JSON --seed N] [--driver NAME] [--sample NAME] [--weights rule|trained] [--compare FILE|DIR] [--packs FILE|DIR] [--json]',
  summary:
    'run an entry at tiny dims: our mini, the function that --source holds, or both beside each other (--compare)',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      source: { type: 'string' },
      case: { type: 'string' },
      config: { type: 'string' },
      seed: { type: 'string' },
      driver: { type: 'string' },
      sample: { type: 'string' },
      weights: { type: 'string' },
      compare: { type: 'string' },
      packs: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [id] = positionals;
    if (id === undefined || positionals.length > 1) throw new UsageError('run needs one entry');
    if (values.case !== undefined && (values.config ?? values.seed ?? values.sample) !== undefined) {
      throw new UsageError(
        '--case brings config, seed and inputs: give no --config, --seed or --sample beside it',
      );
    }
    if (values.compare !== undefined && values.source !== undefined) {
      throw new UsageError('--compare runs the mini beside the code it is given: give no --source');
    }
    const weights = oneOf(values.weights, ['rule', 'trained'], '--weights');
    const bench = await cliWorkbench(io, values.packs);
    try {
      const entry = entryOf(bench, id);
      const spec = specOf(
        bench,
        entry,
        {
          ...(values.driver === undefined ? {} : { driver: values.driver }),
          ...(values.sample === undefined ? {} : { sample: values.sample }),
          ...(values.config === undefined ? {} : { config: jsonObject(values.config) }),
          ...(values.seed === undefined ? {} : { seed: wholeNumber(values.seed) }),
          ...(values.case === undefined ? {} : { goldenCase: caseOf(values.case, io) }),
        },
        weights,
      );
      const json = values.json ?? false;
      return values.compare === undefined
        ? await runOne(bench, spec, values.source, json, io)
        : await runBoth(bench, spec, values.compare, json, io);
    } finally {
      bench.parser.dispose();
    }
  },
};

function miniOf(bench: Workbench, entry: RunnableEntry): RunSource {
  if (entry.mini.file === '')
    throw new InputError(
      `${entry.id} has no mini of its own: give --source with code that holds the function`,
    );
  try {
    return bench.runnable(entry);
  } catch (error) {
    throw new InputError((error as Error).message);
  }
}

async function runOne(
  bench: Workbench,
  spec: RunSpec,
  argument: string | undefined,
  json: boolean,
  io: CliIo,
): Promise<ExitCode> {
  const source =
    argument === undefined ? miniOf(bench, spec.entry) : await findFunction(bench, spec.entry, argument, io);
  const started = performance.now();
  const outcome = traceEntry(bench.tracer, source, spec, { makeTensor: bench.tensors.make });
  const trace = performance.now() - started;
  const name = sourceName(source, io);
  if (!outcome.ok) return refuse(outcome.failure, spec, name, trace, json, io);
  const computed = await withOrt(outcome.value);
  const report = { spec, name, trace, traced: outcome.value, computed };
  io.out(json ? `${JSON.stringify(runJson(report), null, 2)}\n` : describeRun(report));
  return 0;
}

async function runBoth(
  bench: Workbench,
  spec: RunSpec,
  argument: string,
  json: boolean,
  io: CliIo,
): Promise<ExitCode> {
  const screenSource = await findFunction(bench, spec.entry, argument, io);
  const started = performance.now();
  const source = miniOf(bench, spec.entry);
  const options = { makeTensor: bench.tensors.make };
  const mini = traceEntry(bench.tracer, source, spec, options);
  if (!mini.ok) return refuse(mini.failure, spec, 'mini', performance.now() - started, json, io);
  const screen = traceEntry(bench.tracer, screenSource, besideMini(spec, source), options);
  const name = sourceName(screenSource, io);
  if (!screen.ok) return refuse(screen.failure, spec, name, performance.now() - started, json, io);
  const [ours, theirs] = [await withOrt(mini.value), await withOrt(screen.value)];
  const order = spec.entry.steps.map(step => step.id);
  const comparison = compareRuns(ours, theirs, order, { mini: mini.value, screen: screen.value });
  const report = { spec, name, comparison, screen: theirs };
  io.out(json ? `${JSON.stringify(comparisonJson(report), null, 2)}\n` : describeComparison(report));
  return comparison.agrees ? 0 : 1;
}

async function withOrt(traced: TracedEntry): Promise<ComputedRun> {
  const runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() });
  try {
    return await computeRun(traced, ortEngine(runner));
  } finally {
    await runner.dispose();
  }
}

/** What cannot be traced is refused by name, exit code 1; what is the input's fault is exit code 2. */
function refuse(
  failure: TraceFailure,
  spec: RunSpec,
  name: string,
  trace: number,
  json: boolean,
  io: CliIo,
): ExitCode {
  if (failure.kind !== 'refusal') throw inputFault(failure, spec.driver.name, name);
  if (json) io.out(`${JSON.stringify(refusalJson(failure, spec, name, trace), null, 2)}\n`);
  else io.error(`equation-lens run: refused: ${failureSentence(failure)}`);
  return 1;
}

function sourceName(source: RunSource, io: CliIo): string {
  if (source.kind === 'mini') return 'mini';
  const below = relative(io.cwd, source.path);
  return below.startsWith('..') ? source.path : below;
}

function entryOf(bench: Workbench, id: string): Entry {
  const entry = bench.atlas.entry(id);
  if (!entry) {
    const last = id.slice(id.lastIndexOf('.') + 1).toLowerCase();
    const near = bench.atlas.entries.filter(it => it.mini && it.id.toLowerCase().includes(last)).slice(0, 5);
    const hint = near.length > 0 ? `; near it: ${near.map(it => it.id).join(', ')}` : '; minis lists them';
    throw new InputError(`there is no entry ${id}${hint}`);
  }
  if (!entry.mini) throw new InputError(`${id} has no mini and cannot run; minis lists those that can`);
  return entry;
}

/** Trained weights are used where they are asked for, or meant for the sample. */
function specOf(
  bench: Workbench,
  entry: Entry,
  choice: RunChoiceInput,
  weights: 'rule' | 'trained' | undefined,
): RunSpec {
  const { mini } = entry;
  let chosen = choice;
  if (weights === 'trained') {
    if (!mini?.trained) throw new InputError(`${entry.id} has no trained weights`);
    if (choice.goldenCase) throw new InputError('a case brings its own weights: give no --weights trained');
    // The trained models have dims of their own; without a choice the first sample that is meant for them brings these.
    const meant = mini.samples.find(sample => sample.weights === 'trained');
    if (choice.sample === undefined && choice.driver === undefined && choice.config === undefined && meant) {
      chosen = { ...choice, sample: meant.name };
    }
  }
  const sample = mini?.samples.find(it => it.name === chosen.sample);
  const trained = weights === 'trained' || (weights === undefined && sample?.weights === 'trained');
  return makeRunSpec(entry, {
    ...chosen,
    ...(trained && mini?.trained ? { trained: bench.weights(mini.trained) } : {}),
  });
}

function caseOf(argument: string, io: CliIo) {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, argument), 'utf8');
  } catch (error) {
    throw new InputError(`${argument}: ${reasonOf(error)}`);
  }
  try {
    return readGoldenCase(text);
  } catch (error) {
    throw new InputError(`${argument}: ${(error as Error).message}`);
  }
}

function jsonObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`--config is no JSON: ${text}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UsageError('--config is a JSON object: {"batch": 2}');
  }
  return json as Record<string, unknown>;
}

export function wholeNumber(text: string, option = '--seed'): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || text.trim() === '') {
    throw new UsageError(`${option} is a whole number, not ${JSON.stringify(text)}`);
  }
  return number;
}

function oneOf<T extends string>(
  value: string | undefined,
  allowed: readonly T[],
  option: string,
): T | undefined {
  if (value === undefined) return undefined;
  if (!allowed.includes(value as T))
    throw new UsageError(`${option} is ${allowed.join(' or ')}, not ${value}`);
  return value as T;
}
