/** Between who builds graphs and the worker that holds onnxruntime-web. Plain data, so that it crosses any port. */
export type ToOrt =
  | {
      readonly type: 'create';
      readonly id: number;
      readonly session: number;
      readonly bytes: Uint8Array;
      readonly options: object;
    }
  | {
      readonly type: 'run';
      readonly id: number;
      readonly session: number;
      readonly feeds: Readonly<Record<string, PlainTensor>>;
      /** Names of the wanted outputs; all of them where absent. */
      readonly fetches: readonly string[] | undefined;
    }
  | { readonly type: 'release'; readonly id: number; readonly session: number };

export type FromOrt =
  /** onnxruntime-web and its backend have started: nobody need wait for them any more. */
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly outputs?: Readonly<Record<string, PlainTensor>> }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

/** A tensor as data; int64 as `BigInt64Array`, bool as `Uint8Array`. */
export interface PlainTensor {
  readonly type: 'float32' | 'int64' | 'bool';
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Uint8Array;
}

/** The part of a MessagePort that is used. */
export interface Port<In, Out> {
  onmessage: ((event: { readonly data: In }) => void) | null;
  postMessage(message: Out, transfer?: ArrayBuffer[]): void;
}
