import * as vscode from 'vscode';
import type { SourceDocument, SourceProvider } from '../core/sources.ts';

/** Larger files are not model code that a person reads. */
const MAX_BYTES = 2_000_000;

/**
 * Python files around the one at hand, from open editors first, then from whatever file system the workspace lives in. What is read
 * stays inside the folder tree of the importing file: `..` may not climb out of the file system's root.
 */
export class WorkspaceSources implements SourceProvider, vscode.Disposable {
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.py');
  readonly #remotes = new Map<string, Promise<string | undefined>>();
  readonly #known = new Map<string, string>();
  /** A Python file on disk was changed, made or deleted. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();

  constructor() {
    this.onDidChange = this.#changed.event;
    this.#watcher.onDidChange(uri => this.#changed.fire(uri));
    this.#watcher.onDidCreate(uri => this.#changed.fire(uri));
    this.#watcher.onDidDelete(uri => this.#changed.fire(uri));
  }

  source(document: vscode.TextDocument): SourceDocument {
    const remote = this.#remoteOf(document.uri);
    return {
      uri: String(document.uri),
      version: document.version,
      path: document.isUntitled ? '' : document.uri.path,
      text: document.getText(),
      ...(remote === undefined ? {} : { remote }),
    };
  }

  async read(base: string, path: string): Promise<SourceDocument | undefined> {
    const folder = vscode.Uri.joinPath(vscode.Uri.parse(base), '..');
    const uri = vscode.Uri.joinPath(folder, path);
    const open = vscode.workspace.textDocuments.find(document => String(document.uri) === String(uri));
    if (open) return this.source(open);
    try {
      const stat = await vscode.workspace.fs.stat(uri);
      if ((stat.type & vscode.FileType.File) === 0 || stat.size > MAX_BYTES) return undefined;
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      const remote = this.#remoteOf(uri);
      return {
        uri: String(uri),
        version: `${stat.mtime}:${stat.size}`,
        path: uri.path,
        text,
        ...(remote === undefined ? {} : { remote }),
      };
    } catch {
      // No such file, or one that must not be read: to the core it is not there.
      return undefined;
    }
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  /** `owner/name` of the folder's git remote as far as it has been read; reading it never holds a hover up. */
  #remoteOf(uri: vscode.Uri): string | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder) return undefined;
    const key = String(folder.uri);
    if (!this.#remotes.has(key)) {
      const reading = readRemote(folder.uri);
      this.#remotes.set(key, reading);
      void reading.then(remote => {
        if (remote !== undefined) this.#known.set(key, remote);
      });
    }
    return this.#known.get(key);
  }
}

async function readRemote(folder: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, '.git', 'config'));
    const url = /url\s*=\s*(\S+)/.exec(new TextDecoder().decode(bytes))?.[1];
    return url && /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url)?.[1];
  } catch {
    return undefined;
  }
}
