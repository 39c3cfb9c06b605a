import type { FromOrt, PlainTensor, Port, ToOrt } from './ortMessages.ts';
import type { Ort, OrtSession, OrtTensor } from './ortRunner.ts';

interface Pending {
  resolve(outputs: Readonly<Record<string, PlainTensor>>): void;
  reject(error: Error): void;
}

type Question = ToOrt extends infer M ? (M extends ToOrt ? Omit<M, 'id'> : never) : never;

/** onnxruntime-web in another worker, behind a port: who runs graphs need not wait while it starts. Its other end is `OrtServer`. */
export class RemoteOrt implements Ort {
  readonly Tensor: Ort['Tensor'] = LocalTensor as unknown as Ort['Tensor'];
  readonly InferenceSession: Ort['InferenceSession'];
  /** Fulfilled when the other end has started; rejected when it is given up. */
  readonly ready: Promise<void>;
  readonly #port: Port<FromOrt, ToOrt>;
  readonly #pending = new Map<number, Pending>();
  #isReady: () => void = () => undefined;
  #isLost: (error: Error) => void = () => undefined;
  #lost: Error | undefined;
  #lastId = 0;
  #lastSession = 0;

  constructor(port: Port<FromOrt, ToOrt>) {
    this.#port = port;
    this.ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#isLost = reject;
    });
    // Whoever waits for it hears of it; nobody may.
    this.ready.catch(() => undefined);
    this.InferenceSession = { create: (bytes, options) => this.#create(bytes, options ?? {}) };
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** The other end will not answer any more: everything that waits for it fails, and whatever comes. */
  giveUp(reason: string): void {
    this.#lost = new Error(reason);
    this.#isLost(this.#lost);
    for (const { reject } of this.#pending.values()) reject(this.#lost);
    this.#pending.clear();
  }

  async #create(bytes: Uint8Array, options: object): Promise<OrtSession> {
    const session = ++this.#lastSession;
    await this.#ask({ type: 'create', session, bytes, options });
    return {
      run: async (feeds, fetches) => {
        const plain = feeds as unknown as Record<string, PlainTensor>;
        const outputs = await this.#ask({ type: 'run', session, feeds: plain, fetches });
        return outputs as Readonly<Record<string, OrtTensor>>;
      },
      release: async () => {
        await this.#ask({ type: 'release', session });
      },
    };
  }

  #ask(question: Question): Promise<Readonly<Record<string, PlainTensor>>> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#port.postMessage({ ...question, id } as ToOrt);
    });
  }

  #receive(message: FromOrt): void {
    if (message.type === 'ready') {
      this.#isReady();
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'failed') pending?.reject(new Error(message.message));
    else pending?.resolve(message.outputs ?? {});
  }
}

/** A tensor that is still here: plain data, as it will cross the port. */
class LocalTensor implements PlainTensor {
  readonly location = 'cpu';

  constructor(
    readonly type: PlainTensor['type'],
    readonly data: PlainTensor['data'],
    readonly dims: readonly number[],
  ) {}
}
