import type { StepTensor } from '../../src/core/explain/stepTensor.ts';

/** What the reader chose to run. */
export interface RunRequest {
  readonly entryId: string;
  readonly driver: string;
  readonly config: Readonly<Record<string, number | boolean | string>>;
  readonly seed: number;
  readonly weights: 'rule' | 'trained';
  /** Name of a planted sample; null for inputs by the rule. */
  readonly sample: string | null;
  readonly backend: 'auto' | 'webgpu' | 'wasm';
}

/** Which engine the numbers come from. `typescript` stands in until onnxruntime-web has loaded. */
export type Engine = 'typescript' | 'wasm' | 'webgpu';

export interface Refused {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly construct: string;
  readonly message: string;
  readonly hint?: string;
}

export interface SourceRun {
  readonly source: 'mini' | 'screen';
  readonly engine: Engine;
  /** Why not WebGPU, as a key of the panel's sentences; undefined when WebGPU ran or was not asked for. */
  readonly fallback?: string;
  readonly ms: {
    readonly trace: number;
    readonly build: number;
    readonly session: number;
    readonly run: number;
  };
  readonly outputs: readonly StepTensor[];
  readonly steps: readonly { readonly id: string; readonly tensors: readonly StepTensor[] }[];
  readonly invariants: readonly { readonly id: string; readonly value: number; readonly holds: boolean }[];
}

export interface StepVerdict {
  readonly id: string;
  readonly agrees: boolean;
  /** Largest absolute difference; null where one side has no tensor for the step. */
  readonly difference: number | null;
  /** Largest magnitude of the step's tensors, to read the difference against. */
  readonly size: number;
}

/** One run of both sources; either may be missing with the reason. */
export interface RunReport {
  readonly mini: SourceRun | null;
  readonly screen: SourceRun | null;
  readonly refused: { readonly mini?: Refused; readonly screen?: Refused };
  readonly verdict: {
    readonly agrees: boolean;
    readonly difference: number;
    /** Id of the first step that differs. */
    readonly firstDifferent: string | null;
    readonly steps: readonly StepVerdict[];
  } | null;
}
