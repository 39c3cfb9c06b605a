import * as vscode from 'vscode';
import { type CompiledAtlas, compiledPacks } from '../core/atlas/compileAtlas.ts';
import type { Pack } from '../core/atlas/schema.ts';
import type { Lens } from '../core/lens.ts';
import { layeredAtlas, type UserLayers } from '../core/solutions/layeredAtlas.ts';
import type { AuthorNote } from '../core/solutions/solutions.ts';
import type { SourceDocument } from '../core/sources.ts';
import type { Assets } from './assets.ts';
import type { LazyModules } from './lazyModules.ts';
import type { Log } from './log.ts';
import type { OwnMinis } from './ownMinis.ts';
import { readSettings } from './settings.ts';
import { WorkspaceSources } from './workspaceSources.ts';

/**
 * The `Lens` of this window: made when it is first needed, fed with the editor's documents, told of edits, closed files and
 * settings. Every feature gets its matches here, so that nothing is parsed twice.
 */
export class LensHost implements vscode.Disposable {
  readonly #assets: Assets;
  readonly #lazy: LazyModules;
  readonly #log: Log;
  readonly #sources: WorkspaceSources;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[] = [];
  #lens: Promise<Lens> | undefined;
  #builtIn: readonly Pack[] = [];
  #origins: ReadonlyMap<string, string> = new Map();
  #ownMinis: OwnMinis | undefined;
  #notes: ReadonlyMap<string, readonly AuthorNote[]> = new Map();

  readonly #reset = new vscode.EventEmitter<void>();
  /** The atlas itself is another: what was found with the old one is void. */
  readonly onDidReset = this.#reset.event;

  /** Matches may be others than before: packs, settings or files changed. */
  readonly onDidChange = this.#changed.event;

  constructor(assets: Assets, lazy: LazyModules, log: Log) {
    this.#assets = assets;
    this.#lazy = lazy;
    this.#log = log;
    this.#sources = new WorkspaceSources();
    this.#subscriptions.push(
      this.#changed,
      this.#reset,
      vscode.workspace.onDidCloseTextDocument(document =>
        this.#with(lens => lens.close(String(document.uri))),
      ),
      vscode.workspace.onDidSaveTextDocument(document => this.#sourceChanged(document.uri)),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('equationLens')) this.#with(lens => this.#applyFilter(lens));
      }),
      this.#sources,
      this.#sources.onDidChange(uri => this.#sourceChanged(uri)),
    );
  }

  /** @throws when a file of the extension itself cannot be read */
  lens(): Promise<Lens> {
    this.#lens ??= this.#create().catch((error: unknown) => {
      // The next request tries again: a remote connection may have been down.
      this.#lens = undefined;
      throw error;
    });
    return this.#lens;
  }

  /** Makes the lens once activation is over: whatever has activated the extension asks for it next, a reader's first hover among others. */
  prepare(): void {
    const timer = setTimeout(() => {
      this.lens().catch((error: unknown) => this.#log.error(String(error)));
    }, 0);
    this.#subscriptions.push({ dispose: () => clearTimeout(timer) });
  }

  /** Another set of packs and notes of the reader's over the built-in packs. */
  async useLayers(layers: UserLayers, ownMinis?: OwnMinis): Promise<void> {
    const lens = await this.lens();
    const { atlas, notes, sources } = layeredAtlas(this.#builtIn, layers);
    this.#notes = notes;
    this.#origins = sources;
    this.#ownMinis = ownMinis;
    lens.useAtlas(atlas);
    this.#reset.fire();
    this.#changed.fire();
  }

  /** The note that an entry was imported from. */
  sourceOf(entryId: string): string | undefined {
    return this.#origins.get(entryId);
  }

  /** Minis that packs of the reader's bring along. */
  get ownMinis(): OwnMinis | undefined {
    return this.#ownMinis;
  }

  /** What the reader's notes say to an entry. */
  notesOf(entryId: string): readonly AuthorNote[] {
    return this.#notes.get(entryId) ?? [];
  }

  /** The editor's document as the core wants it. */
  source(document: vscode.TextDocument): SourceDocument {
    return this.#sources.source(document);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#with(lens => lens.dispose());
  }

  async #create(): Promise<Lens> {
    const started = performance.now();
    const [{ createLens }, runtime, grammar, atlas, details] = await Promise.all([
      this.#lazy.load('createLens'),
      this.#assets.bytes('web-tree-sitter.wasm'),
      this.#assets.bytes('tree-sitter-python.wasm'),
      this.#assets.json<CompiledAtlas>('atlas.json'),
      this.#assets.bytes('atlas.jsonl'),
    ]);
    this.#builtIn = compiledPacks(atlas, details);
    const lens = await createLens({ runtime, grammar }, this.#builtIn, this.#sources);
    this.#applyFilter(lens);
    this.#log.info(
      `${lens.atlas.entries.length} entries ready in ${(performance.now() - started).toFixed(0)} ms`,
    );
    return lens;
  }

  #applyFilter(lens: Lens): void {
    const settings = readSettings();
    lens.useFilter({
      systems: new Set(settings.disabledSystems),
      entries: new Set(settings.mutedEntries),
    });
    this.#changed.fire();
  }

  #sourceChanged(uri: vscode.Uri): void {
    this.#with(lens => {
      lens.sourceChanged(String(uri));
      this.#changed.fire();
    });
  }

  /** Does something with the lens if there is one already; nothing is loaded for the sake of an event. */
  #with(action: (lens: Lens) => void): void {
    this.#lens?.then(action).catch((error: unknown) => this.#log.error(String(error)));
  }
}
