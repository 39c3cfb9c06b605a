import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';
import type { CurrentFunctionTracker } from './currentFunction.ts';
import { readSettings } from './settings.ts';

/** The equation under the cursor, in the status bar; hidden where there is none. */
export function registerStatusItem(tracker: CurrentFunctionTracker): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('equationLens.current', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Equation Lens';
  item.command = CommandId.explainBlock;
  const subscription = tracker.onDidChange(current => {
    if (!current) {
      item.hide();
      return;
    }
    const localizer = new Localizer(readSettings().language);
    item.text = `∑ ${localizer.text(current.entry.title)}`;
    const unplaced = current.alignment.unplaced.length;
    const steps = localizer.t(
      '{0} of {1} steps placed',
      current.entry.steps.length - unplaced,
      current.entry.steps.length,
    );
    item.tooltip = `${current.entry.id} · ${steps}\n${localizer.t('Explain this block')}`;
    item.accessibilityInformation = {
      label: `${localizer.t('Equation')}: ${localizer.text(current.entry.title)}`,
    };
    item.show();
  });
  return vscode.Disposable.from(item, subscription);
}
