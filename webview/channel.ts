import * as v from 'valibot';
import {
  type FromPanel,
  type RequestMethod,
  type RequestParams,
  type RequestResult,
  RequestSchemas,
  type ToPanel,
  ToPanelSchema,
} from '../src/core/protocol.ts';

/** How long an answer may take; a remote connection that is down must not leave a spinner for ever. */
const TIMEOUT_MS = 15_000;
/** These ask the reader, who may take as long as they like. */
const UNHURRIED: readonly RequestMethod[] = ['saveFile', 'runCommand'];

export interface PanelPort {
  post(message: FromPanel): void;
  onMessage(listener: (message: unknown) => void): void;
}

interface Waiting {
  readonly method: RequestMethod;
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** The panel's end of the conversation: requests as promises, pushes to one listener. */
export class Channel {
  readonly #port: PanelPort;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(port: PanelPort, onPush: (message: Exclude<ToPanel, { type: 'response' }>) => void) {
    this.#port = port;
    port.onMessage(raw => {
      const parsed = v.safeParse(ToPanelSchema, raw);
      if (!parsed.success) {
        console.warn('Equation Lens: a message of unknown form', parsed.issues[0]?.message);
        return;
      }
      if (parsed.output.type === 'response') this.#settle(parsed.output);
      else onPush(parsed.output);
    });
  }

  ready(): void {
    this.#port.post({ type: 'ready' });
  }

  /** @throws when the extension answers with an error, with something of another form, or not in time */
  request<M extends RequestMethod>(method: M, params: RequestParams<M>): Promise<RequestResult<M>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = UNHURRIED.includes(method)
        ? undefined
        : setTimeout(() => {
            this.#waiting.delete(id);
            reject(new Error(`${method}: no answer within ${TIMEOUT_MS / 1000} s`));
          }, TIMEOUT_MS);
      this.#waiting.set(id, { method, resolve: value => resolve(value as RequestResult<M>), reject, timer });
      this.#port.post({ type: 'request', id, method, params });
    });
  }

  #settle(response: Extract<ToPanel, { type: 'response' }>): void {
    const waiting = this.#waiting.get(response.id);
    if (!waiting) return; // It came after the timeout.
    this.#waiting.delete(response.id);
    clearTimeout(waiting.timer);
    if (!response.ok) {
      waiting.reject(new Error(response.error));
      return;
    }
    const result = v.safeParse(RequestSchemas[waiting.method].result, response.result);
    if (result.success) waiting.resolve(result.output);
    else waiting.reject(new Error(`${waiting.method}: the answer has another form than expected`));
  }
}
