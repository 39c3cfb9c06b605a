import * as vscode from 'vscode';
import { Assets } from './features/assets.ts';
import { CardPictureStore } from './features/cardPictureStore.ts';
import { CommandId } from './features/commandIds.ts';
import { registerEntryCommands } from './features/entryCommands.ts';
import { EquationHoverProvider } from './features/hover.ts';
import { LensHost } from './features/lensHost.ts';
import { registerWhyThisCard } from './features/whyThisCard.ts';

/** What the extension does, feature by feature; desktop and web host alike. Nothing is loaded before it is needed. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Equation Lens', { log: true });
  const assets = new Assets(context.extensionUri);
  const host = new LensHost(assets, output);
  const pictures = new CardPictureStore(assets, output);

  context.subscriptions.push(
    output,
    host,
    EquationHoverProvider.register(host, pictures, output),
    registerEntryCommands(host),
    registerWhyThisCard(host, output),
    vscode.commands.registerCommand(CommandId.showOutput, () => output.show()),
  );
}
