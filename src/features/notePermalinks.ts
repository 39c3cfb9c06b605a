import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import type { GitClone } from '../core/notes/gitClone.ts';
import { movedLine, notedFunction } from '../core/notes/movedPermalinks.ts';
import { type NotedPermalink, notedPermalinks } from '../core/notes/permalink.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { noteFormatOfDocument } from './noteDocuments.ts';
import { linesOf } from './notedCode.ts';
import { readSettings } from './settings.ts';
import { pathInClone, workspaceClone } from './workspaceClone.ts';

const MAX_CHARACTERS = 3_000_000;
const MAX_LINKS = 300;
/** How much of a note above a link is searched for the marker of its equation. */
const ABOVE = 6000;
const PAUSE_MS = 400;
const SOURCE = 'Equation Lens';
const CODE = 'moved-permalink';

/** The file of a permalink in a clone of the workspace. */
interface LinkedFile {
  readonly uri: vscode.Uri;
  readonly clone: GitClone;
}

interface Fix {
  readonly range: vscode.Range;
  readonly text: string;
  readonly title: string;
}

/** Warns where the lines of a noted permalink have moved in the clone that is open, and brings them up to date. */
export class NotePermalinks implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #host: LensHost;
  readonly #log: Log;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('equationLens.notes');
  readonly #fixes = new Map<string, readonly (Fix & { diagnostic: vscode.Diagnostic })[]>();
  readonly #subscriptions: vscode.Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LensHost, log: Log) {
    this.#host = host;
    this.#log = log;
    const isOfInterest = ({ document }: { document: vscode.TextDocument }) =>
      document.languageId === 'python' || noteFormatOfDocument(document) !== undefined;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.py');
    const soon = () => this.#soon();
    this.#subscriptions = [
      this.#diagnostics,
      watcher,
      watcher.onDidChange(soon),
      watcher.onDidCreate(soon),
      watcher.onDidDelete(soon),
      vscode.workspace.onDidOpenTextDocument(document => isOfInterest({ document }) && soon()),
      vscode.workspace.onDidChangeTextDocument(event => isOfInterest(event) && soon()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#diagnostics.delete(uri);
        this.#fixes.delete(String(uri));
      }),
      vscode.languages.registerCodeActionsProvider({ pattern: '**' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    soon();
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const fixes = this.#fixes.get(String(document.uri)) ?? [];
    return context.diagnostics
      .filter(({ source, code }) => source === SOURCE && code === CODE)
      .flatMap(diagnostic => {
        const fix = fixes.find(candidate => candidate.diagnostic.range.isEqual(diagnostic.range));
        if (!fix) return [];
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        action.edit.replace(document.uri, fix.range, fix.text);
        action.diagnostics = [diagnostic];
        action.isPreferred = true;
        return [action];
      });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#checkAll().catch((error: unknown) => this.#log.error(String(error)));
    }, PAUSE_MS);
  }

  async #checkAll(): Promise<void> {
    const files = new Map<string, Promise<LinkedFile | undefined>>();
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isClosed && noteFormatOfDocument(document) !== undefined)
        await this.#check(document, files);
    }
  }

  async #check(
    document: vscode.TextDocument,
    files: Map<string, Promise<LinkedFile | undefined>>,
  ): Promise<void> {
    const { version, uri } = document;
    const end = document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
    const text = end > MAX_CHARACTERS ? '' : document.getText();
    const found: { diagnostic: vscode.Diagnostic; fix?: Fix }[] = [];
    for (const link of notedPermalinks(text).slice(0, MAX_LINKS)) {
      const key = `${link.repository}/${link.path}`;
      let file = files.get(key);
      if (!file) {
        file = linkedFile(link);
        files.set(key, file);
      }
      const linked = await file;
      const judged = linked && (await this.#judge(document, text, link, linked));
      if (judged) found.push(judged);
    }
    // An edit came meanwhile: another check is on its way.
    if (document.isClosed || document.version !== version) return;
    this.#diagnostics.set(
      uri,
      found.map(({ diagnostic }) => diagnostic),
    );
    this.#fixes.set(
      String(uri),
      found.flatMap(({ diagnostic, fix }) => (fix ? [{ ...fix, diagnostic }] : [])),
    );
  }

  async #judge(
    document: vscode.TextDocument,
    text: string,
    link: NotedPermalink,
    { uri, clone }: LinkedFile,
  ): Promise<{ diagnostic: vscode.Diagnostic; fix?: Fix } | undefined> {
    const lens = await this.#host.lens();
    const code = await vscode.workspace.openTextDocument(uri);
    const functions = lens
      .outline(this.#host.source(code))
      .functions.map(fn => ({ qualname: fn.qualname, ...linesOf(fn) }));
    const line = document.lineAt(document.positionAt(link.offset).line);
    const above = text.slice(
      Math.max(0, document.offsetAt(line.range.start) - ABOVE),
      document.offsetAt(line.range.start),
    );
    const now = notedFunction(line.text, above, functions, id => lens.atlas.entry(id)?.upstream?.qualname);
    if (!now || (now.start === link.start && now.end === link.end)) return undefined;
    const localizer = new Localizer(readSettings().language);
    const range = new vscode.Range(
      document.positionAt(link.offset),
      document.positionAt(link.offset + link.length),
    );
    const diagnostic = new vscode.Diagnostic(
      range,
      localizer.t(
        '{0} has moved: lines {1}–{2} now, {3}–{4} in this note.',
        now.qualname,
        now.start,
        now.end,
        link.start,
        link.end,
      ),
      vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = SOURCE;
    diagnostic.code = CODE;
    const url = text.slice(link.offset, link.offset + link.length);
    const lines = {
      start: now.start,
      end: now.end,
      ...(clone.commit === undefined ? {} : { commit: clone.commit }),
    };
    const title = localizer.t(
      'Update to lines {0}–{1}, commit {2}',
      now.start,
      now.end,
      (clone.commit ?? link.commit).slice(0, 7),
    );
    return { diagnostic, fix: { range: line.range, text: movedLine(line.text, link, url, lines), title } };
  }
}

/** The file of the workspace at a permalink's path, in a clone of the permalink's repository. */
async function linkedFile({ repository, path }: NotedPermalink): Promise<LinkedFile | undefined> {
  if (!path.endsWith('.py')) return undefined;
  const pattern = `**/${path.replace(/[[\]{}*?]/g, '?')}`;
  for (const uri of await vscode.workspace.findFiles(pattern, '**/{node_modules,site-packages}/**', 20)) {
    const clone = await workspaceClone(uri);
    if (clone?.repository?.toLowerCase() === repository.toLowerCase() && pathInClone(clone, uri) === path) {
      return { uri, clone };
    }
  }
  return undefined;
}
