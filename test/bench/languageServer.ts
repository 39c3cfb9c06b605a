import { type ChildProcess, spawn } from 'node:child_process';

/** As much of a language client as a hover needs, over standard input and output. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  #next = 1;
  #buffer = Buffer.alloc(0);

  /** Starts the server that answers on its standard output. */
  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  request<T>(method: string, params: unknown): Promise<T> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, answer => {
        if (answer.error) reject(new Error(`${method}: ${JSON.stringify(answer.error)}`));
        else resolve(answer.result as T);
      });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('close', resolve));
    this.#child.kill();
    await ended;
  }

  #send(message: unknown): void {
    const body = Buffer.from(JSON.stringify(message));
    this.#child.stdin?.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin?.write(body);
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, head).toString())?.[1]);
      const end = head + 4 + length;
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, end).toString('utf8'));
      this.#buffer = this.#buffer.subarray(end);
      this.#handle(message);
    }
  }

  #handle(message: { id?: number; method?: string; params?: { items?: unknown[] } }): void {
    if (message.method !== undefined) {
      // The server asks for its configuration and registers capabilities: nothing is configured here.
      if (message.id !== undefined) {
        const result =
          message.method === 'workspace/configuration' ? message.params?.items?.map(() => null) : null;
        this.#send({ jsonrpc: '2.0', id: message.id, result });
      }
      return;
    }
    if (message.id === undefined) return;
    this.#waiting.get(message.id)?.(message as { result?: unknown });
    this.#waiting.delete(message.id);
  }
}
