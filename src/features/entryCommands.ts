import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';

/** Commands about one entry: given by a card's link, or else the one at the cursor. */
export function registerEntryCommands(host: LensHost): vscode.Disposable {
  const register = (command: CommandId, run: (entryId: string, localizer: Localizer) => Promise<void>) =>
    vscode.commands.registerCommand(command, async (given?: unknown) => {
      const localizer = new Localizer(readSettings().language);
      const entryId = typeof given === 'string' ? given : await entryAtCursor(host);
      if (entryId !== undefined) await run(entryId, localizer);
      else
        void vscode.window.showInformationMessage(
          localizer.t('No equation is known for the code at the cursor.'),
        );
    });
  return vscode.Disposable.from(
    register(CommandId.copyLatex, (entryId, localizer) => copyLatex(host, entryId, localizer)),
    register(CommandId.muteEntry, muteEntry),
    register(CommandId.reportWrongCard, (entryId, localizer) => reportWrongCard(host, entryId, localizer)),
    vscode.commands.registerCommand(CommandId.unmuteEntries, unmuteEntries),
  );
}

/** The entry of the call or function at the cursor, else of the function around it. */
export async function entryAtCursor(host: LensHost): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'python') return undefined;
  const lens = await host.lens();
  const source = host.source(editor.document);
  const sighting = await lens.sightingAt(source, editor.selection.active);
  return (sighting?.match ?? lens.matchAt(source, editor.selection.active))?.entryId;
}

async function copyLatex(host: LensHost, entryId: string, localizer: Localizer): Promise<void> {
  const entry = (await host.lens()).atlas.entry(entryId);
  if (!entry) return;
  await vscode.env.clipboard.writeText(entry.equations.map(equation => equation.tex).join('\n\n'));
  vscode.window.setStatusBarMessage(localizer.t('LaTeX of “{0}” copied', localizer.text(entry.title)), 3000);
}

async function muteEntry(entryId: string, localizer: Localizer): Promise<void> {
  const { mutedEntries } = readSettings();
  if (!mutedEntries.includes(entryId)) await saveMuted([...mutedEntries, entryId]);
  const undo = localizer.t('Undo');
  const answer = await vscode.window.showInformationMessage(
    localizer.t('Cards of {0} are muted.', entryId),
    undo,
  );
  if (answer === undo) await saveMuted(readSettings().mutedEntries.filter(id => id !== entryId));
}

async function unmuteEntries(): Promise<void> {
  const { mutedEntries, language } = readSettings();
  const localizer = new Localizer(language);
  if (mutedEntries.length === 0) {
    void vscode.window.showInformationMessage(localizer.t('No card is muted.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick([...mutedEntries], {
    canPickMany: true,
    placeHolder: localizer.t('Cards to show again'),
  });
  if (chosen) await saveMuted(mutedEntries.filter(id => !chosen.includes(id)));
}

async function saveMuted(entries: readonly string[]): Promise<void> {
  await vscode.workspace
    .getConfiguration(SETTINGS_SECTION)
    .update('mutedEntries', entries, vscode.ConfigurationTarget.Global);
}

/** A text to copy into a report; nothing is sent, and no code is in it. */
async function reportWrongCard(host: LensHost, entryId: string, localizer: Localizer): Promise<void> {
  const lens = await host.lens();
  const editor = vscode.window.activeTextEditor;
  const match =
    editor && lens.matches(host.source(editor.document)).find(candidate => candidate.entryId === entryId);
  const lines = [
    `# ${localizer.t('A wrong card')}`,
    '',
    `- ${localizer.t('Entry')}: ${entryId}`,
    ...(match
      ? [
          `- ${localizer.t('Function')}: ${match.function.qualname}`,
          `- ${localizer.t('Confidence')}: ${match.confidence.toFixed(3)}`,
          ...match.evidence.map(({ kind, weight, detail }) => `  - ${kind} ${weight.toFixed(2)}: ${detail}`),
        ]
      : []),
    `- ${localizer.t('What it should be')}: `,
    '',
  ];
  const document = await vscode.workspace.openTextDocument({
    language: 'markdown',
    content: lines.join('\n'),
  });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}
