import type { Alignment } from '../core/alignment/alignment.ts';
import type { Range } from '../core/python/position.ts';
import type { Evidence, Match } from '../core/recognition/match.ts';

/** One item of `recognize --json`; `docs/schemas/recognize.schema.json`. Lines are 1-based and inclusive. */
export interface RecognizedFunction {
  /** Relative to the argument. */
  readonly path: string;
  readonly qualname: string;
  /** Of `def`. */
  readonly line: number;
  readonly entry: string;
  readonly confidence: number;
  /** Ids of the entry's variants that hold, joined by `, `; null where it is upstream's own form. */
  readonly variant: string | null;
  readonly evidence: readonly Evidence[];
  /** One item per stretch of lines: a step in two places comes twice. */
  readonly steps: readonly (Lines & { readonly id: string; readonly equation: string })[];
  readonly differences: readonly (Lines & { readonly id: string })[];
  /** Ids of steps that stand nowhere in this function. */
  readonly unplaced: readonly string[];
}

interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

export function recognizedFunction(path: string, match: Match, alignment: Alignment): RecognizedFunction {
  return {
    path,
    qualname: match.function.qualname,
    line: match.function.nameRange.start.line + 1,
    entry: match.entryId,
    confidence: match.confidence,
    variant: match.variants.length > 0 ? match.variants.join(', ') : null,
    evidence: match.evidence,
    steps: alignment.steps.flatMap(step =>
      step.ranges.map(range => ({ id: step.id, equation: step.equation, ...lines(range) })),
    ),
    differences: alignment.differences.flatMap(it =>
      it.ranges.map(range => ({ id: it.id, ...lines(range) })),
    ),
    unplaced: alignment.unplaced,
  };
}

const lines = (range: Range): Lines => ({ startLine: range.start.line + 1, endLine: range.end.line + 1 });
