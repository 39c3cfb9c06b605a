import * as vscode from 'vscode';

/** Files outside any workspace folder are read no further up than this many levels. */
const MAX_LEVELS = 6;

/**
 * The folder below which a document's imports are looked for: its workspace folder, else the folder that holds its topmost package
 * (`site-packages`). Undefined for untitled texts.
 */
export async function sourceRoot(document: vscode.TextDocument): Promise<vscode.Uri | undefined> {
  if (document.isUntitled) return undefined;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder) return folder.uri;
  let root = vscode.Uri.joinPath(document.uri, '..');
  for (let level = 0; level < MAX_LEVELS; level++) {
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, '__init__.py'));
    } catch {
      return root;
    }
    root = vscode.Uri.joinPath(root, '..');
  }
  return root;
}

/** Path of a document below its root, `/` between its parts; its file name where it has no root. */
export function pathBelow(root: vscode.Uri | undefined, uri: vscode.Uri): string {
  if (root && uri.path.startsWith(`${root.path.replace(/\/$/, '')}/`)) {
    return uri.path.slice(root.path.replace(/\/$/, '').length + 1);
  }
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** The file at a path below a root; undefined for a path that would leave it or is no Python file. */
export function uriBelow(root: vscode.Uri, path: string): vscode.Uri | undefined {
  const parts = path.split('/');
  if (!path.endsWith('.py') || parts.some(part => part === '..' || part === '' || part === '.'))
    return undefined;
  return vscode.Uri.joinPath(root, ...parts);
}
