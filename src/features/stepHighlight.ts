import * as vscode from 'vscode';
import type { CodeSnapshot } from '../core/protocol.ts';
import { toVsRange } from './explainPanel.ts';

/** The lines of a step, lit up in every editor that shows them. */
export class StepHighlight implements vscode.Disposable {
  readonly #type = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  });

  dispose(): void {
    this.#type.dispose();
  }

  /** @param step null for no step: the light goes out */
  show(document: vscode.TextDocument | undefined, code: CodeSnapshot | null, step: string | null): void {
    const ranges = rangesOf(code, step);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.#type, ranges);
    }
  }
}

/** Brings the first lines of a step into view without taking the focus. */
export async function revealStep(
  document: vscode.TextDocument,
  code: CodeSnapshot | null,
  step: string | null,
): Promise<void> {
  const [target] = rangesOf(code, step);
  if (!target) return;
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  if (shown) {
    shown.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return;
  }
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(target.start, target.start),
    viewColumn: vscode.ViewColumn.One,
    preserveFocus: true,
  });
}

function rangesOf(code: CodeSnapshot | null, step: string | null): vscode.Range[] {
  return code?.steps.find(candidate => candidate.id === step)?.ranges.map(toVsRange) ?? [];
}
