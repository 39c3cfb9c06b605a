import type { Range } from '../python/position.ts';

/** Where the steps of a matched entry stand in this document. */
export interface Alignment {
  readonly entryId: string;
  readonly steps: readonly PlacedStep[];
  /** Ids of steps that no statement fits: reported, never guessed. */
  readonly unplaced: readonly string[];
  /** Those of them where a statement is all but the step, with another operation in its place. */
  readonly contradicted: readonly string[];
  readonly differences: readonly PlacedDifference[];
  /** Names of the pack that this document calls otherwise: `weight` → `attn`. */
  readonly renames: ReadonlyMap<string, string>;
}

export interface PlacedStep {
  readonly id: string;
  readonly equation: string;
  /** One range per contiguous group of statements, in source order. */
  readonly ranges: readonly Range[];
  /** Indexes into `FunctionOutline.statements`. */
  readonly statements: readonly number[];
  readonly confidence: number;
}

/** A difference between code and paper that the entry declares and this document shows. */
export interface PlacedDifference {
  readonly id: string;
  readonly ranges: readonly Range[];
}
