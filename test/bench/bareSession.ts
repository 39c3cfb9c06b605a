import { exportModel, feedName } from '../../src/core/onnx/exportModel.ts';
import type { Ort, OrtSession, OrtTensor } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import type { GraphValue } from '../../src/core/trace/graph/graph.ts';

/** The exported model alone: feeds made once, weights among them, no bookkeeping. */
export class BareSession {
  readonly #ort: Ort;
  readonly #session: OrtSession;
  readonly #feeds: Record<string, OrtTensor>;
  readonly #outputs: readonly string[];

  private constructor(
    ort: Ort,
    session: OrtSession,
    feeds: Record<string, OrtTensor>,
    outputs: readonly string[],
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#feeds = feeds;
    this.#outputs = outputs;
  }

  /** @returns undefined where everything is constant and there is nothing to run */
  static async open(
    ort: Ort,
    wanted: readonly GraphValue[],
    feeds: ReadonlyMap<string, TensorData>,
  ): Promise<BareSession | undefined> {
    const model = exportModel(wanted);
    if (model.constants.size === wanted.length) return undefined;
    const session = await ort.InferenceSession.create(model.bytes, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    const made: Record<string, OrtTensor> = {};
    for (const { origin, type } of model.inputs) {
      if (origin.kind !== 'input' && origin.kind !== 'parameter') continue;
      const data = feeds.get(origin.name);
      if (data) made[feedName(origin.name)] = ortTensor(ort, { ...data, type });
    }
    return new BareSession(ort, session, made, [...new Set(model.outputs.filter(name => name !== ''))]);
  }

  /** @param changed feeds by the tracer's name that are other than at the beginning */
  run(changed: Readonly<Record<string, TensorData>> = {}): Promise<Record<string, OrtTensor>> {
    const feeds = { ...this.#feeds };
    for (const [name, data] of Object.entries(changed)) {
      if (feedName(name) in feeds) feeds[feedName(name)] = ortTensor(this.#ort, data);
    }
    return this.#session.run(feeds, this.#outputs);
  }

  get outputs(): readonly string[] {
    return this.#outputs;
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

function ortTensor(ort: Ort, { type, shape, data }: TensorData): OrtTensor {
  if (type === 'int64')
    return new ort.Tensor('int64', BigInt64Array.from(data, value => BigInt(value)) as never, [...shape]);
  if (type === 'bool') return new ort.Tensor('bool', Uint8Array.from(data) as never, [...shape]);
  return new ort.Tensor('float32', Float32Array.from(data) as never, [...shape]);
}
