import type { Entry } from '../../src/core/atlas/schema.ts';
import type { OwnMini } from '../../src/core/minis/ownMini.ts';
import type { Channel } from '../channel.ts';
import type { RunnerAssets } from './runnerAssets.ts';
import type { DrawJob, FromWorker, ToWorker } from './runnerProtocol.ts';
import type { RunnerWorkers } from './runnerWorkers.ts';
import type { Refused, RunReport, RunRequest, UpstreamCheck } from './runTypes.ts';

/** News of a drawing or an answer. */
export type ToolMessage = Extract<FromWorker, { type: 'drawn' | 'answered' | 'toolFailed' }>;

/** What a run needs besides the reader's choice. */
export interface RunSubject {
  readonly entry: unknown;
  readonly system: string;
  /** Name of the state of the entry's own mini; null for ours. */
  readonly own: string | null;
  readonly screen: { readonly path: string; readonly qualname: string } | null;
}

export interface RunnerListener {
  /** Numbers; `final` is false while onnxruntime-web is still loading. */
  onReport(report: RunReport, final: boolean): void;
  onFailure(message: string, refused?: Refused): void;
  onCheck(check: UpstreamCheck): void;
  onTool(message: ToolMessage): void;
}

interface ReadAhead {
  readonly path: string;
  /** Undefined while it is on its way; null where there is no such file. */
  text: string | null | undefined;
}

/**
 * A worker that has said nothing for this long is thrown away. Endless loops of the reader's code end sooner, by the tracer's own
 * limits; whole drawings in one graph take onnxruntime-web half a minute.
 */
const PATIENCE_MS = 90_000;

/**
 * The page's end of the workers: feeds the tracer's with the files it asks for, and starts new ones when a run must be stopped in the
 * middle.
 */
export class RunnerClient {
  readonly #assets: RunnerAssets;
  readonly #channel: Channel;
  readonly #listener: RunnerListener;
  #workers: RunnerWorkers | undefined;
  /** The tracer's, once it is there. */
  #worker: Worker | undefined;
  /** What waits for the worker to start. */
  #waiting: ToWorker[] = [];
  /** The reader's file, read while the worker starts. */
  #source: ReadAhead | undefined;
  #id = 0;
  /** Of the check that is wanted; those of other entries are dropped. */
  #checkId = 0;
  #own: Extract<ToWorker, { type: 'ownMini' }> | undefined;
  #latest: Extract<ToWorker, { type: 'run' }> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(assets: RunnerAssets, channel: Channel, listener: RunnerListener) {
    this.#assets = assets;
    this.#channel = channel;
    this.#listener = listener;
  }

  /** Runs at once; a run that is under way is dropped. */
  run(request: RunRequest, subject: RunSubject): void {
    const message = { type: 'run', id: ++this.#id, request, ...subject } as const;
    if (this.#latest?.request.entryId !== request.entryId) this.#checkId++;
    this.#latest = message;
    this.#watch();
    if (!this.#worker && subject.screen) this.#readAhead(subject.screen.path);
    const known = this.#own?.entryId === request.entryId && this.#own.token === subject.own;
    if (subject.own === null || known) this.#send(message);
    else {
      this.#readOwn(request.entryId, subject.own).then(
        () => {
          if (this.#latest === message) this.#send(message);
        },
        (error: unknown) => this.#listener.onFailure(error instanceof Error ? error.message : String(error)),
      );
    }
  }

  /** The files of a reader's own mini, for this worker and for those that follow it. */
  async #readOwn(entryId: string, token: string): Promise<void> {
    const { files, model, problem } = await this.#channel.request('readMini', { entryId });
    const own: OwnMini = {
      files,
      ...(model === null ? {} : { model: Uint8Array.from(atob(model), it => it.charCodeAt(0)) }),
      ...(problem === null ? {} : { problem }),
    };
    this.#own = { type: 'ownMini', entryId, token, own };
    this.#post(this.#own);
  }

  #readAhead(path: string): void {
    if (this.#source?.path === path) return;
    const source: ReadAhead = { path, text: undefined };
    this.#source = source;
    this.#channel.request('readSource', { path }).then(
      text => {
        source.text = text;
      },
      // The worker will ask, and tell.
      () => undefined,
    );
  }

  /** The 64 prompts of a kind. */
  async prompts(kind: 'single' | 'pair' | 'heldout'): Promise<readonly string[]> {
    const prompts = await this.#assets.json<Record<string, readonly string[]>>('weights/prompts.json');
    return prompts[kind] ?? [];
  }

  draw(job: DrawJob, backend: RunRequest['backend'], subject: RunSubject): void {
    this.#send({ type: 'draw', job, backend, ...subject });
  }

  answer(caption: string, question: string, backend: RunRequest['backend'], subject: RunSubject): void {
    this.#send({ type: 'answer', caption, question, backend, ...subject });
  }

  /** Text of the entry's reference module. */
  async miniText({ entry, system, own }: RunSubject): Promise<string> {
    const { id, mini } = entry as Entry;
    const file = mini?.file ?? '';
    const text =
      own === null
        ? (await this.#assets.json<Record<string, string>>('minis.json'))[`${system}/${file}`]
        : (await this.#channel.request('readMini', { entryId: id })).files[file];
    if (text === undefined) throw new Error(`there is no ${file}`);
    return text;
  }

  /** Upstream check: the first stored golden case of these. */
  async check(
    caseIds: readonly string[],
    backend: RunRequest['backend'],
    subject: RunSubject,
  ): Promise<void> {
    const id = ++this.#checkId;
    try {
      const goldenCase = await this.#firstGolden(caseIds);
      if (id !== this.#checkId) return;
      if (goldenCase === undefined) {
        this.#listener.onFailure('no-golden');
        return;
      }
      this.#send({ type: 'check', id, goldenCase, backend, ...subject });
    } catch (error) {
      this.#listener.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  async #firstGolden(caseIds: readonly string[]): Promise<unknown> {
    for (const caseId of caseIds) {
      const golden = await this.#assets.jsonOrNone(`goldens/${caseId}.json`);
      if (golden !== undefined) return golden;
    }
    return undefined;
  }

  /** A file that the last run may have read is another now. */
  sourceChanged(path: string, text: string | null): void {
    // What was read before is old.
    this.#source = undefined;
    if (this.#worker) this.#post({ type: 'files', files: { [path]: text } });
  }

  /** Stops whatever is running, even in the middle of a trace. */
  cancel(): void {
    this.#unwatch();
    this.#latest = undefined;
    this.#waiting = [];
    this.#workers?.dispose();
    this.#workers = undefined;
    this.#worker = undefined;
    this.#source = undefined;
  }

  dispose(): void {
    this.cancel();
  }

  async #start(backend: RunRequest['backend']): Promise<void> {
    const workers = this.#assets.workers(backend);
    this.#workers = workers;
    try {
      const worker = await workers.tracer;
      if (this.#workers !== workers) return;
      this.#worker = worker;
      worker.onmessage = event => this.#receive(event.data as FromWorker);
      worker.onerror = event => this.#listener.onFailure(event.message);
      if (this.#own) this.#post(this.#own);
      const { path, text } = this.#source ?? {};
      if (path !== undefined && text !== undefined) this.#post({ type: 'files', files: { [path]: text } });
      this.#source = undefined;
      for (const message of this.#waiting.splice(0)) {
        // Of several runs only the latest is wanted.
        if (message.type !== 'run' || message === this.#latest) this.#post(message);
      }
      void workers.runtimeLost.then(reason => this.#runtimeLost(worker, reason));
    } catch (error) {
      if (this.#workers !== workers) return;
      this.cancel();
      this.#listener.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  /** The numbers of the TypeScript kernels stand; the badge says which engine they come from, and why. */
  #runtimeLost(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#post({ type: 'runtimeLost', reason });
    void this.#channel
      .request('log', { level: 'warn', message: `onnxruntime-web could not be loaded: ${reason}` })
      .catch(() => undefined);
  }

  #receive(message: FromWorker): void {
    // It lives: a first start over a slow connection takes its time.
    if (this.#watchdog !== undefined) this.#watch();
    if (message.type === 'report') {
      if (message.id !== this.#id) return;
      if (message.final) this.#unwatch();
      this.#listener.onReport(message.report, message.final);
    } else if (message.type === 'failed') {
      if (message.id !== this.#id) return;
      this.#unwatch();
      this.#listener.onFailure(message.message, message.refused);
    } else if (message.type === 'needFiles') void this.#sendFiles(message.paths);
    else if (message.type === 'checked') {
      if (message.id === this.#checkId) this.#listener.onCheck(message.check);
    } else if (message.type === 'drawn' || message.type === 'answered' || message.type === 'toolFailed') {
      this.#listener.onTool(message);
    } else if (message.type === 'needWeights') void this.#sendWeights(message.name);
  }

  async #sendFiles(paths: readonly string[]): Promise<void> {
    try {
      const files = await this.#channel.request('readSources', { paths: [...paths] });
      this.#post({ type: 'files', files });
    } catch (error) {
      this.#listener.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  async #sendWeights(name: string): Promise<void> {
    try {
      const bytes = await this.#assets.bytes(`weights/${name}.safetensors`);
      this.#post({ type: 'weights', name, bytes }, [bytes]);
    } catch (error) {
      this.#listener.onFailure(error instanceof Error ? error.message : String(error));
    }
  }

  #unwatch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      this.cancel();
      this.#listener.onFailure('timeout');
    }, PATIENCE_MS);
  }

  /** To the worker, which is started when there is none. */
  #send(message: Extract<ToWorker, { type: 'run' | 'check' | 'draw' | 'answer' }>): void {
    if (this.#worker) {
      this.#post(message);
      return;
    }
    this.#waiting.push(message);
    if (!this.#workers) void this.#start('request' in message ? message.request.backend : message.backend);
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}
