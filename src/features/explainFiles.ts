import * as vscode from 'vscode';
import { pathBelow, uriBelow } from './sourceRoot.ts';

/** The document at an address; undefined when it cannot be opened (any more). */
export async function openDocument(uri: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  } catch {
    return undefined;
  }
}

/** Text of a Python file below a root for the tracer's imports: what stands in an editor, else what is on disk; null for none. */
export async function readSource(
  document: vscode.TextDocument | undefined,
  root: vscode.Uri | undefined,
  path: string,
): Promise<string | null> {
  if (!document) return null;
  if (path === pathBelow(root, document.uri)) return document.getText();
  const uri = root && uriBelow(root, path);
  if (!uri) return null;
  const shown = vscode.workspace.textDocuments.find(candidate => String(candidate.uri) === String(uri));
  if (shown) return shown.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

/** Asks where to save and writes there; false when the reader cancels. */
export async function saveFile(name: string, base64: string): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {},
  );
  if (!target) return false;
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  await vscode.workspace.fs.writeFile(target, bytes);
  return true;
}
