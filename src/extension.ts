import * as vscode from 'vscode';
import { Assets } from './features/assets.ts';
import { AtlasView } from './features/atlasView.ts';
import { CardPictureStore } from './features/cardPictureStore.ts';
import { EquationCodeLensProvider } from './features/codeLens.ts';
import { CommandId } from './features/commandIds.ts';
import { CurrentFunctionTracker } from './features/currentFunction.ts';
import { registerEntryCommands } from './features/entryCommands.ts';
import { Explain } from './features/explain.ts';
import { registerGoToEquation } from './features/goToEquation.ts';
import { EquationHoverProvider } from './features/hover.ts';
import { registerInsertEquation } from './features/insertEquation.ts';
import { LazyModules } from './features/lazyModules.ts';
import { LensHost } from './features/lensHost.ts';
import { NewPack } from './features/newPack.ts';
import { NoteCompletionProvider } from './features/noteCompletions.ts';
import { NoteEditors } from './features/noteEditors.ts';
import { NoteEquations } from './features/noteEquations.ts';
import { NoteHoverProvider } from './features/noteHover.ts';
import { NoteLinkProvider } from './features/noteLinks.ts';
import { NotePermalinks } from './features/notePermalinks.ts';
import { registerStatusItem } from './features/statusItem.ts';
import { StepNumbers } from './features/stepNumbers.ts';
import { UserAtlas } from './features/userAtlas.ts';
import { registerWhyThisCard } from './features/whyThisCard.ts';
import { WorkspaceScan } from './features/workspaceScan.ts';

/** What the extension does, feature by feature; desktop and web host alike. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Equation Lens', { log: true });
  const assets = new Assets(context.extensionUri);
  const lazy = new LazyModules(assets);
  const host = new LensHost(assets, lazy, output);
  const pictures = new CardPictureStore(assets, lazy, output);
  const scan = new WorkspaceScan(host, output);
  const notes = new NoteEditors();
  const noteEquations = new NoteEquations(host);
  const tracker = new CurrentFunctionTracker(host, output);

  context.subscriptions.push(
    output,
    host,
    scan,
    tracker,
    EquationHoverProvider.register(host, pictures, output),
    EquationCodeLensProvider.register(host, output),
    AtlasView.register(host, scan),
    new StepNumbers(tracker),
    registerStatusItem(tracker),
    registerGoToEquation(host, scan),
    registerEntryCommands(host),
    new Explain(context.extensionUri, host, scan, tracker, assets, lazy, output),
    notes,
    registerInsertEquation(host, scan, pictures, notes, lazy, output),
    NoteCompletionProvider.register(host, pictures, output),
    NoteHoverProvider.register(host, noteEquations, pictures, output),
    NoteLinkProvider.register(host, noteEquations, output),
    new NotePermalinks(host, output),
    new UserAtlas(host, lazy, output),
    new NewPack(context.extensionUri, host, output),
    registerWhyThisCard(host, output),
    vscode.commands.registerCommand(CommandId.showOutput, () => output.show()),
  );
  host.prepare();
}
