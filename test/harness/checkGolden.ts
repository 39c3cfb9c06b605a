import { type ComputedTensor, computeRun, type Engine } from '../../src/core/minis/computeRun.ts';
import type { GoldenCase, GoldenTensor } from '../../src/core/minis/goldenCase.ts';
import type { TracedEntry } from '../../src/core/minis/traceEntry.ts';

/** A golden case beside a run of it. */
export interface GoldenVerdict {
  readonly ok: boolean;
  /** Largest absolute difference over outputs and intermediates. */
  readonly difference: number;
  /** The same as a share of the tolerance atol 2e-5 + rtol 1e-5 · |golden|; above 1 it is wrong. */
  readonly share: number;
  /** Where the share is largest. */
  readonly where: string;
  readonly compared: number;
  /** Outputs and intermediates that nothing answers to, with the reason. */
  readonly unmatched: readonly string[];
}

/** Compares every output and every intermediate of a case with a traced run's. */
export async function checkGolden(
  golden: GoldenCase,
  traced: TracedEntry,
  engine: Engine,
): Promise<GoldenVerdict> {
  const run = await computeRun(traced, engine);
  const unmatched: string[] = [];
  let [difference, share, where, compared, ok] = [0, 0, '', 0, true];
  const judge = (wanted: GoldenTensor, found: ComputedTensor | undefined, lacking: string) => {
    if (!found) {
      unmatched.push(`${wanted.name}: ${lacking}`);
      return;
    }
    compared++;
    const values = wanted.values ?? [];
    if (found.data.shape.join() !== wanted.shape.join() || found.data.data.length !== values.length) {
      [ok, share, difference] = [false, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      where = `${wanted.name} has the shape [${found.data.shape.join(', ')}], golden [${wanted.shape.join(', ')}]`;
      return;
    }
    for (const [i, raw] of values.entries()) {
      const [a, b] = [Number(found.data.data[i]), Number(raw)];
      if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
      const gap = Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b);
      if (gap > difference) difference = gap;
      const part = gap / (2e-5 + 1e-5 * Math.abs(b));
      if (part <= share) continue;
      share = part;
      where = `${wanted.name}[${i}] is ${a}, golden ${b}`;
    }
  };
  for (const output of golden.outputs) {
    judge(
      output,
      run.outputs.find(candidate => candidate.name === output.name),
      'no such output',
    );
  }
  for (const intermediate of golden.intermediates ?? []) {
    const selector = traced.spec.driver.intermediates?.[intermediate.name];
    judge(
      intermediate,
      run.intermediates.find(candidate => candidate.name === intermediate.name),
      selector === undefined ? 'the driver names none' : `${selector} is not assigned in this code`,
    );
  }
  const lost = golden.outputs.some(output => unmatched.some(it => it.startsWith(`${output.name}: `)));
  return { ok: ok && share <= 1 && !lost, difference, share, where, compared, unmatched };
}
