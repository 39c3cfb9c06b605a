import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import { captionTokens } from '../../src/core/minis/captionTokens.ts';
import { ddimSchedule } from '../../src/core/minis/ddimSchedule.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { drawingNoise, Sampler } from '../../src/core/minis/sampler.ts';
import { type TracedEntry, traceEntry } from '../../src/core/minis/traceEntry.ts';
import { SAMPLER_ENTRY } from '../../src/core/minis/trainedEntries.ts';
import { ortValues } from '../../src/core/minis/valuesEngine.ts';
import { type Ort, OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { loadOrt } from '../../src/node/ort.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { Workbench } from '../../src/node/workbench.ts';
import { BareSession } from './bareSession.ts';
import { type Bench, type BenchRow, quantile } from './row.ts';

const rounds = 15;
const heapRounds = 1000;

/** Entries beside the bare onnxruntime session of the same graph, a guided drawing beside a bare loop, and the heap. */
export const runBench: Bench = {
  name: 'run',
  run: async say => {
    const bench = new Workbench(loadAtlas(await readPackFolders()).atlas, await loadPythonParser());
    const ort = await loadOrt();
    const rows: BenchRow[] = [];
    for (const entry of bench.atlas.entries) {
      // Drawings are measured on their own below.
      if (!entry.mini || entry.id === 'imagic.drawing') continue;
      say(entry.id);
      const spec = makeRunSpec(entry, {});
      const source = bench.mini(entry);
      const trace = (): TracedEntry => {
        const outcome = traceEntry(bench.tracer, source, spec, { makeTensor: bench.tensors.make });
        if (!outcome.ok) throw new Error(`${entry.id}: ${outcome.failure.message}`);
        return outcome.value;
      };
      let traced = trace();
      const traces = times(() => {
        traced = trace();
      });
      const wanted = traced.outputs.map(output => output.value);
      const runner = new OrtRunner(ort, { backend: 'wasm', clock: () => performance.now() });
      const { ms } = await runner.run(traced.session.graph, wanted, traced.session.feeds);
      const again = () => runner.run(traced.session.graph, wanted, traced.session.feeds);
      const bare = await BareSession.open(ort, wanted, traced.session.feeds);
      const [ours, floor] = await inTurn(again, bare ? () => bare.run() : undefined);
      await runner.dispose();
      await bare?.close();
      const attention = entry.id === 'glide.QKVAttention.forward';
      const whole = entry.id === SAMPLER_ENTRY;
      rows.push({
        subject: entry.id,
        measure: 'trace, warm',
        value: quantile(traces, 0.5),
        unit: 'ms',
        ...(attention ? { goal: 3 } : whole ? { goal: 60 } : {}),
      });
      rows.push({ subject: entry.id, measure: 'build', value: ms.build, unit: 'ms' });
      rows.push({ subject: entry.id, measure: 'session', value: ms.session, unit: 'ms' });
      rows.push({ subject: entry.id, measure: 'run again', value: quantile(ours, 0.5), unit: 'ms' });
      if (!bare) continue;
      rows.push({
        subject: entry.id,
        measure: 'run again beside bare onnxruntime',
        value: quantile(ours, 0.5) / quantile(floor, 0.5),
        unit: '×',
        goal: 1.2,
      });
    }
    say('a guided drawing of 20 steps …');
    rows.push(...(await drawing(bench, ort)));
    say(`heap over ${heapRounds} rounds …`);
    rows.push(await heap(bench, ort));
    bench.parser.dispose();
    return rows;
  },
};

/** `Sampler.draw` beside a loop over the same exported model. */
async function drawing(bench: Workbench, ort: Ort): Promise<BenchRow[]> {
  const entry = bench.atlas.entry(SAMPLER_ENTRY)!;
  const outcome = Sampler.trace(bench.tracer, entry, bench.mini(entry), bench.weights('glide'));
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const sampler = outcome.value;
  const runner = new OrtRunner(ort, { backend: 'wasm', clock: () => performance.now() });
  const tokens = captionTokens('a red square above a blue circle');
  const noise = drawingNoise('0:noise.draw');
  const draw = () => sampler.draw(ortValues(runner), { tokens: [tokens], noise });
  const { outputs, session } = sampler.traced;
  const wanted = ['x_prev', 'pred_xstart', 'eps'].map(name => outputs.find(it => it.name === name)!.value);
  const feeds = new Map(session.feeds);
  feeds.set('tokens', { type: 'int64', shape: [1, 12], data: Float64Array.from(tokens) });
  feeds.set('guidance', one(3));
  const bare = (await BareSession.open(ort, wanted, feeds))!;
  const jumps = ddimSchedule(20);
  const loop = async () => {
    let x: TensorData = { type: 'float32', shape: [1, 3, 16, 16], data: noise };
    for (const jump of jumps) {
      const fetched = await bare.run({
        x,
        timesteps: one(jump.t),
        alpha_bar: one(jump.alphaBar),
        alpha_bar_prev: one(jump.alphaBarPrev),
      });
      x = { ...x, data: fetched[bare.outputs[0]!]!.data as Float32Array };
    }
  };
  const [ours, floor] = await inTurn(draw, loop);
  await bare.close();
  await runner.dispose();
  const subject = '20 guided DDIM steps';
  const [a, b] = [quantile(ours, 0.5), quantile(floor, 0.5)];
  return [
    { subject, measure: 'drawing', value: a, unit: 'ms' },
    { subject, measure: 'bare onnxruntime loop', value: b, unit: 'ms' },
    { subject, measure: 'beside the bare loop', value: a / b, unit: '×', goal: 1.2 },
  ];
}

/** Growth of the heap while one entry is traced and run again and again. */
async function heap(bench: Workbench, ort: Ort): Promise<BenchRow> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const entry = bench.atlas.entry('glide.QKVAttention.forward')!;
  const source = bench.mini(entry);
  const runner = new OrtRunner(ort, { backend: 'wasm', clock: () => performance.now(), sessions: 2 });
  let first: TracedEntry | undefined;
  const round = async (seed: number) => {
    const outcome = traceEntry(bench.tracer, source, makeRunSpec(entry, { seed }), {
      makeTensor: bench.tensors.make,
    });
    if (!outcome.ok) throw new Error(outcome.failure.message);
    first ??= outcome.value;
    const wanted = first.outputs.map(output => output.value);
    await runner.run(first.session.graph, wanted, outcome.value.session.feeds);
  };
  for (let i = 0; i < 50; i++) await round(i);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < heapRounds; i++) await round(i);
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  await runner.dispose();
  return {
    subject: `${heapRounds} rounds of trace and run`,
    measure: 'heap grown by',
    value: grown / 1e6,
    unit: 'MB',
    goal: 5,
  };
}

function one(value: number): TensorData {
  return { type: 'float32', shape: [1], data: Float32Array.of(value) };
}

function times(run: () => void): number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
}

/** How long two ways are compared at most, and how often: short runs need many for a median to be worth something. */
const COMPARE_MS = 1500;
const MAX_ROUNDS = 200;

/** Times two ways in turn, so that whatever else the machine does falls on both. */
async function inTurn(
  ours: () => Promise<unknown>,
  floor: (() => Promise<unknown>) | undefined,
): Promise<[number[], number[]]> {
  const measured: [number[], number[]] = [[], []];
  const end = performance.now() + COMPARE_MS;
  for (let i = 0; i < MAX_ROUNDS && (i < rounds || performance.now() < end); i++) {
    for (const [way, into] of [
      [ours, measured[0]],
      [floor, measured[1]],
    ] as const) {
      const started = performance.now();
      await way?.();
      // The first round of a session is not like the others.
      if (i > 0) into.push(performance.now() - started);
    }
  }
  return measured;
}
