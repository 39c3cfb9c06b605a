import type { Pack } from '../atlas/schema.ts';

/** One thing in a note, and whether the import could use it. */
export interface ReportLine {
  /** In the note, from 1. */
  readonly line: number;
  readonly kind: 'exercise' | 'equation' | 'symbol' | 'function' | 'link' | 'text' | 'marker' | 'note';
  /** The thing itself, short: a name, the start of a formula. */
  readonly what: string;
  /** What became of it; absent where nothing did. */
  readonly used?: string;
  /** Why it is not used, one English sentence. */
  readonly unused?: string;
}

/** A formula of a note. */
export interface NoteFormula {
  readonly tex: string;
  /** In the note, from 1. */
  readonly line: number;
}

/** What an author writes about an exercise or entry: shown beside the entry's own equations. */
export interface AuthorNote {
  /** `6.5` */
  readonly exercise: string;
  /** Entries that the author names by a marker, or functions that are quoted; where empty, all of the exercise. */
  readonly entries: readonly string[];
  readonly equations: readonly NoteFormula[];
  /** The prose before the first of them, in the note's language. */
  readonly text: string;
  /** The note as a URI or path. */
  readonly uri: string;
  /** In the note, from 1. */
  readonly line: number;
}

/** A Markdown file of solutions, read. */
export interface Solutions {
  /** Absent where there is nothing to make a pack of. */
  readonly pack?: Pack;
  readonly notes: readonly AuthorNote[];
  /** The note as a URI or path. */
  readonly uri?: string;
  /** In the order of the note. */
  readonly report: readonly ReportLine[];
}
