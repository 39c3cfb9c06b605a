import type { StepTensor } from '../../src/core/explain/stepTensor.ts';
import type { ConfigValue } from '../../src/core/minis/configControls.ts';
import type { UnfitTensor } from '../../src/core/trace/traceFailure.ts';

/** What the reader chose to run. */
export interface RunRequest {
  readonly entryId: string;
  readonly driver: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly seed: number;
  readonly weights: 'rule' | 'trained';
  /** Name of a planted sample; null for inputs by the rule. */
  readonly sample: string | null;
  readonly backend: 'auto' | 'webgpu' | 'wasm';
}

/** Which engine the numbers come from. `typescript` stands in until onnxruntime-web has loaded. */
export type Engine = 'typescript' | 'wasm' | 'webgpu';

/** Why WebGPU did not run. */
export type Fallback =
  | 'no-gpu'
  | 'no-adapter'
  | 'software-adapter'
  | 'device-lost'
  | 'gpu-error'
  | 'no-runtime'
  | 'runtime-error'
  | 'chosen';

export interface Refused {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly construct: string;
  readonly message: string;
  readonly hint?: string;
  /** The tensor that does not fit the dims, where that is why. */
  readonly unfit?: UnfitTensor;
}

export interface InvariantResult {
  readonly id: string;
  /** What was measured; how far from what should be. */
  readonly value: number;
  readonly holds: boolean;
}

export interface SourceRun {
  readonly source: 'mini' | 'screen';
  readonly engine: Engine;
  /** Why not WebGPU; undefined when WebGPU ran. */
  readonly fallback?: Fallback;
  readonly ms: {
    readonly trace: number;
    readonly build: number;
    readonly session: number;
    readonly run: number;
  };
  readonly outputs: readonly StepTensor[];
  readonly steps: readonly {
    readonly id: string;
    /** 0-based lines of the source, inclusive. */
    readonly lines: readonly { readonly start: number; readonly end: number }[];
    readonly tensors: readonly StepTensor[];
  }[];
  /** 0-based lines of the function in its file, inclusive; null where it has none of its own. */
  readonly place: { readonly start: number; readonly end: number } | null;
  readonly invariants: readonly InvariantResult[];
  /** The graph in nodes, coloured by step in the diagram. */
  readonly graph: readonly GraphNodeView[];
}

export interface GraphNodeView {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  readonly step: string | null;
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

/** What the upstream check found for one source, or why it could not be made. */
export interface UpstreamCheck {
  readonly caseId: string;
  /** `openai/glide-text2im@69b5307`; empty for cases of plain arithmetic. */
  readonly upstream: string;
  /** Which engine computed it. */
  readonly engine: Engine;
  readonly sides: readonly {
    readonly source: 'mini' | 'screen';
    readonly difference: number;
    readonly agrees: boolean;
    readonly compared: number;
    readonly problem?: string;
  }[];
}
