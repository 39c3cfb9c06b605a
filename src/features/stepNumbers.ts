import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import type { CurrentFunction, CurrentFunctionTracker } from './currentFunction.ts';
import { readSettings } from './settings.ts';

/** ①…⑳; more steps than that get plain numbers. */
function circled(number: number): string {
  return number <= 20 ? String.fromCodePoint(0x2460 + number - 1) : `(${number})`;
}

/** Numbers the steps of the function under the cursor, faintly, behind the first line of each. */
export class StepNumbers implements vscode.Disposable {
  readonly #type = vscode.window.createTextEditorDecorationType({});
  readonly #subscription: vscode.Disposable;
  #shown: vscode.TextEditor | undefined;

  constructor(tracker: CurrentFunctionTracker) {
    this.#subscription = tracker.onDidChange(current => this.#show(current));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#type.dispose();
  }

  #show(current: CurrentFunction | undefined): void {
    if (this.#shown && this.#shown !== current?.editor) this.#shown.setDecorations(this.#type, []);
    this.#shown = current?.editor;
    if (!current) return;
    const settings = readSettings(current.editor.document.uri);
    current.editor.setDecorations(
      this.#type,
      settings.stepNumbersEnabled ? decorations(current, new Localizer(settings.language)) : [],
    );
  }
}

function decorations(
  { entry, alignment }: CurrentFunction,
  localizer: Localizer,
): vscode.DecorationOptions[] {
  return alignment.steps.flatMap(placed => {
    const index = entry.steps.findIndex(step => step.id === placed.id);
    const step = entry.steps[index];
    const [first] = placed.ranges;
    if (!step || !first) return [];
    const end = new vscode.Position(first.start.line, Number.MAX_SAFE_INTEGER);
    return {
      range: new vscode.Range(end, end),
      renderOptions: {
        after: {
          contentText: `  ${circled(index + 1)} ${localizer.text(step.label)}`,
          color: new vscode.ThemeColor('editorCodeLens.foreground'),
          fontStyle: 'normal',
        },
      },
    };
  });
}
