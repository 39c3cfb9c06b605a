import type { OwnMini } from '../../src/core/minis/ownMini.ts';
import type { Engine, Refused, RunReport, RunRequest, UpstreamCheck } from './runTypes.ts';

/** Between the panel's page and its workers. Everything is plain data; numbers travel as transferable buffers. */
export type ToWorker =
  | {
      readonly type: 'init';
      readonly treeSitter: ArrayBuffer;
      readonly grammar: ArrayBuffer;
      /** JSON in UTF-8: path → text. */
      readonly pylib: ArrayBuffer;
      /** Likewise our minis: `glide/mini/unet.py` → text. */
      readonly minis: ArrayBuffer;
      /** Leads to onnxruntime-web, which says when it is ready. */
      readonly ort: MessagePort;
    }
  /** onnxruntime-web could not be fetched, or has broken down. */
  | { readonly type: 'runtimeLost'; readonly reason: string }
  /** The files of an entry's own mini; they come before the run that needs them. */
  | {
      readonly type: 'ownMini';
      readonly entryId: string;
      readonly token: string;
      readonly own: OwnMini;
    }
  | { readonly type: 'weights'; readonly name: string; readonly bytes: ArrayBuffer }
  | {
      readonly type: 'run';
      readonly id: number;
      readonly request: RunRequest;
      /** The entry as its pack has it. */
      readonly entry: unknown;
      /** Folder of the pack: `glide`. */
      readonly system: string;
      /** Name of the state of the entry's own mini; null for ours. */
      readonly own: string | null;
      readonly screen: { readonly path: string; readonly qualname: string } | null;
    }
  /** Runs a stored golden case of the entry, on screen where there is one, and compares with upstream's numbers. */
  | {
      readonly type: 'check';
      readonly id: number;
      readonly entry: unknown;
      readonly system: string;
      /** Name of the state of the entry's own mini; null for ours. */
      readonly own: string | null;
      readonly screen: { readonly path: string; readonly qualname: string } | null;
      readonly goldenCase: unknown;
      readonly backend: 'auto' | 'webgpu' | 'wasm';
    }
  /** Draws a picture from a caption, or counts how many of a kind of prompts come out right. */
  | {
      readonly type: 'draw';
      readonly job: DrawJob;
      readonly entry: unknown;
      readonly system: string;
      /** Name of the state of the entry's own mini; null for ours. */
      readonly own: string | null;
      readonly screen: { readonly path: string; readonly qualname: string } | null;
      readonly backend: 'auto' | 'webgpu' | 'wasm';
    }
  /** Answers a question about the picture of a caption. */
  | {
      readonly type: 'answer';
      readonly caption: string;
      readonly question: string;
      readonly entry: unknown;
      readonly system: string;
      /** Name of the state of the entry's own mini; null for ours. */
      readonly own: string | null;
      readonly screen: { readonly path: string; readonly qualname: string } | null;
      readonly backend: 'auto' | 'webgpu' | 'wasm';
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Texts of the reader's files as far as they are known; null where there is no such file. */
  | { readonly type: 'files'; readonly files: Readonly<Record<string, string | null>> };

/** The one message to onnxruntime-web's worker; all the rest comes through the port. */
export interface OrtStart {
  /** onnxruntime-web's WebAssembly, gzipped. */
  readonly packedWasm: ArrayBuffer;
  /** What is started at once. */
  readonly backend: 'auto' | 'webgpu' | 'wasm';
  readonly port: MessagePort;
}

export interface DrawJob {
  readonly prompts: readonly string[];
  readonly kind: 'one' | 'single' | 'pair' | 'heldout';
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
}

/** How far a drawing or a count has come; `picture` is [3, 16, 16] in -1…1. */
export interface DrawUpdate {
  readonly source: 'mini' | 'screen';
  readonly done: number;
  readonly all: number;
  readonly picture?: Float32Array;
  /** Of a finished picture or count: how many of how many are right, by demand. */
  readonly right?: Readonly<Record<string, number>>;
  readonly scored?: number;
  readonly ms?: number;
  readonly engine?: Engine;
}

export type FromWorker =
  | { readonly type: 'ready' }
  /** The run needs these files of the reader before it can go on. */
  | { readonly type: 'needFiles'; readonly paths: readonly string[] }
  | { readonly type: 'needWeights'; readonly name: string }
  /** Numbers: first from the TypeScript kernels (`final` false), then from onnxruntime-web. */
  | { readonly type: 'report'; readonly id: number; readonly report: RunReport; readonly final: boolean }
  | { readonly type: 'checked'; readonly id: number; readonly check: UpstreamCheck }
  | { readonly type: 'drawn'; readonly update: DrawUpdate }
  | {
      readonly type: 'answered';
      readonly picture: Float32Array;
      readonly answers: readonly { readonly source: 'mini' | 'screen'; readonly text: string }[];
    }
  | { readonly type: 'toolFailed'; readonly message: string }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly refused?: Refused };
