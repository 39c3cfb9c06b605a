import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import { scaffoldPack } from '../core/recognition/scaffoldPack.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';
import { pathBelow, sourceRoot } from './sourceRoot.ts';
import { pathInClone, workspaceClone } from './workspaceClone.ts';

/** *New pack from this function*: the beginnings of an entry in a new file, which becomes one of the reader's packs when it is saved. */
export class NewPack implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #host: LensHost;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable[];
  /** New packs that were not saved yet, by path. */
  readonly #fresh = new Set<string>();

  constructor(extensionUri: vscode.Uri, host: LensHost, log: Log) {
    this.#extensionUri = extensionUri;
    this.#host = host;
    this.#log = log;
    const careful = (run: () => Promise<unknown>) =>
      run().catch((error: unknown) => {
        this.#log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        const reason = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(
          new Localizer(readSettings().language).t('The pack could not be made: {0}', reason),
        );
      });
    this.#subscriptions = [
      vscode.commands.registerCommand(CommandId.newPack, () => careful(() => this.#create())),
      vscode.workspace.onDidSaveTextDocument(document => {
        if (this.#fresh.delete(document.uri.path)) void careful(() => this.#use(document.uri));
      }),
    ];
  }

  dispose(): void {
    for (const it of this.#subscriptions) it.dispose();
  }

  async #create(): Promise<void> {
    const localizer = new Localizer(readSettings().language);
    const editor = vscode.window.activeTextEditor;
    const document = editor?.document;
    if (document?.languageId !== 'python') {
      void vscode.window.showInformationMessage(localizer.t('Put the cursor into a Python function first.'));
      return;
    }
    const lens = await this.#host.lens();
    const outline = lens.outline(this.#host.source(document));
    const fn = functionAt(outline.functions, editor?.selection.active.line ?? 0);
    if (!fn) {
      void vscode.window.showInformationMessage(localizer.t('Put the cursor into a Python function first.'));
      return;
    }
    const root = await sourceRoot(document);
    const clone = await workspaceClone(document.uri);
    const repo = clone?.web === undefined ? undefined : /([\w.-]+\/[\w.-]+)$/.exec(clone.web)?.[1];
    const name = repo?.split('/').at(-1) ?? root?.path.split('/').at(-1) ?? '';
    const content = scaffoldPack(outline, fn, {
      path: clone ? pathInClone(clone, document.uri) : pathBelow(root, document.uri),
      lines: document.getText().split(/\r?\n/),
      // Never the name of a built-in pack: what is half filled in must not go for one of its entries.
      system: `my-${name}`,
      schema: String(vscode.Uri.joinPath(this.#extensionUri, 'docs/schemas/pack.schema.json')),
      ...(repo === undefined ? {} : { repo }),
      ...(clone?.commit === undefined ? {} : { commit: clone.commit }),
    });
    const opened = await this.#open(document.uri, fn, content);
    const shown = await vscode.window.showTextDocument(opened, { viewColumn: vscode.ViewColumn.Beside });
    const at = opened.getText().indexOf("tex: '") + "tex: '".length;
    const line = opened.lineAt(opened.positionAt(at).line);
    shown.selection = new vscode.Selection(
      opened.positionAt(at),
      line.range.end.translate(0, line.text.endsWith("'") ? -1 : 0),
    );
    shown.revealRange(line.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    const said = vscode.workspace.isTrusted
      ? localizer.t('Fill in the equation; saved, the pack is one of yours and its card appears.')
      : localizer.t('Your packs and solutions are off until you trust this workspace.');
    void vscode.window.showInformationMessage(said);
  }

  /** Beside nothing that is there already; without a folder, a text that asks for its place when it is saved. */
  async #open(near: vscode.Uri, fn: FunctionOutline, content: string): Promise<vscode.TextDocument> {
    const folder = vscode.workspace.getWorkspaceFolder(near) ?? vscode.workspace.workspaceFolders?.[0];
    if (!folder) return vscode.workspace.openTextDocument({ language: 'yaml', content });
    const base = (fn.className ?? fn.name).replace(/\W+/g, '-');
    let file = vscode.Uri.joinPath(folder.uri, `${base}.lens.yaml`);
    for (let number = 2; await this.#taken(file); number++)
      file = vscode.Uri.joinPath(folder.uri, `${base}-${number}.lens.yaml`);
    const document = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), content);
    await vscode.workspace.applyEdit(edit);
    this.#fresh.add(file.path);
    return document.languageId === 'yaml'
      ? document
      : vscode.languages.setTextDocumentLanguage(document, 'yaml');
  }

  async #taken(file: vscode.Uri): Promise<boolean> {
    if (vscode.workspace.textDocuments.some(it => it.uri.path === file.path)) return true;
    return vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
  }

  /** A saved pack joins the setting, unless a folder of it is there already. */
  async #use(uri: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted || uri.scheme === 'untitled') return;
    const section = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    const known = section.get<string[]>('packs') ?? [];
    const path = vscode.workspace.asRelativePath(uri, false);
    if (known.some(it => path === it || path.startsWith(`${it.replace(/\/$/, '')}/`))) return;
    const set = (packs: readonly string[]) =>
      section.update('packs', packs, vscode.ConfigurationTarget.Workspace);
    await set([...known, path]);
    const localizer = new Localizer(readSettings().language);
    const undo = localizer.t('Undo');
    const answer = await vscode.window.showInformationMessage(
      localizer.t('{0} is one of your packs now.', path),
      undo,
    );
    if (answer === undo) await set(known);
  }
}

/** The innermost function around a line. */
function functionAt(functions: readonly FunctionOutline[], line: number): FunctionOutline | undefined {
  return functions
    .filter(({ range }) => range.start.line <= line && line <= range.end.line)
    .sort((a, b) => a.range.start.line - b.range.start.line)
    .at(-1);
}
