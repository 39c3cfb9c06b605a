import * as vscode from 'vscode';

/** What the bench asked this extension host to measure. */
export async function readTask<T>(folder: vscode.Uri): Promise<T> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'task.json'));
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** Leaves the measurements where the bench waits for them; under another name first, so that it never reads half of them. */
export async function writeMeasures(folder: vscode.Uri, measures: unknown): Promise<void> {
  const temporary = vscode.Uri.joinPath(folder, 'measures.json.new');
  await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(JSON.stringify(measures)));
  await vscode.workspace.fs.rename(temporary, vscode.Uri.joinPath(folder, 'measures.json'), {
    overwrite: true,
  });
}

/** The window itself is still starting, and takes both cores: what is measured then is the window. */
export async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, SETTLE_MS));
}

const SETTLE_MS = 10_000;
