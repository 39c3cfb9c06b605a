import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { type ExploreQuestions, exploreEntry } from '../core/explain/exploreEntry.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import { reviveState } from '../core/panelState.ts';
import type { Snapshot } from '../core/protocol.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import type { Match } from '../core/recognition/match.ts';
import type { Assets } from './assets.ts';
import { CommandId } from './commandIds.ts';
import type { CurrentFunctionTracker } from './currentFunction.ts';
import { openDocument, readSource, saveFile } from './explainFiles.ts';
import { ExplainPanel, type RequestHandlers } from './explainPanel.ts';
import { explainSnapshot, type Subject, subjectKey, subjectTitle } from './explainSnapshot.ts';
import { functionAround, matchAt, matchIn, touchedSteps } from './explainTargets.ts';
import { askHowToExplore } from './exploreFunction.ts';
import type { LazyModules } from './lazyModules.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { offerInstead } from './offerInstead.ts';
import { panelHtml } from './panelHtml.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';
import { pathBelow, sourceRoot, uriBelow } from './sourceRoot.ts';
import { revealStep, StepHighlight } from './stepHighlight.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

const VIEW_TYPE = 'equationLens.explain';
/** After an edit the panel waits for a pause of this length, so that it follows typing without chasing it. */
const EDIT_PAUSE_MS = 120;
/** Commands that the panel may run. */
const PANEL_COMMANDS: readonly string[] = [
  CommandId.copyLatex,
  CommandId.findCode,
  CommandId.goToEquation,
  CommandId.insertEquation,
];

/** Where *Explain* was asked for. */
interface Target {
  readonly uri?: string;
  readonly line?: number;
  readonly column?: number;
}

type StartAt = Snapshot['startAt'];

interface OpenPanel {
  readonly panel: ExplainPanel;
  readonly view: vscode.WebviewPanel;
  subject: Subject;
  focusedSteps: readonly string[];
  focusRequest: number;
  root: vscode.Uri | undefined;
  followCursor: boolean;
  startAt: StartAt;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** *Explain this block*: one panel per entry beside the editor, kept in step with the code while it is edited. */
export class Explain implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #host: LensHost;
  readonly #scan: WorkspaceScan;
  readonly #assets: Assets;
  readonly #lazy: LazyModules;
  readonly #log: Log;
  readonly #panels = new Map<string, OpenPanel>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #highlight = new StepHighlight();

  constructor(
    extensionUri: vscode.Uri,
    host: LensHost,
    scan: WorkspaceScan,
    tracker: CurrentFunctionTracker,
    assets: Assets,
    lazy: LazyModules,
    log: Log,
  ) {
    this.#extensionUri = extensionUri;
    this.#host = host;
    this.#scan = scan;
    this.#assets = assets;
    this.#lazy = lazy;
    this.#log = log;
    const run = (action: () => Promise<void>) => action().catch((error: unknown) => this.#fail(error));
    this.#subscriptions = [
      this.#highlight,
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      vscode.commands.registerCommand(CommandId.explainBlock, (target?: Target) =>
        run(() => this.#explainAt(target ?? {}, 'explanation')),
      ),
      vscode.commands.registerCommand(CommandId.runMini, (target?: Target) =>
        run(() => this.#explainAt(target ?? {}, 'run')),
      ),
      vscode.commands.registerCommand(CommandId.explainEntry, (entryId: string) =>
        run(() => this.#explainEntry(entryId)),
      ),
      vscode.workspace.onDidChangeTextDocument(event => this.#edited(event.document)),
      vscode.workspace.onDidCloseTextDocument(document => this.#edited(document)),
      vscode.workspace.onDidOpenTextDocument(document => this.#opened(document)),
      host.onDidReset(() => void run(() => this.#reloaded())),
      vscode.window.onDidChangeActiveColorTheme(() => this.#refreshAll()),
      vscode.window.onDidChangeTextEditorSelection(event => this.#cursorMoved(event.textEditor)),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(SETTINGS_SECTION)) this.#refreshAll();
      }),
      tracker.onDidChange(current => {
        if (!current) return;
        for (const open of this.#panels.values()) {
          if (open.followCursor) void run(() => this.#follow(open, current.editor, current.match));
        }
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { view } of this.#panels.values()) view.dispose();
  }

  /** A panel of an earlier window: its own state says what it was about. */
  async deserializeWebviewPanel(view: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { entryId, uri, qualname, explored } = reviveState(state);
    const lens = await this.#host.lens();
    const document = uri === null ? undefined : await openDocument(uri);
    const known = entryId === null ? undefined : lens.atlas.entry(entryId);
    const subject =
      !known && explored && document && qualname !== null
        ? this.#exploredSubject(lens, document, qualname, explored)
        : undefined;
    await this.#attach(view, subject ?? subjectOf(known ?? null, document, qualname ?? undefined), []);
  }

  async #explainAt(target: Target, startAt: StartAt): Promise<void> {
    const localizer = new Localizer(readSettings().language);
    const document = target.uri ? await openDocument(target.uri) : vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'python') {
      void vscode.window.showInformationMessage(localizer.t('Put the cursor into a Python function first.'));
      return;
    }
    const lens = await this.#host.lens();
    const source = this.#host.source(document);
    const editor = vscode.window.visibleTextEditors.find(candidate => candidate.document === document);
    const selection =
      target.line === undefined
        ? (editor?.selection ?? new vscode.Selection(0, 0, 0, 0))
        : new vscode.Selection(target.line, target.column ?? 0, target.line, target.column ?? 0);
    const match =
      matchAt(lens, source, document, selection.start) ??
      (selection.isSingleLine ? undefined : matchIn(lens, source, selection));
    const entry = match && lens.atlas.entry(match.entryId);
    if (match && entry) {
      const subject = subjectOf(entry, document, match.function.qualname);
      await this.#open(subject, touchedSteps(lens.alignment(match).steps, selection), startAt);
      return;
    }
    const around = functionAround(lens.outline(source).functions, selection.start.line);
    await offerInstead(lens, around, lens.judgementsAt(source, selection.start), localizer, {
      explore: fn => this.#explore(lens, document, fn, localizer),
      explain: chosen => this.#explainEntry(chosen.id, startAt),
    });
  }

  /** @param document where to look for the function first */
  async #explainEntry(
    entryId: string,
    startAt: StartAt = 'explanation',
    document?: vscode.TextDocument,
  ): Promise<void> {
    const lens = await this.#host.lens();
    const entry = lens.atlas.entry(entryId);
    if (!entry) throw new Error(`the atlas has no entry ${entryId}`);
    const here =
      document && lens.matches(this.#host.source(document)).find(match => match.entryId === entryId);
    if (document && here) {
      await this.#open(subjectOf(entry, document, here.function.qualname), [], startAt);
      return;
    }
    await this.#scan.scan();
    const place = this.#scan.placesOf(entryId)[0];
    const found = place && (await openDocument(String(place.uri)));
    await this.#open(subjectOf(entry, found, place?.qualname), [], startAt);
  }

  /** Runs a function without an entry: asks for arguments, with guesses, and shows the tensors of every statement. */
  async #explore(
    lens: Lens,
    document: vscode.TextDocument,
    fn: FunctionOutline,
    localizer: Localizer,
  ): Promise<void> {
    const lines = document.getText().split(/\r?\n/);
    const answers = await askHowToExplore(lens.outline(this.#host.source(document)), fn, lines, localizer);
    const subject = answers && this.#exploredSubject(lens, document, fn.qualname, answers);
    if (subject) await this.#open(subject, [], 'run');
  }

  #exploredSubject(
    lens: Lens,
    document: vscode.TextDocument,
    qualname: string,
    explored: ExploreQuestions,
  ): Subject | undefined {
    const { functions } = lens.outline(this.#host.source(document));
    const fn = functions.find(candidate => candidate.qualname === qualname);
    if (!fn) return undefined;
    const entry = exploreEntry(fn, document.getText().split(/\r?\n/), explored);
    return { entry, document, qualname, explored };
  }

  async #open(subject: Subject, steps: readonly string[], startAt: StartAt): Promise<void> {
    const open = this.#panels.get(subjectKey(subject));
    if (open) {
      open.subject = subject;
      open.focusedSteps = steps;
      open.focusRequest++;
      open.startAt = startAt;
      open.root = subject.document && (await sourceRoot(subject.document));
      await this.#refresh(open);
      open.panel.reveal();
      return;
    }
    const view = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      'Equation Lens',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.#webviewOptions(),
    );
    await this.#attach(view, subject, steps, startAt);
  }

  #webviewOptions(): vscode.WebviewPanelOptions & vscode.WebviewOptions {
    return {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, 'dist')],
    };
  }

  async #attach(
    view: vscode.WebviewPanel,
    subject: Subject,
    steps: readonly string[],
    startAt: StartAt = 'explanation',
  ): Promise<void> {
    const root = subject.document && (await sourceRoot(subject.document));
    const state = {
      subject,
      focusedSteps: steps,
      focusRequest: 1,
      root,
      followCursor: false,
      startAt,
      timer: undefined,
    };
    const snapshot = explainSnapshot(await this.#host.lens(), this.#host, state);
    view.webview.options = this.#webviewOptions();
    const icon = (kind: string) => vscode.Uri.joinPath(this.#extensionUri, 'media', `panel-${kind}.svg`);
    view.iconPath = { light: icon('light'), dark: icon('dark') };
    const open: OpenPanel = {
      ...state,
      view,
      panel: new ExplainPanel(
        view,
        snapshot,
        this.#handlers(() => open),
        this.#log,
      ),
    };
    this.#panels.set(subjectKey(subject), open);
    let isGone = false;
    view.onDidDispose(() => {
      isGone = true;
      clearTimeout(open.timer);
      for (const [key, value] of this.#panels) if (value === open) this.#panels.delete(key);
      this.#highlight.show(open.subject.document, null, null);
    });
    view.title = subjectTitle(subject, new Localizer(snapshot.language));
    const [drawn, style] = await Promise.all([this.#draw(snapshot), this.#assets.text('webview/panel.css')]);
    // Closed meanwhile: it takes no page any more.
    if (isGone) return;
    view.webview.html = panelHtml(view.webview, this.#extensionUri, {
      snapshot,
      drawn,
      style,
      backend: subject.entry?.mini && snapshot.backend,
    });
  }

  /** The page as it will draw itself; empty when that fails: the page then does it alone. */
  async #draw(snapshot: Snapshot): Promise<string> {
    try {
      const { firstPage } = await this.#lazy.load('firstPage');
      return firstPage(snapshot);
    } catch (error) {
      this.#log.warn(`panel: not drawn ahead: ${error instanceof Error ? error.message : String(error)}`);
      return '';
    }
  }

  async #refresh(open: OpenPanel): Promise<void> {
    const snapshot = explainSnapshot(await this.#host.lens(), this.#host, open);
    open.panel.show(snapshot, subjectTitle(open.subject, new Localizer(snapshot.language)));
  }

  /** Packs of the reader's were edited: the same entries as they are now. */
  async #reloaded(): Promise<void> {
    const lens = await this.#host.lens();
    for (const open of this.#panels.values()) {
      const { entry, document, qualname } = open.subject;
      const now = entry && !open.subject.explored ? lens.atlas.entry(entry.id) : undefined;
      if (now) open.subject = subjectOf(now, document, qualname);
    }
    this.#refreshAll();
  }

  #refreshAll(): void {
    for (const open of this.#panels.values())
      void this.#refresh(open).catch((error: unknown) => this.#fail(error));
  }

  #edited(document: vscode.TextDocument): void {
    for (const open of this.#panels.values()) {
      const { subject, root } = open;
      if (root && document.languageId === 'python' && document !== subject.document) {
        open.panel.sourceChanged(
          pathBelow(root, document.uri),
          document.isClosed ? null : document.getText(),
        );
      }
      if (document !== subject.document) continue;
      clearTimeout(open.timer);
      open.timer = setTimeout(() => {
        open.panel.sourceChanged(
          pathBelow(root, document.uri),
          document.isClosed ? null : document.getText(),
        );
        void this.#refresh(open).catch((error: unknown) => this.#fail(error));
      }, EDIT_PAUSE_MS);
    }
  }

  /** A file that was closed, or deleted and is back again. */
  #opened(document: vscode.TextDocument): void {
    for (const open of this.#panels.values()) {
      const { subject } = open;
      if (!subject.document?.isClosed || String(subject.document.uri) !== String(document.uri)) continue;
      open.subject = { ...subject, document };
      this.#edited(document);
    }
  }

  /** The cursor selects the step it stands in. */
  #cursorMoved(editor: vscode.TextEditor): void {
    for (const open of this.#panels.values()) {
      if (open.subject.document !== editor.document || !open.panel.visible) continue;
      const steps = touchedSteps(open.panel.snapshot.code?.steps ?? [], editor.selection);
      if (steps.join() === open.focusedSteps.join() || steps.length === 0) continue;
      open.focusedSteps = steps;
      open.focusRequest++;
      void this.#refresh(open).catch((error: unknown) => this.#fail(error));
    }
  }

  /** *Follow cursor*: the panel moves on to the function the cursor is in. */
  async #follow(open: OpenPanel, editor: vscode.TextEditor, match: Match): Promise<void> {
    if (open.subject.document === editor.document && open.subject.qualname === match.function.qualname)
      return;
    const lens = await this.#host.lens();
    const entry = lens.atlas.entry(match.entryId);
    if (!entry) return;
    const other = this.#panels.get(entry.id);
    if (other && other !== open) return;
    for (const [key, value] of this.#panels) if (value === open) this.#panels.delete(key);
    open.subject = subjectOf(entry, editor.document, match.function.qualname);
    open.root = await sourceRoot(editor.document);
    open.focusedSteps = [];
    this.#panels.set(subjectKey(open.subject), open);
    await this.#refresh(open);
  }

  #handlers(panel: () => OpenPanel): RequestHandlers {
    const read = (path: string) => readSource(panel().subject.document, panel().root, path);
    return {
      readSource: ({ path }) => read(path),
      readSources: async ({ paths }) =>
        Object.fromEntries(await Promise.all(paths.map(async path => [path, await read(path)] as const))),
      readMini: async ({ entryId }) => {
        const own = await this.#host.ownMinis?.read(entryId);
        const { files = {}, model, problem } = own ?? { problem: `${entryId} has no mini of its own.` };
        return { files, model: model ? base64(model) : null, problem: problem ?? null };
      },
      showStep: async ({ step, reveal }) => {
        const { subject, panel: shown } = panel();
        const { code } = shown.snapshot;
        this.#highlight.show(subject.document, code, step);
        if (reveal && subject.document && !subject.document.isClosed)
          await revealStep(subject.document, code, step);
        return null;
      },
      revealLine: async ({ path, line }) => {
        await this.#revealLine(panel(), path, line);
        return null;
      },
      copyText: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      saveFile: ({ name, base64 }) => saveFile(name, base64),
      setLanguage: async ({ language }) => {
        await vscode.workspace
          .getConfiguration(SETTINGS_SECTION)
          .update('language', language, vscode.ConfigurationTarget.Global);
        return null;
      },
      setFollowCursor: async ({ on }) => {
        panel().followCursor = on;
        await this.#refresh(panel());
        return null;
      },
      openEntry: async ({ entryId }) => {
        await this.#explainEntry(entryId, 'explanation', panel().subject.document);
        return null;
      },
      runCommand: async ({ command, args }) => {
        if (!PANEL_COMMANDS.includes(command)) throw new Error(`the panel may not run ${command}`);
        await vscode.commands.executeCommand(command, ...args);
        return null;
      },
      log: ({ level, message }) => {
        this.#log[level](`panel: ${message}`);
        return null;
      },
    };
  }

  async #revealLine(open: OpenPanel, path: string, line: number): Promise<void> {
    const { document } = open.subject;
    const own = document && path === pathBelow(open.root, document.uri);
    const uri = own ? document.uri : open.root && uriBelow(open.root, path);
    if (!uri) return;
    const position = new vscode.Position(Math.max(0, line), 0);
    await vscode.window.showTextDocument(uri, {
      selection: new vscode.Range(position, position),
      viewColumn: vscode.ViewColumn.One,
    });
  }

  #fail(error: unknown): void {
    this.#log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const localizer = new Localizer(readSettings().language);
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`${localizer.t('Equation Lens could not explain this:')} ${reason}`);
  }
}

function subjectOf(
  entry: Entry | null,
  document: vscode.TextDocument | undefined,
  qualname: string | undefined,
): Subject {
  return { entry, ...(document ? { document } : {}), ...(qualname === undefined ? {} : { qualname }) };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}
