import type { FunctionOutline } from '../python/outline.ts';
import type { Position } from '../python/position.ts';

/** One reason for or against: kept so that the hover and the command line can say why. */
export interface Evidence {
  readonly kind:
    | 'name'
    | 'class'
    | 'path'
    | 'bases'
    | 'siblings'
    | 'parameters'
    | 'attributes'
    | 'calls'
    | 'operators'
    | 'literals'
    | 'imports'
    | 'remote'
    | 'required'
    | 'forbidden';
  /** Contribution to the score; negative where it speaks against. */
  readonly weight: number;
  /** What was seen, in code terms only (no sentence to translate): `QKVAttention`, `parameters qkv, encoder_kv`. */
  readonly detail: string;
}

/** An entry recognised in a document. */
export interface Match {
  readonly entryId: string;
  readonly function: FunctionOutline;
  /** 0…1. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  /** Ids of the entry's variants that hold here (differences named in the pack). */
  readonly variants: readonly string[];
  /** The next best entry and its score, for "Why this card?". */
  readonly runnerUp?: { readonly entryId: string; readonly confidence: number };
}

/** What a document shows at a position, beside the matched function itself. */
export type Sighting =
  | { readonly kind: 'definition'; readonly match: Match }
  | { readonly kind: 'call'; readonly entryId: string; readonly callee: string; readonly at: Position }
  | { readonly kind: 'symbol'; readonly match: Match; readonly name: string; readonly at: Position };
