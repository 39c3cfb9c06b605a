import * as vscode from 'vscode';

/** Reads what the build put beside the extension (`dist/`), in the desktop host and the web host alike. */
export class Assets {
  readonly #dist: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#dist = vscode.Uri.joinPath(extensionUri, 'dist');
  }

  /** @throws a FileSystemError where the file is not part of the package. */
  async bytes(path: string): Promise<Uint8Array> {
    return vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#dist, path));
  }

  /** The caller vouches for the type: the file was written by our own build. */
  async json<T>(path: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(path))) as T;
  }
}
