import * as vscode from 'vscode';
import { noteFormatOfDocument } from './noteDocuments.ts';

/** Knows the note that was written in last, so that a card or the panel can add to it. */
export class NoteEditors implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #last:
    | { readonly document: vscode.TextDocument; readonly viewColumn: vscode.ViewColumn | undefined }
    | undefined;

  constructor() {
    const look = (editor: vscode.TextEditor | undefined) => {
      if (!editor) return;
      const format = noteFormatOfDocument(editor.document);
      // A text file may be anything; it is a note only while the cursor is in it.
      if (format !== undefined && format !== 'text') {
        this.#last = { document: editor.document, viewColumn: editor.viewColumn };
      }
    };
    look(vscode.window.activeTextEditor);
    this.#subscription = vscode.window.onDidChangeActiveTextEditor(look);
  }

  /** The active editor where it is a note, else the last one that still shows; undefined where there is none. */
  visible(): vscode.TextEditor | undefined {
    const active = vscode.window.activeTextEditor;
    if (active && noteFormatOfDocument(active.document) !== undefined) return active;
    return vscode.window.visibleTextEditors.find(editor => editor.document === this.#last?.document);
  }

  /** As `visible`; brings the last note back, or begins a new one in Markdown beside the code. */
  async open(): Promise<vscode.TextEditor> {
    const visible = this.visible();
    if (visible) return visible;
    const last = this.#last;
    if (last && !last.document.isClosed && last.document.uri.scheme !== 'vscode-notebook-cell') {
      return vscode.window.showTextDocument(last.document, {
        viewColumn: last.viewColumn ?? vscode.ViewColumn.Beside,
        preserveFocus: true,
        preview: false,
      });
    }
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: '' });
    return vscode.window.showTextDocument(document, {
      viewColumn: vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      preview: false,
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
