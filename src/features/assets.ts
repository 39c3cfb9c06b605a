import * as vscode from 'vscode';

type ReadFile = (path: string) => Promise<Uint8Array>;

/** Reads what the build put beside the extension (`dist/`), in the desktop host and the web host alike. */
export class Assets {
  readonly #dist: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#dist = vscode.Uri.joinPath(extensionUri, 'dist');
  }

  /** @throws an error of the file system where the file is not part of the package. */
  async bytes(path: string): Promise<Uint8Array> {
    const file = vscode.Uri.joinPath(this.#dist, path);
    const fromDisk = file.scheme === 'file' ? diskOfNode() : undefined;
    return fromDisk ? fromDisk(file.fsPath) : vscode.workspace.fs.readFile(file);
  }

  async text(path: string): Promise<string> {
    return new TextDecoder().decode(await this.bytes(path));
  }

  /** The caller vouches for the type: the file was written by our own build. */
  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }
}

/**
 * Node's own way to a file, where the host is Node. VS Code's file service asks the window before it reads, and a window that has just
 * opened a file is too busy to answer at once.
 */
function diskOfNode(): ReadFile | undefined {
  const node = (globalThis as { process?: Pick<NodeJS.Process, 'getBuiltinModule'> }).process;
  return node?.getBuiltinModule?.('node:fs/promises').readFile;
}
