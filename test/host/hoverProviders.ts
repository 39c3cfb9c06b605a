import * as vscode from 'vscode';

const caught: vscode.HoverProvider[] = [];
const register = vscode.languages.registerHoverProvider;

// Tests and extension share one `vscode` object, and this module is loaded before the extension is active.
(vscode.languages as { registerHoverProvider: typeof register }).registerHoverProvider = (
  selector,
  provider,
) => {
  caught.push(provider);
  return register.call(vscode.languages, selector, provider);
};

/** The hover providers that the extension registered, for what VS Code's own command cannot ask: cancellation. */
export function hoverProviders(): readonly vscode.HoverProvider[] {
  return caught;
}
