import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import { captionTokens } from '../../src/core/minis/captionTokens.ts';
import { ddimSchedule } from '../../src/core/minis/ddimSchedule.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { drawingNoise, SAMPLER_ENTRY, Sampler } from '../../src/core/minis/sampler.ts';
import { type TracedEntry, traceEntry } from '../../src/core/minis/traceEntry.ts';
import { ortValues } from '../../src/core/minis/valuesEngine.ts';
import { exportModel, feedName } from '../../src/core/onnx/exportModel.ts';
import { type Ort, OrtRunner, type OrtSession, type OrtTensor } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import type { GraphValue } from '../../src/core/trace/graph/graph.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { loadOrt } from '../../src/node/ort.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { Workbench } from '../../src/node/workbench.ts';
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
        const outcome = traceEntry(bench.tracer, source, spec);
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
      const ours = await timesAsync(() => runner.run(traced.session.graph, wanted, traced.session.feeds));
      await runner.dispose();
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
      const bare = await BareSession.open(ort, wanted, traced.session.feeds);
      if (!bare) continue;
      const floor = await timesAsync(() => bare.run());
      await bare.close();
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

/** The exported model alone: feeds made once, weights among them, no bookkeeping. */
class BareSession {
  readonly #ort: Ort;
  readonly #session: OrtSession;
  readonly #feeds: Record<string, OrtTensor>;
  readonly #outputs: readonly string[];

  private constructor(
    ort: Ort,
    session: OrtSession,
    feeds: Record<string, OrtTensor>,
    outputs: readonly string[],
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#feeds = feeds;
    this.#outputs = outputs;
  }

  /** @returns undefined where everything is constant and there is nothing to run */
  static async open(
    ort: Ort,
    wanted: readonly GraphValue[],
    feeds: ReadonlyMap<string, TensorData>,
  ): Promise<BareSession | undefined> {
    const model = exportModel(wanted);
    if (model.constants.size === wanted.length) return undefined;
    const session = await ort.InferenceSession.create(model.bytes, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    const made: Record<string, OrtTensor> = {};
    for (const { origin, type } of model.inputs) {
      if (origin.kind !== 'input' && origin.kind !== 'parameter') continue;
      const data = feeds.get(origin.name);
      if (data) made[feedName(origin.name)] = ortTensor(ort, { ...data, type });
    }
    return new BareSession(ort, session, made, [...new Set(model.outputs.filter(name => name !== ''))]);
  }

  /** @param changed feeds by the tracer's name that are other than at the beginning */
  run(changed: Readonly<Record<string, TensorData>> = {}): Promise<Record<string, OrtTensor>> {
    const feeds = { ...this.#feeds };
    for (const [name, data] of Object.entries(changed)) {
      if (feedName(name) in feeds) feeds[feedName(name)] = ortTensor(this.#ort, data);
    }
    return this.#session.run(feeds, this.#outputs);
  }

  get outputs(): readonly string[] {
    return this.#outputs;
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

function ortTensor(ort: Ort, { type, shape, data }: TensorData): OrtTensor {
  if (type === 'int64')
    return new ort.Tensor('int64', BigInt64Array.from(data, value => BigInt(value)) as never, [...shape]);
  if (type === 'bool') return new ort.Tensor('bool', Uint8Array.from(data) as never, [...shape]);
  return new ort.Tensor('float32', Float32Array.from(data) as never, [...shape]);
}

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
  await draw();
  await loop();
  const [ours, floor]: [number[], number[]] = [[], []];
  // In turn, so that whatever else the machine does falls on both.
  for (let i = 0; i < 5; i++) {
    ours.push(...(await timesAsync(draw, 1)));
    floor.push(...(await timesAsync(loop, 1)));
  }
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
    const outcome = traceEntry(bench.tracer, source, makeRunSpec(entry, { seed }));
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

async function timesAsync(run: () => Promise<unknown>, count = rounds): Promise<number[]> {
  const measured: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await run();
    measured.push(performance.now() - started);
  }
  return measured;
}
