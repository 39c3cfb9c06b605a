import * as vscode from 'vscode';
import type { Place } from './generatePython.ts';

/** Hover providers that are registered from now on, caught while they register: the first is the extension's once it is activated. */
export function caughtHoverProviders(): readonly vscode.HoverProvider[] {
  const providers: vscode.HoverProvider[] = [];
  const register = vscode.languages.registerHoverProvider;
  (vscode.languages as { registerHoverProvider: typeof register }).registerHoverProvider = (
    selector,
    provider,
  ) => {
    providers.push(provider);
    return register.call(vscode.languages, selector, provider);
  };
  return providers;
}

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
