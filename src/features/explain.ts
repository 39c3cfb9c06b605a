import * as vscode from 'vscode';
import { alignFunction } from '../core/alignment/alignFunction.ts';
import type { Alignment } from '../core/alignment/alignment.ts';
import type { Entry } from '../core/atlas/schema.ts';
import {
  EXPLORE_ID,
  ExploreError,
  type ExploreQuestions,
  exploreEntry,
  exploreQuestions,
} from '../core/explain/exploreEntry.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import type { CodeSnapshot, Snapshot } from '../core/protocol.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import type { Range } from '../core/python/position.ts';
import type { Match } from '../core/recognition/match.ts';
import { CommandId } from './commandIds.ts';
import type { CurrentFunctionTracker } from './currentFunction.ts';
import { ExplainPanel, type RequestHandlers, toVsRange } from './explainPanel.ts';
import { pickEntry } from './goToEquation.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { panelHtml } from './panelHtml.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';
import { pathBelow, sourceRoot, uriBelow } from './sourceRoot.ts';
import { activeThemeKind } from './themeKind.ts';
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

/** What one panel is about. */
interface Subject {
  readonly entry: Entry | null;
  readonly systemTitle: string;
  /** The function on screen; absent when only the equation is explained. */
  readonly document?: vscode.TextDocument;
  readonly qualname?: string;
}

interface OpenPanel {
  readonly panel: ExplainPanel;
  readonly view: vscode.WebviewPanel;
  subject: Subject;
  focusedSteps: readonly string[];
  focusRequest: number;
  root: vscode.Uri | undefined;
  followCursor: boolean;
  startAt: 'explanation' | 'run';
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** *Explain this block*: one panel per entry beside the editor, kept in step with the code while it is edited. */
export class Explain implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #host: LensHost;
  readonly #scan: WorkspaceScan;
  readonly #log: Log;
  readonly #panels = new Map<string, OpenPanel>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #stepHighlight = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  });

  constructor(
    extensionUri: vscode.Uri,
    host: LensHost,
    scan: WorkspaceScan,
    tracker: CurrentFunctionTracker,
    log: Log,
  ) {
    this.#extensionUri = extensionUri;
    this.#host = host;
    this.#scan = scan;
    this.#log = log;
    const run = (action: () => Promise<void>) => action().catch((error: unknown) => this.#fail(error));
    this.#subscriptions = [
      this.#stepHighlight,
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
    const { entryId, uri, qualname } = (state ?? {}) as Record<string, unknown>;
    const lens = await this.#host.lens();
    const entry = typeof entryId === 'string' ? (lens.atlas.entry(entryId) ?? null) : null;
    const document = typeof uri === 'string' ? await openDocument(uri) : undefined;
    const subject = this.#subject(lens, entry, document, typeof qualname === 'string' ? qualname : undefined);
    await this.#attach(view, subject, []);
  }

  async #explainAt(target: Target, startAt: 'explanation' | 'run'): Promise<void> {
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
    // A cursor in the indentation of a line means that line.
    const at = behindIndentation(document, selection.start);
    const match = lens.matchAt(source, at) ?? classMatch(lens, source, at);
    if (!match) return this.#unknown(lens, document, selection, localizer, startAt);
    const entry = lens.atlas.entry(match.entryId);
    if (!entry) return;
    const subject = this.#subject(lens, entry, document, match.function.qualname);
    await this.#open(subject, touchedSteps(lens.alignment(match), selection), startAt);
  }

  async #explainEntry(entryId: string): Promise<void> {
    const lens = await this.#host.lens();
    const entry = lens.atlas.entry(entryId);
    if (!entry) throw new Error(`the atlas has no entry ${entryId}`);
    await this.#scan.scan();
    const place = this.#scan.placesOf(entryId)[0];
    const document = place && (await openDocument(String(place.uri)));
    await this.#open(this.#subject(lens, entry, document, place?.qualname), [], 'explanation');
  }

  /** Not recognised: say so, and offer the nearest entries, the whole list, or a run without equations. */
  async #unknown(
    lens: Lens,
    document: vscode.TextDocument,
    selection: vscode.Selection,
    localizer: Localizer,
    startAt: 'explanation' | 'run',
  ): Promise<void> {
    const source = this.#host.source(document);
    const around = functionAround(lens.outline(source).functions, selection.start.line);
    const nearest = lens.judgementsAt(source, selection.start).slice(0, 3);
    const items: (vscode.QuickPickItem & { act(): Promise<void> })[] = [];
    if (around) {
      items.push({
        label: `$(play) ${localizer.t('Run {0} all the same', around.qualname)}`,
        detail: localizer.t('Shows the tensors of every statement, without equations'),
        act: () => this.#explore(lens, document, around, localizer),
      });
    }
    for (const { entryId, confidence } of nearest) {
      const entry = lens.atlas.entry(entryId);
      if (!entry) continue;
      items.push({
        label: `$(symbol-operator) ${localizer.text(entry.title)}`,
        description: entry.id,
        detail: localizer.t('Similar ({0} %), but not the same function', Math.round(confidence * 100)),
        act: () => this.#explainEntry(entry.id),
      });
    }
    items.push({
      label: `$(search) ${localizer.t('Go to equation…')}`,
      act: async () => {
        const entry = await pickEntry(lens);
        if (entry) await this.#open(this.#subject(lens, entry, undefined, undefined), [], startAt);
      },
    });
    const chosen = await vscode.window.showQuickPick(items, {
      placeHolder: localizer.t('No equation is known for the code at the cursor.'),
    });
    await chosen?.act();
  }

  /** Runs a function without an entry: asks for arguments, with guesses, and shows the tensors of every statement. */
  async #explore(
    lens: Lens,
    document: vscode.TextDocument,
    fn: FunctionOutline,
    localizer: Localizer,
  ): Promise<void> {
    const lines = document.getText().split(/\r?\n/);
    const guesses = exploreQuestions(lens.outline(this.#host.source(document)), fn);
    const validateInput = (key: keyof ExploreQuestions) => (value: string) => {
      try {
        exploreEntry(fn, lines, { ...guesses, [key]: value });
        return undefined;
      } catch (error) {
        return error instanceof ExploreError ? error.message : String(error);
      }
    };
    let constructorArguments = guesses.constructorArguments;
    if (constructorArguments !== undefined) {
      constructorArguments = await vscode.window.showInputBox({
        title: localizer.t('Constructor arguments of {0}', fn.className ?? ''),
        prompt: localizer.t('As in Python: 16, num_heads=2'),
        value: constructorArguments,
        validateInput: validateInput('constructorArguments'),
      });
      if (constructorArguments === undefined) return;
    }
    const callArguments = await vscode.window.showInputBox({
      title: localizer.t('Arguments of {0}', fn.qualname),
      prompt: localizer.t(
        'A shape in brackets is a tensor, ids[2, 5] whole numbers; anything else is Python',
      ),
      value: guesses.callArguments,
      validateInput: validateInput('callArguments'),
    });
    if (callArguments === undefined) return;
    const entry = exploreEntry(fn, lines, {
      callArguments,
      ...(constructorArguments === undefined ? {} : { constructorArguments }),
    });
    await this.#open(this.#subject(lens, entry, document, fn.qualname), [], 'run');
  }

  #subject(
    lens: Lens,
    entry: Entry | null,
    document: vscode.TextDocument | undefined,
    qualname: string | undefined,
  ): Subject {
    const title = entry && lens.atlas.packOf(entry.id)?.title;
    return {
      entry,
      systemTitle: title ? new Localizer(readSettings().language).text(title) : '',
      ...(document ? { document } : {}),
      ...(qualname === undefined ? {} : { qualname }),
    };
  }

  async #open(subject: Subject, steps: readonly string[], startAt: 'explanation' | 'run'): Promise<void> {
    const open = this.#panels.get(keyOf(subject));
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
    startAt: 'explanation' | 'run' = 'explanation',
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
    const snapshot = await this.#snapshot(state);
    view.webview.options = this.#webviewOptions();
    view.iconPath = new vscode.ThemeIcon('book') as unknown as vscode.Uri;
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
    this.#panels.set(keyOf(subject), open);
    view.onDidDispose(() => {
      clearTimeout(open.timer);
      for (const [key, value] of this.#panels) if (value === open) this.#panels.delete(key);
      this.#highlight(open, null);
    });
    view.title = titleOf(snapshot, subject);
    view.webview.html = panelHtml(view.webview, this.#extensionUri, snapshot.language);
  }

  async #refresh(open: OpenPanel): Promise<void> {
    const snapshot = await this.#snapshot(open);
    open.panel.show(snapshot, titleOf(snapshot, open.subject));
  }

  #refreshAll(): void {
    for (const open of this.#panels.values())
      void this.#refresh(open).catch((error: unknown) => this.#fail(error));
  }

  async #snapshot(open: Omit<OpenPanel, 'panel' | 'view'>): Promise<Snapshot> {
    const settings = readSettings();
    const localizer = new Localizer(settings.language);
    const lens = await this.#host.lens();
    const { entry, document, qualname } = open.subject;
    const { code, problem } = this.#code(lens, open, localizer);
    const siblings =
      document && qualname?.includes('.')
        ? lens
            .matches(this.#host.source(document))
            .filter(match => match.function.className === qualname.slice(0, qualname.lastIndexOf('.')))
            .map(match => ({ qualname: match.function.qualname, entryId: match.entryId }))
        : [];
    const title = entry && lens.atlas.packOf(entry.id)?.title;
    return {
      entry,
      systemTitle: title ? localizer.text(title) : '',
      language: settings.language,
      theme: activeThemeKind(),
      backend: settings.backend,
      followCursor: open.followCursor,
      code,
      codeProblem: problem,
      siblings,
      focusedSteps: [...open.focusedSteps],
      focusRequest: open.focusRequest,
      startAt: open.startAt,
    };
  }

  /** The function as it stands in the editor now, or why it cannot be shown. */
  #code(
    lens: Lens,
    open: Omit<OpenPanel, 'panel' | 'view'>,
    localizer: Localizer,
  ): { code: CodeSnapshot | null; problem: string | null } {
    const { entry, document, qualname } = open.subject;
    if (!document || qualname === undefined) return { code: null, problem: null };
    if (document.isClosed)
      return { code: null, problem: localizer.t('The file is closed; the mini is shown alone.') };
    const source = this.#host.source(document);
    const fn = lens.outline(source).functions.find(candidate => candidate.qualname === qualname);
    if (!fn) {
      return { code: null, problem: localizer.t('{0} is no longer in this file.', qualname) };
    }
    const match = lens.match(document.isClosed ? source : source, fn);
    const known = match && entry && match.entryId === entry.id ? match : undefined;
    const explored = entry?.id === EXPLORE_ID;
    const alignment = explored ? alignFunction(entry, fn) : known && lens.alignment(known);
    const problem =
      entry && !known && !explored
        ? localizer.t('This code is no longer recognised as “{0}”.', localizer.text(entry.title))
        : null;
    const { start, end } = fn.range;
    return {
      code: {
        uri: String(document.uri),
        path: pathBelow(open.root, document.uri),
        qualname,
        version: document.version,
        text: document.getText(new vscode.Range(start.line, 0, end.line, end.character)),
        firstLine: start.line,
        steps: alignment?.steps.map(step => ({ id: step.id, ranges: [...step.ranges] })) ?? [],
        unplaced: [...(alignment?.unplaced ?? [])],
        differences: alignment?.differences.map(it => ({ id: it.id, ranges: [...it.ranges] })) ?? [],
        variants: [...(known?.variants ?? [])],
      },
      problem,
    };
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

  /** The cursor selects the step it stands in. */
  #cursorMoved(editor: vscode.TextEditor): void {
    for (const open of this.#panels.values()) {
      if (open.subject.document !== editor.document || !open.panel.visible) continue;
      const steps = (open.panel.snapshot.code?.steps ?? [])
        .filter(step => step.ranges.some(range => sharesLine(range, editor.selection)))
        .map(step => step.id);
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
    open.subject = this.#subject(lens, entry, editor.document, match.function.qualname);
    open.root = await sourceRoot(editor.document);
    open.focusedSteps = [];
    this.#panels.set(keyOf(open.subject), open);
    await this.#refresh(open);
  }

  #handlers(panel: () => OpenPanel): RequestHandlers {
    const read = (path: string) => this.#readSource(panel(), path);
    return {
      readSource: ({ path }) => read(path),
      readSources: async ({ paths }) =>
        Object.fromEntries(await Promise.all(paths.map(async path => [path, await read(path)] as const))),
      showStep: ({ step, reveal }) => {
        this.#showStep(panel(), step, reveal);
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
        await this.#explainEntry(entryId);
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

  async #readSource(open: OpenPanel, path: string): Promise<string | null> {
    const { document } = open.subject;
    if (!document) return null;
    if (path === pathBelow(open.root, document.uri)) return document.getText();
    const uri = open.root && uriBelow(open.root, path);
    if (!uri) return null;
    const shown = vscode.workspace.textDocuments.find(candidate => String(candidate.uri) === String(uri));
    if (shown) return shown.getText();
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch {
      return null;
    }
  }

  #showStep(open: OpenPanel, step: string | null, reveal: boolean): void {
    this.#highlight(open, step);
    const range = open.panel.snapshot.code?.steps.find(candidate => candidate.id === step)?.ranges[0];
    const { document } = open.subject;
    if (!reveal || !range || !document) return;
    const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
    const target = toVsRange(range);
    if (shown) shown.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    else {
      void vscode.window.showTextDocument(document, {
        selection: new vscode.Range(target.start, target.start),
        viewColumn: vscode.ViewColumn.One,
        preserveFocus: true,
      });
    }
  }

  #highlight(open: OpenPanel, step: string | null): void {
    const ranges =
      open.panel.snapshot.code?.steps.find(candidate => candidate.id === step)?.ranges.map(toVsRange) ?? [];
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === open.subject.document) editor.setDecorations(this.#stepHighlight, ranges);
    }
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

function keyOf({ entry, document, qualname }: Subject): string {
  return entry && entry.id !== EXPLORE_ID ? entry.id : `${String(document?.uri)}#${qualname}`;
}

function titleOf(snapshot: Snapshot, subject: Subject): string {
  const localizer = new Localizer(snapshot.language);
  return subject.entry ? localizer.text(subject.entry.title) : (subject.qualname ?? 'Equation Lens');
}

function touchedSteps(alignment: Alignment, selection: vscode.Selection): string[] {
  return alignment.steps
    .filter(step => step.ranges.some(range => sharesLine(range, selection)))
    .map(step => step.id);
}

/** Whole lines count: a cursor in the indentation is in the step. */
function sharesLine(range: Range, selection: vscode.Selection): boolean {
  return range.start.line <= selection.end.line && selection.start.line <= range.end.line;
}

function behindIndentation(document: vscode.TextDocument, position: vscode.Position): vscode.Position {
  const { firstNonWhitespaceCharacterIndex: first } = document.lineAt(position.line);
  return position.character < first ? position.with({ character: first }) : position;
}

/** On a class: its `forward`, else its first recognised method. */
function classMatch(
  lens: Lens,
  source: Parameters<Lens['matches']>[0],
  position: vscode.Position,
): Match | undefined {
  const cls = lens
    .outline(source)
    .classes.filter(candidate => toVsRange(candidate.range).contains(position))
    .at(-1);
  if (!cls) return undefined;
  const inside = functionAround(lens.outline(source).functions, position.line);
  if (inside) return undefined;
  const methods = lens.matches(source).filter(match => match.function.className === cls.qualname);
  return methods.find(match => match.function.name === 'forward') ?? methods[0];
}

function functionAround(functions: readonly FunctionOutline[], line: number): FunctionOutline | undefined {
  return functions.filter(fn => fn.range.start.line <= line && line <= fn.range.end.line).at(-1);
}

async function openDocument(uri: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  } catch {
    return undefined;
  }
}

async function saveFile(name: string, base64: string): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {},
  );
  if (!target) return false;
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  await vscode.workspace.fs.writeFile(target, bytes);
  return true;
}
