import type { Entry } from '../../src/core/atlas/schema.ts';
import type { StepTensor } from '../../src/core/explain/stepTensor.ts';
import { besideMini } from '../../src/core/minis/besideMini.ts';
import { checkGolden } from '../../src/core/minis/checkGolden.ts';
import { compareRuns } from '../../src/core/minis/compareRuns.ts';
import {
  type ComputedRun,
  type ComputedTensor,
  type Engine as ComputeEngine,
  computeRun,
  kernelEngine,
  ortEngine,
} from '../../src/core/minis/computeRun.ts';
import { movableConfig } from '../../src/core/minis/configControls.ts';
import { fitsTrained } from '../../src/core/minis/fixedConfig.ts';
import type { GoldenCase } from '../../src/core/minis/goldenCase.ts';
import { makeTracer } from '../../src/core/minis/makeTracer.ts';
import { miniSource } from '../../src/core/minis/miniSource.ts';
import { type OwnMini, ownMiniSource } from '../../src/core/minis/ownMini.ts';
import { readSafetensors } from '../../src/core/minis/readSafetensors.ts';
import { RememberedAlignments } from '../../src/core/minis/rememberedAlignments.ts';
import { RememberedTensors } from '../../src/core/minis/rememberedTensors.ts';
import { makeRunSpec, type RunnableEntry, type RunSpec } from '../../src/core/minis/runSpec.ts';
import { stepNodes } from '../../src/core/minis/stepNodes.ts';
import {
  type CodeSource,
  type RunSource,
  type TracedEntry,
  traceEntry,
} from '../../src/core/minis/traceEntry.ts';
import { kernelValues, ortValues } from '../../src/core/minis/valuesEngine.ts';
import type { FromOrt, Port, ToOrt } from '../../src/core/onnx/ortMessages.ts';
import { RemoteOrt } from '../../src/core/onnx/remoteOrt.ts';
import { PythonParser } from '../../src/core/python/pythonParser.ts';
import { RememberedOutlines } from '../../src/core/python/rememberedOutlines.ts';
import { SharedSyntax } from '../../src/core/python/sharedSyntax.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import type { TraceFailure } from '../../src/core/trace/traceFailure.ts';
import type { Tracer } from '../../src/core/trace/tracer.ts';
import { Backends, type ChosenBackend } from './backends.ts';
import type { FromWorker, ToWorker } from './runnerProtocol.ts';
import type { Refused, RunReport, SourceRun } from './runTypes.ts';
import { runAnswer, runDrawing, type TrainedParts } from './trainedTools.ts';

type ToolMessage = Extract<ToWorker, { type: 'draw' | 'answer' }>;
type RunMessage = Extract<ToWorker, { type: 'run' }>;
type CheckMessage = Extract<ToWorker, { type: 'check' }>;

/** Where the reader's files stand in the tracer's file system. */
const SCREEN = '/workspace';
/** A run of tiny dims that takes longer than this is an endless loop. */
const LIMITS = { milliseconds: 20_000 };
/** Our kernels stand in for onnxruntime-web for no longer than this: a large graph is sooner there with it. */
const PREVIEW_MS = 1500;

interface Traced {
  readonly traced: TracedEntry;
  readonly ms: number;
}

/** What a run traced, kept while it waits for files or for another engine. */
interface Sides {
  readonly of: RunMessage;
  readonly spec: RunSpec;
  readonly source: RunSource | undefined;
  readonly mini: Traced | TraceFailure | undefined;
}

interface BothSides extends Sides {
  /** Absent where no file is open. */
  readonly screen: Traced | TraceFailure | undefined;
}

/** The kernels took too long for a stand-in. */
class PreviewTooSlow extends Error {}

/**
 * Runs minis and the code on screen. One run at a time; of several that wait only the latest is done. Files and weights that a run
 * asks for are fetched by the page, and the run starts over with them.
 */
export class RunnerWorker {
  readonly #post: (message: FromWorker) => void;
  readonly #files = new Map<string, string | null>();
  readonly #weights = new Map<string, ReadonlyMap<string, TensorData>>();
  #outlines: RememberedOutlines | undefined;
  readonly #alignments = new RememberedAlignments();
  readonly #tensors = new RememberedTensors();
  #tracer: Tracer | undefined;
  #minis: Readonly<Record<string, string>> = {};
  #own: Extract<ToWorker, { type: 'ownMini' }> | undefined;
  #ort: RemoteOrt | undefined;
  /** Absent until onnxruntime-web has started. */
  #backends: Backends | undefined;
  /** onnxruntime-web could not be fetched: our kernels' numbers are the last word. */
  #noRuntime = false;
  #waiting: RunMessage | undefined;
  /** The last run, to be done again when what it lacked has come. */
  #latest: RunMessage | undefined;
  #busy = false;
  #cancelled = -1;
  #mini: Sides | undefined;
  /** Numbers of a side that are on their way. */
  #early:
    | { readonly run: Traced; readonly engine: SourceRun['engine']; readonly computed: Promise<ComputedRun> }
    | undefined;
  #sides: BothSides | undefined;
  /** The check that is wanted, and whether one is under way. */
  #wantedCheck: CheckMessage | undefined;
  #checking = false;
  /** A drawing or question that waits, and the one under way. */
  #tool: ToolMessage | undefined;
  #toolRun: { cancelled: boolean } | undefined;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  receive(message: ToWorker): void {
    if (message.type === 'init') {
      this.#connect(message.ort);
      this.#init(message).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#post({ type: 'failed', id: this.#latest?.id ?? 0, message: reason });
      });
      return;
    }
    if (message.type === 'runtimeLost') {
      this.#backends = undefined;
      this.#noRuntime = true;
      this.#ort?.giveUp(message.reason);
      this.#again();
    } else if (message.type === 'ownMini') {
      this.#own = message;
      this.#mini = undefined;
      this.#sides = undefined;
    } else if (message.type === 'weights') {
      this.#weights.set(message.name, readSafetensors(new Uint8Array(message.bytes)));
      this.#again();
    } else if (message.type === 'files') {
      for (const [path, text] of Object.entries(message.files)) this.#files.set(path, text);
      this.#sides = undefined;
      this.#again();
    } else if (message.type === 'check') {
      this.#wantedCheck = message;
      void this.#nextCheck();
    } else if (message.type === 'draw' || message.type === 'answer') {
      this.#tool = message;
      void this.#nextTool();
    } else if (message.type === 'cancel') {
      this.#cancelled = message.id;
    } else {
      // Nobody looks at the check of another entry any more.
      if ((this.#wantedCheck?.entry as Entry | undefined)?.id !== message.request.entryId)
        this.#wantedCheck = undefined;
      this.#latest = message;
      this.#waiting = message;
      void this.#next();
    }
  }

  async #init(message: Extract<ToWorker, { type: 'init' }>): Promise<void> {
    const parser = await PythonParser.create({
      runtime: new Uint8Array(message.treeSitter),
      grammar: new Uint8Array(message.grammar),
    });
    const texts = new SharedSyntax(parser);
    this.#outlines = new RememberedOutlines(texts);
    const pylib = new Map(Object.entries(readTexts(message.pylib)));
    this.#minis = readTexts(message.minis);
    this.#tracer = makeTracer(texts, pylib, () => performance.now());
    this.#post({ type: 'ready' });
    void this.#next();
  }

  /** onnxruntime-web starts in a worker of its own; until it has, our kernels give the numbers. */
  #connect(port: MessagePort): void {
    const ort = new RemoteOrt(port as unknown as Port<FromOrt, ToOrt>);
    this.#ort = ort;
    ort.ready.then(
      () => {
        this.#backends = new Backends(ort);
        this.#again();
      },
      // The page has said so.
      () => undefined,
    );
  }

  #again(): void {
    void this.#nextTool();
    if (!this.#latest) return;
    this.#waiting = this.#latest;
    void this.#next();
  }

  async #next(): Promise<void> {
    if (this.#busy || !this.#tracer || !this.#waiting) return;
    this.#busy = true;
    const message = this.#waiting;
    this.#waiting = undefined;
    try {
      await this.#run(message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'failed', id: message.id, message: reason });
    } finally {
      this.#busy = false;
      void this.#next();
    }
  }

  async #run(message: RunMessage): Promise<void> {
    const entry = message.entry as Entry;
    const sides = this.#sides?.of === message ? this.#sides : await this.#traceSides(entry, message);
    if (!sides) return;
    this.#sides = sides;
    const { mini, screen } = sides;
    if (!this.#backends) {
      await this.#withoutRuntime(entry, message, sides);
      return;
    }
    const report = await this.#onBackend(entry, message, mini, screen);
    if (!this.#superseded(message)) this.#post({ type: 'report', id: message.id, report, final: true });
  }

  /** Our kernels stand in while onnxruntime-web loads, or for good where it cannot be had. */
  async #withoutRuntime(entry: Entry, { id }: RunMessage, { mini, screen }: BothSides): Promise<void> {
    const final = this.#noRuntime;
    const fallback = final ? 'no-runtime' : undefined;
    try {
      const report = await this.#onKernels(entry, mini, screen, fallback, final ? undefined : PREVIEW_MS);
      this.#post({ type: 'report', id, report, final });
    } catch (error) {
      if (!(error instanceof PreviewTooSlow)) throw error;
    }
  }

  /**
   * The screen first: what it lacks is asked for before the mini is traced, and what it gives is computed meanwhile.
   * @returns undefined where something is missing that has been asked for, there is nothing to run, or another run is wanted by now
   */
  async #traceSides(entry: Entry, message: RunMessage): Promise<BothSides | undefined> {
    const known = this.#mini?.of === message ? this.#mini : undefined;
    const prepared = known ?? this.#prepare(entry, message);
    if (!prepared) return undefined;
    const { spec, source } = prepared;
    const missing = new Set<string>();
    const screen = this.#traceScreen(message, source ? besideMini(spec, source) : spec, missing);
    // The reader's imports are read one level after the other; the run starts over when they have come.
    if (missing.size > 0) this.#post({ type: 'needFiles', paths: [...missing].slice(0, 400) });
    else if (this.#backends && screen && 'traced' in screen) {
      await this.#computeEarly(screen, message, this.#backends);
      if (this.#superseded(message)) return undefined;
    }
    this.#mini = known ?? { ...prepared, mini: source && this.#trace(source, spec) };
    return missing.size > 0 ? undefined : { ...this.#mini, screen };
  }

  /** @param missing is told of the files that are not here yet */
  #traceScreen(message: RunMessage, spec: RunSpec, missing: Set<string>): Traced | TraceFailure | undefined {
    if (!message.screen) return undefined;
    const { path } = message.screen;
    if (this.#files.has(path)) return this.#trace(this.#screenSource(message)!(missing), spec);
    missing.add(path);
    return undefined;
  }

  /** Sends a side off to onnxruntime-web, which works on it while the other one is traced here. */
  async #computeEarly(run: Traced, { request }: RunMessage, backends: Backends): Promise<void> {
    if (this.#early?.run === run) return;
    const { runner, backend } = await backends.choose(request.backend);
    const computed = computeRun(run.traced, ortEngine(runner));
    // Whoever asks for the numbers is told what went wrong; nobody may come to do so.
    computed.catch(() => undefined);
    this.#early = { run, engine: backend, computed };
    // The message leaves before the next trace begins; a newer wish comes in.
    await new Promise(resolve => setTimeout(resolve, 0));
  }

  /** What a run is made of, before anything is traced. */
  #prepare(entry: Entry, message: RunMessage): Omit<Sides, 'mini'> | undefined {
    const spec = this.#spec(entry, message);
    if (!spec) return undefined;
    // A function that the atlas does not know has no reference beside it, and an entry of the reader's need not have one.
    const alone = spec.entry.mini.file === '';
    if (alone && !message.screen) {
      this.#post({ type: 'failed', id: message.id, message: 'no-mini' });
      return undefined;
    }
    return { of: message, spec, source: alone ? undefined : this.#miniOf(spec.entry, message) };
  }

  #superseded(message: RunMessage): boolean {
    return this.#waiting !== undefined || this.#cancelled === message.id;
  }

  #spec(entry: Entry, { request }: RunMessage): RunSpec | undefined {
    const { mini } = entry;
    const driver = mini?.drivers.find(({ name }) => name === request.driver);
    const sample = mini?.samples.find(({ name }) => name === request.sample);
    const fits = mini && driver && fitsTrained(mini, driver, sample);
    let trained: ReadonlyMap<string, TensorData> | undefined;
    // The reader may have gone on to a case or a sample that the trained weights do not fit.
    if (request.weights === 'trained' && mini?.trained && fits) {
      trained = this.#weights.get(mini.trained);
      if (!trained) {
        this.#post({ type: 'needWeights', name: mini.trained });
        return undefined;
      }
    }
    return makeRunSpec(entry, {
      driver: request.driver,
      config:
        mini && driver
          ? movableConfig(mini, { driver, sample, trained: trained !== undefined }, request.config)
          : request.config,
      seed: request.seed,
      ...(request.sample === null ? {} : { sample: request.sample }),
      ...(trained ? { trained } : {}),
    });
  }

  /** Our reference module, or the reader's own mini. */
  #miniOf(entry: RunnableEntry, { system, own }: Pick<RunMessage, 'system' | 'own'>): RunSource {
    if (own === null) return miniSource(entry, system, this.#minis, this.#outlines!);
    const read = this.#own;
    const files: OwnMini =
      read?.entryId === entry.id && read.token === own
        ? read.own
        : { files: {}, problem: `the mini of ${entry.id} was not read` };
    return ownMiniSource(entry, files, this.#outlines!);
  }

  #trace(source: RunSource, spec: RunSpec): Traced | TraceFailure {
    const started = performance.now();
    const code = 'outline' in source ? { ...source, align: this.#alignments.align } : source;
    const outcome = traceEntry(this.#tracer!, code, spec, {
      limits: LIMITS,
      makeTensor: this.#tensors.make,
    });
    return outcome.ok ? { traced: outcome.value, ms: performance.now() - started } : outcome.failure;
  }

  /** Drawings and answers: the latest wins; what they lack is fetched first. */
  async #nextTool(): Promise<void> {
    const message = this.#tool;
    if (!message || !this.#tracer) return;
    if (this.#toolRun) {
      this.#toolRun.cancelled = true;
      return;
    }
    const entry = message.entry as Entry;
    const name = entry.mini?.trained ?? '';
    const trained = this.#weights.get(name);
    if (!trained) {
      this.#post({ type: 'needWeights', name });
      return;
    }
    // It comes by itself.
    if (!this.#backends && !this.#noRuntime) return;
    const spec = makeRunSpec(entry, {});
    const missing = new Set<string>();
    const screen = this.#screenSource(message)?.(missing);
    this.#tool = undefined;
    const run = { cancelled: false };
    this.#toolRun = run;
    try {
      const chosen = await this.#backends?.choose(message.backend);
      const source = screen ?? miniSource(spec.entry, message.system, this.#minis, this.#outlines!);
      const parts: TrainedParts = {
        tracer: this.#tracer,
        entry,
        source,
        trained,
        engine: chosen ? ortValues(chosen.runner) : kernelValues,
        engineName: chosen?.backend ?? 'typescript',
      };
      if (message.type === 'draw') {
        await runDrawing(parts, message.job, run, async update => {
          this.#post({ type: 'drawn', update });
          // Let a cancel in between two steps.
          await new Promise(resolve => setTimeout(resolve, 0));
        });
      } else {
        const { picture, text } = await runAnswer(parts, message.caption, message.question);
        this.#post({ type: 'answered', picture, answers: [{ source: source.kind, text }] });
      }
    } catch (error) {
      if (missing.size > 0) {
        // The tracer met imports that have not been read yet: again when they have come.
        this.#tool ??= message;
        this.#post({ type: 'needFiles', paths: [...missing].slice(0, 400) });
      } else if (!run.cancelled) {
        this.#post({ type: 'toolFailed', message: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      this.#toolRun = undefined;
      if (this.#tool && missing.size === 0) void this.#nextTool();
    }
  }

  /** One check at a time; of several that wait only the latest is made. */
  async #nextCheck(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    try {
      for (let made: CheckMessage | undefined; this.#wantedCheck && this.#wantedCheck !== made; ) {
        made = this.#wantedCheck;
        await this.#check(made);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'failed', id: this.#latest?.id ?? 0, message: reason });
    } finally {
      this.#wantedCheck = undefined;
      this.#checking = false;
    }
  }

  /** The golden case on the backend in use: the numbers of the upstream function are the judge. */
  async #check(message: CheckMessage): Promise<void> {
    const chosen = await this.#backends?.choose(message.backend);
    const engine = chosen ? ortEngine(chosen.runner) : kernelEngine(() => performance.now());
    const golden = message.goldenCase as GoldenCase;
    const entry = message.entry as Entry;
    const spec = makeRunSpec(entry, { goldenCase: golden });
    const screen = this.#screenSource(message);
    const sources = [
      this.#miniOf(spec.entry, message),
      ...(screen && golden.upstream ? [screen(new Set())] : []),
    ];
    const sides = [];
    for (const source of sources) {
      if (this.#wantedCheck !== message) return;
      const run = this.#trace(source, spec);
      if (!('traced' in run)) {
        const problem = run.message;
        sides.push({ source: source.kind, difference: 0, agrees: false, compared: 0, problem });
        continue;
      }
      const computed = await computeRun(run.traced, engine);
      const { difference, agrees, compared } = checkGolden(golden, computed);
      sides.push({ source: source.kind, difference, agrees, compared });
    }
    const { upstream } = golden;
    this.#post({
      type: 'checked',
      id: message.id,
      check: {
        caseId: golden.id,
        upstream: upstream ? `${upstream.repo}@${upstream.commit}` : '',
        engine: chosen?.backend ?? 'typescript',
        sides,
      },
    });
  }

  /** The reader's file; what it imports and is not here yet is collected. */
  #screenSource({ screen }: Pick<RunMessage, 'screen'>): ((missing: Set<string>) => CodeSource) | undefined {
    if (!screen) return undefined;
    return missing => {
      const text = this.#files.get(screen.path);
      if (text === undefined) missing.add(screen.path);
      return {
        kind: 'screen',
        path: `${SCREEN}/${screen.path}`,
        qualname: screen.qualname,
        outline: this.#outlines!.outline(text ?? ''),
        sources: {
          roots: [SCREEN],
          read: path => {
            if (!path.startsWith(`${SCREEN}/`)) return undefined;
            const own = path.slice(SCREEN.length + 1);
            const known = this.#files.get(own);
            if (known === undefined) missing.add(own);
            return known ?? undefined;
          },
        },
      };
    };
  }

  /** On the backend asked for; what fails on the GPU is done again on the CPU, with the reason. */
  async #onBackend(
    entry: Entry,
    { request }: RunMessage,
    mini: Traced | TraceFailure | undefined,
    screen: Traced | TraceFailure | undefined,
  ): Promise<RunReport> {
    const backends = this.#backends!;
    const chosen = await backends.choose(request.backend);
    const on = (backend: ChosenBackend) =>
      this.#report(entry, mini, screen, ortEngine(backend.runner), backend.backend, backend.fallback);
    try {
      return await on(chosen);
    } catch (error) {
      if (chosen.backend === 'webgpu') {
        const lost = /lost|destroyed/i.test(String(error));
        const instead = await backends.giveUpWebGpu(lost ? 'device-lost' : 'gpu-error');
        try {
          return await on(instead);
        } catch {
          // Our kernels are left.
        }
      }
      return this.#onKernels(entry, mini, screen, 'runtime-error');
    }
  }

  #onKernels(
    entry: Entry,
    mini: Traced | TraceFailure | undefined,
    screen: Traced | TraceFailure | undefined,
    fallback: SourceRun['fallback'],
    patience = Number.POSITIVE_INFINITY,
  ): Promise<RunReport> {
    const until = performance.now() + patience;
    const engine = kernelEngine(
      () => performance.now(),
      'float32',
      () => {
        if (performance.now() > until) throw new PreviewTooSlow();
      },
    );
    return this.#report(entry, mini, screen, engine, 'typescript', fallback);
  }

  async #report(
    entry: Entry,
    mini: Traced | TraceFailure | undefined,
    screen: Traced | TraceFailure | undefined,
    engine: ComputeEngine,
    name: SourceRun['engine'],
    fallback?: SourceRun['fallback'],
  ): Promise<RunReport> {
    const compute = async (run: Traced | TraceFailure | undefined) => {
      if (!run || !('traced' in run)) return undefined;
      const early = this.#early?.run === run && this.#early.engine === name ? this.#early : undefined;
      return { run, computed: await (early?.computed ?? computeRun(run.traced, engine)) };
    };
    const ours = await compute(mini);
    const theirs = await compute(screen);
    const view = (side: typeof ours): SourceRun | null =>
      side ? sourceRun(side.run, side.computed, name, fallback) : null;
    const comparison =
      ours &&
      theirs &&
      compareRuns(
        ours.computed,
        theirs.computed,
        entry.steps.map(step => step.id),
        { mini: ours.run.traced, screen: theirs.run.traced },
      );
    return {
      mini: view(ours),
      screen: view(theirs),
      refused: {
        ...(mini && !('traced' in mini) ? { mini: refused(mini) } : {}),
        ...(screen && !('traced' in screen) ? { screen: refused(screen) } : {}),
      },
      verdict: comparison
        ? {
            agrees: comparison.agrees,
            difference: comparison.difference,
            firstDifferent: comparison.firstDifferent,
            steps: comparison.steps,
          }
        : null,
    };
  }
}

function sourceRun(
  { traced, ms }: Traced,
  computed: ComputedRun,
  engine: SourceRun['engine'],
  fallback: SourceRun['fallback'],
): SourceRun {
  return {
    source: traced.source.kind,
    engine,
    ...(fallback ? { fallback } : {}),
    ms: { trace: ms, ...computed.ms },
    outputs: computed.outputs.map(stepTensor),
    steps: computed.steps.map(({ id, lines, tensors }) => ({ id, lines, tensors: tensors.map(stepTensor) })),
    place: placeOf(traced),
    invariants: computed.invariants,
    graph: stepNodes(traced) ?? [],
  };
}

function placeOf({ fn }: TracedEntry): SourceRun['place'] {
  return fn ? { start: fn.range.start.line, end: fn.range.end.line } : null;
}

function stepTensor({ name, dtype, data }: ComputedTensor): StepTensor {
  const known = ['float32', 'float64', 'int64', 'int32', 'bool'] as const;
  return {
    name,
    shape: data.shape,
    dtype: known.find(candidate => candidate === dtype) ?? 'float32',
    values: data.type === 'float32' ? Float32Array.from(data.data) : Float64Array.from(data.data),
  };
}

/** Lines count from 1 for people; the tracer's folder names are ours and are left out. */
function refused(failure: TraceFailure): Refused {
  return {
    file: failure.file.startsWith(`${SCREEN}/`) ? failure.file.slice(SCREEN.length + 1) : failure.file,
    line: failure.line + 1,
    column: failure.column + 1,
    construct: failure.construct,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.unfit === undefined ? {} : { unfit: failure.unfit }),
  };
}

/** JSON of our own build: path → text. */
function readTexts(bytes: ArrayBuffer): Readonly<Record<string, string>> {
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
}
