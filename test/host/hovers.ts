import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { placeOf } from '../harness/place.ts';

/** Where in a document's text to hover; see `placeOf`. */
export type Search = Parameters<typeof placeOf>[1];

/** The hovers that VS Code would show at a place of a document, as Markdown. */
export async function hoversAt(document: vscode.TextDocument, search: Search): Promise<string[]> {
  const { line, column } = placeOf(document.getText(), search);
  const position = new vscode.Position(line - 1, column - 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers.flatMap(hover =>
    hover.contents.map(content => (typeof content === 'string' ? content : content.value)),
  );
}

/** All of them in one text; empty where there is none. */
export async function hoverText(document: vscode.TextDocument, search: Search): Promise<string> {
  return (await hoversAt(document, search)).join('\n');
}

/** The text a reader sees: without the data of the pictures. */
export function withoutPictures(markdown: string): string {
  return markdown.replace(/data:image\/[^)"\s|]+/g, 'picture');
}

export const attention: Search = { after: 'class QKVAttention', within: 'def forward', word: 'forward' };

/** The folder that is open: a copy of samples/. */
export function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first, 'a folder is open');
  return first.uri;
}

/** A sample of the open folder. */
export async function openSample(path: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), path));
}

/** Asks until `ask` gives something that `good` accepts; settings take a moment to arrive. */
export async function until<T>(ask: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await ask();
    if (good(value) || Date.now() > deadline) return value;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** Sets a setting of the workspace for the length of a test. */
export async function withSetting(name: string, value: unknown, test: () => Promise<void>): Promise<void> {
  const set = (to: unknown) =>
    vscode.workspace.getConfiguration('equationLens').update(name, to, vscode.ConfigurationTarget.Workspace);
  await set(value);
  try {
    await test();
  } finally {
    await set(undefined);
  }
}
