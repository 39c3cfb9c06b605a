import * as vscode from 'vscode';
import type { Alignment } from '../core/alignment/alignment.ts';
import type { Entry } from '../core/atlas/schema.ts';
import type { Match } from '../core/recognition/match.ts';
import { backgroundPace } from './backgroundPace.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';

/** The recognised function that holds the cursor. */
export interface CurrentFunction {
  readonly editor: vscode.TextEditor;
  readonly match: Match;
  readonly entry: Entry;
  readonly alignment: Alignment;
}

/** Waiting time after a move of the cursor or an edit: nothing flickers while a key is held down. */
const QUIET_MS = 80;

/** Follows the cursor; tells features (decorations, status bar, panel) which recognised function it is in. */
export class CurrentFunctionTracker implements vscode.Disposable {
  readonly #host: LensHost;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<CurrentFunction | undefined>();
  readonly #subscriptions: vscode.Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current: CurrentFunction | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(host: LensHost, log: Log) {
    this.#host = host;
    this.#log = log;
    const soon = () => this.#soon();
    this.#subscriptions = [
      this.#changed,
      vscode.window.onDidChangeActiveTextEditor(soon),
      vscode.window.onDidChangeTextEditorSelection(event => {
        if (event.textEditor === vscode.window.activeTextEditor) soon();
      }),
      vscode.workspace.onDidChangeTextDocument(event => {
        if (event.document === vscode.window.activeTextEditor?.document) soon();
      }),
      host.onDidChange(soon),
    ];
    soon();
  }

  get current(): CurrentFunction | undefined {
    return this.#current;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch((error: unknown) => this.#log.error(String(error)));
    }, QUIET_MS);
  }

  async #look(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    // The panel or the output took the focus: what the cursor was in stays current.
    if (!editor) return;
    this.#current = editor.document.languageId === 'python' ? await this.#at(editor) : undefined;
    this.#changed.fire(this.#current);
  }

  async #at(editor: vscode.TextEditor): Promise<CurrentFunction | undefined> {
    const lens = await this.#host.lens();
    const document = this.#host.source(editor.document);
    const match = lens.matchAt(document, editor.selection.active);
    // A long file was only glanced at; an edit that breaks a function must find its last good outline.
    lens.readInSlices(document, backgroundPace()).catch((error: unknown) => this.#log.error(String(error)));
    const entry = match && lens.atlas.entry(match.entryId);
    return match && entry && { editor, match, entry, alignment: lens.alignment(match) };
  }
}
