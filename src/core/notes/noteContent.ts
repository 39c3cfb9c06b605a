import type { Entry } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import type { Permalink } from './permalink.ts';

/** A number that the mini's last run showed: `A`, `[2, 3, 4]`, `min 0.1, max 0.9, mean 0.25`. */
export interface NoteNumber {
  readonly name: string;
  readonly shape: string;
  readonly value: string;
}

/** Everything that could go into a note; what is absent is left out and said. */
export interface NoteContent {
  readonly entry: Entry;
  /** Ids of the equations that are wanted; all of the entry's where absent. */
  readonly equations?: readonly string[];
  readonly permalink?: Permalink;
  /** The function's source, dedented. */
  readonly code?: string;
  readonly numbers?: readonly NoteNumber[];
  readonly localizer: Localizer;
}

/** `$$`, or GitHub's fence with the word math. */
export type MathStyle = 'dollars' | 'fence';
