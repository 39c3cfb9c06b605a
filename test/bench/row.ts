/** One measured number. */
export interface BenchRow {
  /** What was measured on: a file, an entry, a panel. */
  readonly subject: string;
  readonly measure: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'kB' | '×' | 'files/s';
  /** What it should stay below. */
  readonly goal?: number;
  /** Where the goal comes from when it is not fixed. */
  readonly goalSource?: string;
}

/** A group of measurements; `run` may take as long as it needs and says what it is doing. */
export interface Bench {
  readonly name: string;
  readonly run: (say: (line: string) => void) => Promise<BenchRow[]>;
}

/** The q-th quantile (0…1) of unsorted samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** Median and 95th percentile as two rows. */
export function warmRows(subject: string, what: string, samples: readonly number[]): BenchRow[] {
  return [
    { subject, measure: `${what}, p50`, value: quantile(samples, 0.5), unit: 'ms' },
    { subject, measure: `${what}, p95`, value: quantile(samples, 0.95), unit: 'ms' },
  ];
}
