import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  FromPanelSchema,
  type RequestMethod,
  type RequestParams,
  type RequestResult,
  RequestSchemas,
  type Snapshot,
  type ToPanel,
} from '../core/protocol.ts';
import type { Range } from '../core/python/position.ts';
import type { Log } from './log.ts';

export type RequestHandlers = {
  readonly [M in RequestMethod]: (params: RequestParams<M>) => Promise<RequestResult<M>> | RequestResult<M>;
};

/** One panel: owns the webview and speaks the protocol; what to show and how to answer is handed in. */
export class ExplainPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #handlers: RequestHandlers;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable[];
  #snapshot: Snapshot;
  #ready = false;

  constructor(panel: vscode.WebviewPanel, snapshot: Snapshot, handlers: RequestHandlers, log: Log) {
    this.#panel = panel;
    this.#snapshot = snapshot;
    this.#handlers = handlers;
    this.#log = log;
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage(message => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away and loaded anew when shown: it says ready again.
        if (!panel.visible) this.#ready = false;
      }),
      panel.onDidDispose(() => this.dispose()),
    ];
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  /** Shows a new state, now or when the page is ready. */
  show(snapshot: Snapshot, title: string): void {
    this.#snapshot = snapshot;
    this.#panel.title = title;
    if (this.#ready) this.#post({ type: 'snapshot', snapshot });
  }

  sourceChanged(path: string, text: string | null): void {
    if (this.#ready) this.#post({ type: 'sourceChanged', path, text });
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  #receive(raw: unknown): void {
    const message = v.safeParse(FromPanelSchema, raw);
    if (!message.success) {
      this.#log.warn(`panel: a message of unknown form (${message.issues[0]?.message})`);
      return;
    }
    if (message.output.type === 'ready') {
      this.#ready = true;
      this.#post({ type: 'snapshot', snapshot: this.#snapshot });
      return;
    }
    const { id, method, params } = message.output;
    this.#answer(method, params).then(
      result => this.#post({ type: 'response', id, ok: true, result }),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#log.warn(`panel: ${method}: ${reason}`);
        this.#post({ type: 'response', id, ok: false, error: reason });
      },
    );
  }

  async #answer(method: string, params: unknown): Promise<unknown> {
    if (!isMethod(method)) throw new Error(`unknown request ${method}`);
    const checked = v.safeParse(RequestSchemas[method].params, params);
    if (!checked.success) throw new Error(`parameters of ${method} have another form than expected`);
    const handler = this.#handlers[method] as (params: unknown) => unknown;
    return handler(checked.output);
  }

  #post(message: ToPanel): void {
    void this.#panel.webview.postMessage(message);
  }
}

function isMethod(method: string): method is RequestMethod {
  return Object.hasOwn(RequestSchemas, method);
}

/** Ranges of the core as VS Code's. */
export function toVsRange(range: Range): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
