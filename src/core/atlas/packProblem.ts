/** Something wrong with a pack, said in one line. */
export interface PackProblem {
  /** As the reader knows the file. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Dotted path of the field: `entries.3.steps.0.match`. Empty where the file itself is at fault. */
  readonly field: string;
  readonly message: string;
  /** A warning leaves the pack in use. */
  readonly severity: 'error' | 'warning';
}

/** `packs/glide/pack.yaml:12:5 entries.0.exercises.0: write exercises as strings: "6.10"` */
export function formatProblem(problem: PackProblem): string {
  const field = problem.field ? ` ${problem.field}` : '';
  return `${problem.file}:${problem.line}:${problem.column}${field}: ${problem.message}`;
}
