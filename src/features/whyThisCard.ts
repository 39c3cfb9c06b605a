import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import { readSettings } from './settings.ts';

/** How many candidates that lost are worth a line. */
const RUNNERS_UP = 3;

/** Prints, for the function at the cursor, what spoke for its card (or why there is none) and what came next. */
export function registerWhyThisCard(host: LensHost, output: vscode.OutputChannel): vscode.Disposable {
  return vscode.commands.registerCommand(CommandId.whyThisCard, async () => {
    const localizer = new Localizer(readSettings().language);
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'python') {
      void vscode.window.showInformationMessage(localizer.t('Put the cursor into a Python function first.'));
      return;
    }
    const lens = await host.lens();
    const source = host.source(editor.document);
    const sighting = await lens.sightingAt(source, editor.selection.active);
    const match = sighting?.match ?? lens.matchAt(source, editor.selection.active);
    const judgements = lens.judgementsAt(source, editor.selection.active);
    output.appendLine('');
    if (match) {
      output.appendLine(
        localizer.t(
          '{0} is {1}, confidence {2}:',
          match.function.qualname,
          match.entryId,
          match.confidence.toFixed(3),
        ),
      );
      for (const { kind, weight, detail } of match.evidence) {
        output.appendLine(`  ${weight >= 0 ? '+' : '−'}${Math.abs(weight).toFixed(2)}  ${kind}: ${detail}`);
      }
    } else {
      output.appendLine(localizer.t('No card for the function at the cursor.'));
    }
    const others = judgements.filter(judgement => judgement.entryId !== match?.entryId).slice(0, RUNNERS_UP);
    if (others.length > 0) output.appendLine(localizer.t('Next in line:'));
    for (const { entryId, confidence, rejected } of others) {
      output.appendLine(`  ${entryId} ${confidence.toFixed(3)}${rejected ? ` — ${rejected}` : ''}`);
    }
    output.show(true);
  });
}
