import * as vscode from 'vscode';
import { formatProblem, type PackProblem } from '../core/atlas/packProblem.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import { reportText } from '../core/solutions/reportText.ts';
import type { Solutions } from '../core/solutions/solutions.ts';
import { CommandId } from './commandIds.ts';
import type { LazyModules } from './lazyModules.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { OwnMinis, type PackPlace } from './ownMinis.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';

/** Files of one kind that are read at the most. */
const MAX_FILES = 200;
/** Larger files are not even read. */
const MAX_BYTES = 8_000_000;
/** Edits come in bursts. */
const DELAY = 400;

/**
 * The reader's own packs and notes of solutions: found by the settings, read again when a file is edited, laid over the built-in atlas. Nothing is
 * read in a workspace that is not trusted.
 */
export class UserAtlas implements vscode.Disposable {
  readonly #host: LensHost;
  readonly #lazy: LazyModules;
  readonly #log: Log;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('equation-lens');
  readonly #subscriptions: vscode.Disposable[] = [];
  #watchers: vscode.Disposable[] = [];
  #miniWatchers: vscode.Disposable[] = [];
  #miniFolders: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #files = new Set<string>();
  #saidUntrusted = false;
  #run = 0;

  constructor(host: LensHost, lazy: LazyModules, log: Log) {
    this.#host = host;
    this.#lazy = lazy;
    this.#log = log;
    const ours = (uri: vscode.Uri) => {
      const name = String(uri);
      if (this.#files.has(name) || this.#miniFolders.some(it => name.startsWith(`${it}/`))) this.#soon();
    };
    this.#subscriptions.push(
      this.#diagnostics,
      vscode.commands.registerCommand(CommandId.importSolutions, () => this.#import()),
      vscode.commands.registerCommand(CommandId.openNote, (uri: unknown, line: unknown) =>
        openNote(uri, line),
      ),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#soon()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#soon()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (
          event.affectsConfiguration('equationLens.solutions') ||
          event.affectsConfiguration('equationLens.packs')
        )
          this.#soon();
      }),
      // Live while the file is edited, saved or not.
      vscode.workspace.onDidChangeTextDocument(event => ours(event.document.uri)),
      vscode.workspace.onDidCloseTextDocument(document => ours(document.uri)),
    );
    this.#soon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const it of [...this.#watchers, ...this.#miniWatchers, ...this.#subscriptions]) it.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#load().catch((error: unknown) => this.#log.error(String(error)));
    }, DELAY);
  }

  async #load(): Promise<void> {
    const section = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    const notes = patterns(section.get('solutions'));
    const folders = patterns(section.get('packs'));
    if (!vscode.workspace.isTrusted) {
      const wanted = notes.length > 0 || folders.length > 0 || (await hidesSettings());
      if (wanted && !this.#saidUntrusted) {
        this.#saidUntrusted = true;
        const localizer = new Localizer(readSettings().language);
        void vscode.window.showInformationMessage(
          localizer.t('Your packs and solutions are off until you trust this workspace.'),
        );
      }
      return;
    }
    const run = ++this.#run;
    this.#watch(notes, folders);
    const noteFiles = await found(notes, '');
    const packFiles = await found(folders, '**/*.{yaml,yml}');
    const idle = noteFiles.length === 0 && packFiles.length === 0 && this.#files.size === 0;
    if (idle) return;
    const lens = await this.#host.lens();
    const { checkPack } = await this.#lazy.load('checkPack');
    const { importSolutions, systemOfFile } = await this.#lazy.load('importSolutions');
    const packs: PackPlace[] = [];
    const solutions: Solutions[] = [];
    const problems = new Map<string, readonly PackProblem[]>();
    const companions: vscode.Uri[] = [];
    for (const uri of packFiles) {
      const text = await this.#text(uri);
      if (text === undefined || !/^\s*["']?entries["']?\s*:/m.test(text)) continue;
      const path = vscode.workspace.asRelativePath(uri);
      const folder = vscode.Uri.joinPath(uri, '..');
      // As in the built-in packs, minis may stand in a file of their own.
      const companion = vscode.Uri.joinPath(folder, 'minis.yaml');
      const has = uri.path.endsWith('/pack.yaml') && (await exists(companion));
      const minisText = has ? await this.#text(companion) : undefined;
      if (has) companions.push(companion);
      const minis =
        minisText === undefined
          ? undefined
          : { path: vscode.workspace.asRelativePath(companion), text: minisText };
      const read = checkPack({ path, text }, minis);
      for (const [at, file] of [
        [uri, path],
        [companion, minis?.path],
      ] as const) {
        const own = read.problems.filter(it => it.file === file);
        if (file !== undefined) problems.set(String(at), [...(problems.get(String(at)) ?? []), ...own]);
      }
      for (const problem of read.problems) this.#log.warn(formatProblem(problem));
      if (read.pack) packs.push({ pack: read.pack, folder });
    }
    const taken = new Set<string>();
    for (const uri of noteFiles) {
      const text = await this.#text(uri);
      if (text === undefined) continue;
      const file = uri.path.split('/').at(-1) ?? '';
      let system = systemOfFile(file);
      for (let number = 2; taken.has(system); number++) system = `${systemOfFile(file)}-${number}`;
      taken.add(system);
      const read = importSolutions(text, lens.parser, { file, uri: String(uri), system });
      this.#log.info(reportText(file, read.report));
      solutions.push(read);
    }
    if (run !== this.#run) return;
    this.#files = new Set([...noteFiles, ...packFiles, ...companions].map(String));
    this.#diagnostics.clear();
    for (const [uri, list] of problems) this.#diagnostics.set(vscode.Uri.parse(uri), list.map(diagnosticOf));
    const minis = new OwnMinis(packs, run);
    this.#watchMinis(minis.folders());
    await this.#host.useLayers({ packs: packs.map(it => it.pack), solutions }, minis);
  }

  /** The text on screen before the text on disk. */
  async #text(uri: vscode.Uri): Promise<string | undefined> {
    const open = vscode.workspace.textDocuments.find(it => String(it.uri) === String(uri));
    if (open) return open.getText();
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size > MAX_BYTES) {
        this.#log.warn(`${uri.path} is larger than ${MAX_BYTES / 1e6} MB and is not read`);
        return undefined;
      }
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch (error) {
      this.#log.warn(`${uri.path}: ${String(error)}`);
      return undefined;
    }
  }

  #watch(notes: readonly string[], folders: readonly string[]): void {
    for (const it of this.#watchers) it.dispose();
    this.#watchers = [...notes, ...folders].flatMap(pattern => {
      const watched = watchPattern(pattern);
      if (!watched) return [];
      const watcher = vscode.workspace.createFileSystemWatcher(watched);
      const again = () => this.#soon();
      return [watcher, watcher.onDidChange(again), watcher.onDidCreate(again), watcher.onDidDelete(again)];
    });
  }

  #watchMinis(folders: readonly vscode.Uri[]): void {
    const names = folders.map(String);
    if (names.join() === this.#miniFolders.join()) return;
    this.#miniFolders = names;
    for (const it of this.#miniWatchers) it.dispose();
    this.#miniWatchers = folders.flatMap(folder => {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, '**/*.{py,onnx}'),
      );
      const again = () => this.#soon();
      return [watcher, watcher.onDidChange(again), watcher.onDidCreate(again), watcher.onDidDelete(again)];
    });
  }

  /** Adds a file to the setting, and shows what came of it. */
  async #import(): Promise<void> {
    const localizer = new Localizer(readSettings().language);
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        localizer.t('Your packs and solutions are off until you trust this workspace.'),
      );
      return;
    }
    const picked = await vscode.window.showOpenDialog({
      canSelectMany: true,
      filters: { Markdown: ['md', 'markdown'] },
      title: localizer.t('Import solutions'),
    });
    if (!picked || picked.length === 0) return;
    const { parser } = await this.#host.lens();
    const { importSolutions } = await this.#lazy.load('importSolutions');
    const reports: string[] = [];
    for (const uri of picked) {
      const text = await this.#text(uri);
      const file = uri.path.split('/').at(-1) ?? '';
      if (text !== undefined) reports.push(reportText(file, importSolutions(text, parser, { file }).report));
    }
    const section = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    const known = patterns(section.get('solutions'));
    const added = picked.map(uri => {
      const relative = vscode.workspace.asRelativePath(uri, false);
      return relative === uri.path || relative === uri.fsPath ? String(uri) : relative;
    });
    const target = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    await section.update('solutions', [...new Set([...known, ...added])], target);
    const content = reports.join('\n');
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content, language: 'plaintext' }),
    );
  }
}

const patterns = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(it => typeof it === 'string' && it.trim() !== '') : [];

/** A URI or an absolute path names one place; the rest are globs of the workspace. */
function placeOf(pattern: string): vscode.Uri | undefined {
  if (/^[a-z][\w+.-]+:\/\//i.test(pattern)) return vscode.Uri.parse(pattern);
  return /^(?:\/|[A-Za-z]:[\\/])/.test(pattern) ? vscode.Uri.file(pattern) : undefined;
}

/** Settings of a folder that is not trusted are kept from extensions: that there are some, their files say. */
async function hidesSettings(): Promise<boolean> {
  const files = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) =>
    vscode.Uri.joinPath(uri, '.vscode', 'settings.json'),
  );
  const { workspaceFile } = vscode.workspace;
  if (workspaceFile && workspaceFile.scheme !== 'untitled') files.push(workspaceFile);
  for (const file of files) {
    try {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
      if (/"equationLens\.(?:packs|solutions)"\s*:\s*\[\s*"/.test(text)) return true;
    } catch {
      // No settings in this folder.
    }
  }
  return false;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

function watchPattern(pattern: string): vscode.GlobPattern | undefined {
  const place = placeOf(pattern);
  if (place && !/[*?{]/.test(pattern)) {
    return new vscode.RelativePattern(
      vscode.Uri.joinPath(place, '..'),
      `${place.path.split('/').at(-1)}{,/**}`,
    );
  }
  if (place) return undefined;
  return `**/${pattern.replace(/^\.?\//, '')}{,/**}`;
}

async function found(list: readonly string[], below: string): Promise<vscode.Uri[]> {
  const files = new Map<string, vscode.Uri>();
  for (const pattern of list) {
    const place = placeOf(pattern);
    for (const uri of place ? await placesAt(place, below) : await globbed(pattern, below)) {
      if (files.size < MAX_FILES) files.set(String(uri), uri);
    }
  }
  return [...files.values()];
}

async function placesAt(place: vscode.Uri, below: string): Promise<vscode.Uri[]> {
  try {
    const { type } = await vscode.workspace.fs.stat(place);
    if (!(type & vscode.FileType.Directory)) return [place];
    return await vscode.workspace.findFiles(
      new vscode.RelativePattern(place, below || '**/*.md'),
      null,
      MAX_FILES,
    );
  } catch {
    // Not there (yet): the watcher tells when it is.
    return [];
  }
}

async function globbed(pattern: string, below: string): Promise<vscode.Uri[]> {
  const files: vscode.Uri[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    // `../shared/chapter.md` lies beside the workspace.
    const climbs = pattern.split('/').filter(it => it === '..').length;
    const base = vscode.Uri.joinPath(folder.uri, ...Array<string>(climbs).fill('..'));
    const rest = pattern.replace(/^(?:\.{1,2}\/)+/, '');
    const exact = /[*?{]/.test(rest) ? [] : await placesAt(vscode.Uri.joinPath(base, rest), below);
    if (exact.length > 0) files.push(...exact);
    else
      files.push(
        ...(await vscode.workspace.findFiles(new vscode.RelativePattern(base, rest), undefined, MAX_FILES)),
      );
  }
  return files;
}

function diagnosticOf(problem: PackProblem): vscode.Diagnostic {
  const { line, column, field, message, severity } = problem;
  const range = new vscode.Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(
    range,
    field ? `${field}: ${message}` : message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'Equation Lens';
  return diagnostic;
}

async function openNote(uri: unknown, line: unknown): Promise<void> {
  if (typeof uri !== 'string' || typeof line !== 'number') return;
  const at = new vscode.Position(Math.max(0, Math.floor(line) - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
}
