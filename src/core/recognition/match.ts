import type { PlacedStep } from '../alignment/alignment.ts';
import type { EquationSymbol } from '../atlas/schema.ts';
import type { FunctionOutline } from '../python/outline.ts';
import type { Position, Range } from '../python/position.ts';

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
    | 'changed'
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
  /** Statements that upstream has with another sign, number, order or axis; only where the text is at hand. */
  readonly changed: readonly Range[];
  /** The next best entry and its score, for "Why this card?". */
  readonly runnerUp?: { readonly entryId: string; readonly confidence: number };
}

/** What a document shows at a position. */
export type Sighting = DefinitionSighting | CallSighting | SymbolSighting;

/** The name of a recognised function where it is defined. */
export interface DefinitionSighting {
  readonly kind: 'definition';
  readonly match: Match;
  /** The word at the position. */
  readonly range: Range;
}

/** A call of a recognised function, or of a class or module whose `forward` is one. */
export interface CallSighting {
  readonly kind: 'call';
  readonly entryId: string;
  /** As written: `self.attention`. */
  readonly callee: string;
  readonly at: Position;
  readonly range: Range;
  /** The function that is called, in the document that defines it. */
  readonly match: Match;
  readonly uri: string;
}

/** A variable inside a recognised function that holds a symbol of the equation. */
export interface SymbolSighting {
  readonly kind: 'symbol';
  readonly match: Match;
  /** As written: `q`, `self.logit_scale`. */
  readonly name: string;
  readonly at: Position;
  readonly range: Range;
  readonly symbol: EquationSymbol;
  /** The step whose lines hold the position. */
  readonly step?: PlacedStep;
}
