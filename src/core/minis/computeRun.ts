import type { OrtRunner } from '../onnx/ortRunner.ts';
import type { TensorData } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import { type EvaluateOptions, evaluate, type Precision } from '../trace/kernels/evaluate.ts';
import type { NamedTensor, TracedEntry } from './traceEntry.ts';

/** A tensor with its numbers. */
export interface ComputedTensor {
  readonly name: string;
  /** torch's name of the element type. */
  readonly dtype: string;
  readonly data: TensorData;
}

export interface ComputedRun {
  readonly outputs: readonly ComputedTensor[];
  readonly steps: readonly {
    readonly id: string;
    readonly lines: readonly { readonly start: number; readonly end: number }[];
    readonly tensors: readonly ComputedTensor[];
  }[];
  readonly intermediates: readonly ComputedTensor[];
  readonly invariants: readonly { readonly id: string; readonly value: number; readonly holds: boolean }[];
  readonly ms: { readonly build: number; readonly session: number; readonly run: number };
}

/** Invariants are numbers that should be zero, measured in float32. */
const NEARLY_ZERO = 1e-4;

/** Numbers of a set of graph values. */
export type Engine = (
  traced: TracedEntry,
  wanted: readonly GraphValue[],
) => Promise<{ outputs: readonly TensorData[]; ms: ComputedRun['ms'] }>;

/**
 * The TypeScript kernels: no loading time, right at once. `float64` tells noise from a change of meaning.
 * @param beforeNode called before each operator; throws to stop
 */
export function kernelEngine(
  clock: () => number,
  precision: Precision = 'float32',
  beforeNode?: () => void,
): Engine {
  return async (traced, wanted) => {
    const started = clock();
    const options: EvaluateOptions = { precision, ...(beforeNode ? { beforeNode } : {}) };
    const outputs = evaluate(wanted, traced.session.feeds, options);
    return { outputs, ms: { build: 0, session: 0, run: clock() - started } };
  };
}

/** onnxruntime-web on whatever backend the runner was made for. */
export function ortEngine(runner: OrtRunner): Engine {
  return (traced, wanted) => runner.run(traced.session.graph, wanted, traced.session.feeds);
}

/** Computes everything that a traced run names, in one go. */
export async function computeRun(traced: TracedEntry, engine: Engine): Promise<ComputedRun> {
  const named: NamedTensor[] = [
    ...traced.outputs,
    ...traced.steps.flatMap(step => step.tensors),
    ...traced.intermediates,
    ...traced.invariants.map(invariant => invariant.measured),
  ];
  // Many names, few values: each is asked for once.
  const wanted = [...new Set(named.map(tensor => tensor.value))];
  const { outputs, ms } = await engine(traced, wanted);
  const dataOf = new Map(wanted.map((value, index) => [value, outputs[index]!] as const));
  const computed = (tensor: NamedTensor): ComputedTensor => ({
    name: tensor.name,
    dtype: tensor.dtype,
    data: dataOf.get(tensor.value)!,
  });
  return {
    outputs: traced.outputs.map(computed),
    steps: traced.steps.map(({ id, lines, tensors }) => ({ id, lines, tensors: tensors.map(computed) })),
    intermediates: traced.intermediates.map(computed),
    invariants: traced.invariants.map(({ id, measured }) => {
      const { dtype, data } = computed(measured);
      const value = Number(data.data[0] ?? Number.NaN);
      return { id, value, holds: dtype === 'bool' ? value !== 0 : Math.abs(value) < NEARLY_ZERO };
    }),
    ms,
  };
}
