import type { TensorRule } from './tensorByRule.ts';

/** A tensor as a golden case lists it: by rule, with its numbers, or the same as another one. */
export interface GoldenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: string;
  readonly rule?: TensorRule | 'tied';
  readonly vocab?: number;
  readonly values?: readonly (number | string)[];
}

/** One file of `test/fixtures/goldens`: what an upstream function gave for inputs and weights by the rule. */
export interface GoldenCase {
  readonly id: string;
  readonly entry: string;
  readonly seed: number;
  readonly upstream?: { readonly repo: string; readonly commit: string; readonly file: string } | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: readonly GoldenTensor[];
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: readonly GoldenTensor[];
  readonly intermediates?: readonly GoldenTensor[];
}
