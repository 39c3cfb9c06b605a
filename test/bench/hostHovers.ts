import * as vscode from 'vscode';
import type { Place } from './generatePython.ts';

/** Asks a provider at its own door. @returns true where there was a card */
export async function hoverBy(
  provider: vscode.HoverProvider,
  document: vscode.TextDocument,
  place: Place,
): Promise<boolean> {
  const cancel = new vscode.CancellationTokenSource();
  const position = new vscode.Position(place.line, place.character);
  return Boolean(await provider.provideHover(document, position, cancel.token));
}

export async function openPython(content: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'python', content });
}
