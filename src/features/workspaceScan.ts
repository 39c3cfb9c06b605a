import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { backgroundPace } from './backgroundPace.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { readSettings } from './settings.ts';

/** A recognised function somewhere in the workspace. */
export interface Place {
  readonly entryId: string;
  readonly uri: vscode.Uri;
  /** 0-based line and column of the function's name. */
  readonly line: number;
  readonly column: number;
  readonly qualname: string;
  readonly variants: readonly string[];
}

const EXCLUDE =
  '**/{node_modules,.venv,venv,env,.env,site-packages,__pycache__,.git,build,dist,.tox,.mypy_cache}/**';
const MAX_FILES = 20_000;
const MAX_BYTES = 2_000_000;
/** Files read at once: enough to hide latency, few enough to keep memory flat. */
const BATCH = 8;

interface ScannedFile {
  readonly hash: string;
  readonly places: readonly Place[];
}

/**
 * Finds every recognised function of the workspace in the background: file by file with pauses, so that typing never waits. Files are
 * known by the hash of their content and read again only when they change.
 */
export class WorkspaceScan implements vscode.Disposable {
  readonly #host: LensHost;
  readonly #log: Log;
  readonly #files = new Map<string, ScannedFile>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.py');
  readonly #subscriptions: vscode.Disposable[];
  #running: Promise<void> | undefined;
  #done = false;
  /** Waiting events come in every few milliseconds, between files and inside long ones. */
  readonly #pace = backgroundPace();

  /** Places were found or went away. */
  readonly onDidChange = this.#changed.event;

  constructor(host: LensHost, log: Log) {
    this.#host = host;
    this.#log = log;
    this.#subscriptions = [
      this.#changed,
      this.#watcher,
      this.#watcher.onDidChange(uri => this.#rescan(uri)),
      this.#watcher.onDidCreate(uri => this.#rescan(uri)),
      this.#watcher.onDidDelete(uri => this.#forget(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#restart()),
      host.onDidReset(() => this.#restart()),
    ];
  }

  /** Places found so far; all of them once `scan` has ended. */
  places(): readonly Place[] {
    const { disabledSystems, mutedEntries } = readSettings();
    return [...this.#files.values()]
      .flatMap(file => file.places)
      .filter(
        place =>
          !mutedEntries.includes(place.entryId) &&
          !disabledSystems.includes(place.entryId.split('.')[0] ?? ''),
      );
  }

  placesOf(entryId: string): readonly Place[] {
    return this.places().filter(place => place.entryId === entryId);
  }

  get isDone(): boolean {
    return this.#done;
  }

  /** Scans once, with progress that can be cancelled; later calls wait for the same scan. */
  scan(): Promise<void> {
    if (this.#done) return Promise.resolve();
    this.#running ??= this.#scanAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Forgets everything and looks again. */
  again(): Promise<void> {
    this.#done = false;
    this.#files.clear();
    return this.scan();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #scanAll(): Promise<void> {
    const localizer = new Localizer(readSettings().language);
    const options = {
      location: vscode.ProgressLocation.Window,
      title: localizer.t('Looking for equations'),
      cancellable: true,
    };
    await vscode.window.withProgress(options, async (progress, token) => {
      const started = performance.now();
      const uris = await vscode.workspace.findFiles('**/*.py', EXCLUDE, MAX_FILES, token);
      let read = 0;
      for (let from = 0; from < uris.length && !token.isCancellationRequested; from += BATCH) {
        const batch = uris.slice(from, from + BATCH);
        const contents = await Promise.all(batch.map(uri => this.#read(uri)));
        for (const [index, bytes] of contents.entries()) {
          if (bytes) await this.#take(batch[index]!, bytes);
        }
        read += batch.length;
        progress.report({ message: localizer.t('{0} of {1} files', read, uris.length) });
      }
      this.#done = !token.isCancellationRequested;
      const ms = (performance.now() - started).toFixed(0);
      this.#log.info(`scan: ${read} of ${uris.length} files, ${this.places().length} places, ${ms} ms`);
      if (uris.length >= MAX_FILES) this.#log.warn(`scan: only the first ${MAX_FILES} files were looked at`);
    });
    this.#changed.fire();
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array | undefined> {
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      return size > MAX_BYTES ? undefined : await vscode.workspace.fs.readFile(uri);
    } catch {
      // Deleted meanwhile, unreadable, or a link that leads in a circle.
      this.#files.delete(String(uri));
      return undefined;
    }
  }

  async #take(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    const key = String(uri);
    const hash = hashOf(bytes);
    if (this.#files.get(key)?.hash === hash) return;
    const text = new TextDecoder().decode(bytes);
    // Most files of a repository define nothing of ours: a look at the text spares the parse.
    const lens = await this.#host.lens();
    const matches = await lens.scan({ uri: key, version: hash, path: uri.path, text }, this.#pace);
    if (this.#pace.isOver()) await this.#pace.rest();
    const places = matches.map(match => ({
      entryId: match.entryId,
      uri,
      line: match.function.nameRange.start.line,
      column: match.function.nameRange.start.character,
      qualname: match.function.qualname,
      variants: match.variants,
    }));
    this.#files.set(key, { hash, places });
    if (places.length > 0) this.#changed.fire();
  }

  async #rescan(uri: vscode.Uri): Promise<void> {
    if (!this.#done) return;
    const bytes = await this.#read(uri);
    if (bytes) await this.#take(uri, bytes);
    this.#changed.fire();
  }

  #forget(uri: vscode.Uri): void {
    if (this.#files.delete(String(uri))) this.#changed.fire();
  }

  #restart(): void {
    const wasDone = this.#done;
    this.#done = false;
    this.#files.clear();
    this.#changed.fire();
    if (wasDone) void this.scan().catch((error: unknown) => this.#log.error(String(error)));
  }
}

/** FNV-1a, 32 bit, with the length: enough to tell one version of a file from the next. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${(hash >>> 0).toString(16)}:${bytes.length}`;
}
