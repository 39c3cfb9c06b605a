import type { FromOrt, PlainTensor, Port, ToOrt } from './ortMessages.ts';
import type { Ort, OrtSession, OrtTensor } from './ortRunner.ts';

/** Answers a `RemoteOrt` with the real onnxruntime-web, one question after the other: it has one queue. */
export class OrtServer {
  readonly #ort: Ort;
  readonly #port: Port<ToOrt, FromOrt>;
  readonly #sessions = new Map<number, OrtSession>();
  #queue: Promise<void> = Promise.resolve();

  /** @param started what the other end is told of when it is fulfilled; questions wait for it, too */
  constructor(ort: Ort, port: Port<ToOrt, FromOrt>, started: Promise<void>) {
    this.#ort = ort;
    this.#port = port;
    this.#queue = started.then(() => port.postMessage({ type: 'ready' }));
    port.onmessage = ({ data }) => {
      this.#queue = this.#queue.then(() => this.#answer(data));
    };
  }

  async #answer(question: ToOrt): Promise<void> {
    const { id } = question;
    try {
      if (question.type === 'create') {
        const { session, bytes, options } = question;
        this.#sessions.set(session, await this.#ort.InferenceSession.create(bytes, options));
        this.#port.postMessage({ type: 'done', id });
      } else if (question.type === 'run') {
        const outputs = await this.#run(question);
        const buffers = Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer);
        this.#port.postMessage({ type: 'done', id, outputs }, [...new Set(buffers)]);
      } else {
        const session = this.#sessions.get(question.session);
        this.#sessions.delete(question.session);
        await session?.release();
        this.#port.postMessage({ type: 'done', id });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#port.postMessage({ type: 'failed', id, message });
    }
  }

  async #run({
    session: id,
    feeds,
    fetches,
  }: Extract<ToOrt, { type: 'run' }>): Promise<Record<string, PlainTensor>> {
    const session = this.#sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(feeds))
      inputs[name] = new this.#ort.Tensor(type, data as never, dims);
    const fetched = await session.run(inputs, fetches);
    const outputs: Record<string, PlainTensor> = {};
    for (const [name, tensor] of Object.entries(fetched)) {
      outputs[name] = await plain(tensor);
      tensor.dispose?.();
    }
    for (const tensor of Object.values(inputs)) tensor.dispose?.();
    return outputs;
  }
}

/** Numbers in a buffer of their own, wherever they were, so that it can be handed over. */
async function plain(tensor: OrtTensor): Promise<PlainTensor> {
  const isHere = tensor.location === 'cpu' || !tensor.getData;
  const raw = (isHere ? tensor.data : await tensor.getData!()) as PlainTensor['data'];
  // A part of WebAssembly's memory cannot be handed over.
  const data = raw.byteLength === raw.buffer.byteLength ? raw : raw.slice();
  return { type: tensor.type as PlainTensor['type'], dims: [...tensor.dims], data };
}
