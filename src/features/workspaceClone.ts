import * as vscode from 'vscode';
import { type GitClone, gitCloneOf } from '../core/notes/gitClone.ts';

/** Files of `.git` that are read are small; packed refs of a large repository stay below this. */
const MAX_BYTES = 16_000_000;

/** The git clone that a file lies in, read through whatever file system holds it; undefined outside any. */
export async function workspaceClone(uri: vscode.Uri): Promise<GitClone | undefined> {
  if (uri.scheme === 'untitled') return undefined;
  const folder = uri.path.slice(0, Math.max(0, uri.path.lastIndexOf('/')));
  return gitCloneOf(folder, async path => {
    try {
      const file = uri.with({ path, query: '', fragment: '' });
      const stat = await vscode.workspace.fs.stat(file);
      if ((stat.type & vscode.FileType.File) === 0 || stat.size > MAX_BYTES) return undefined;
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    } catch {
      return undefined;
    }
  });
}

/** Path of a file below its clone, `/` between its parts. */
export function pathInClone(clone: GitClone, uri: vscode.Uri): string {
  return uri.path.slice(clone.root.length + 1);
}
