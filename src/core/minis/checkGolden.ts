import { ATOL, RTOL } from './comparePair.ts';
import type { ComputedRun, ComputedTensor } from './computeRun.ts';
import type { GoldenCase, GoldenTensor } from './goldenCase.ts';

export interface GoldenCheck {
  /** Largest absolute difference of any output or intermediate that was found. */
  readonly difference: number;
  readonly agrees: boolean;
  /** How many tensors were compared. */
  readonly compared: number;
  /** Name of the tensor that differs most; null when all are equal. */
  readonly worst: string | null;
  /** Golden tensors that the run has no answer to. */
  readonly missing: readonly string[];
}

/** A run of a golden case against the numbers that the upstream function gave. */
export function checkGolden(golden: GoldenCase, run: ComputedRun): GoldenCheck {
  let difference = 0;
  let agrees = true;
  let compared = 0;
  let worst: string | null = null;
  const missing: string[] = [];
  const look = (expected: GoldenTensor, found: ComputedTensor | undefined): void => {
    if (!expected.values) return;
    if (!found || found.data.data.length !== expected.values.length) {
      missing.push(expected.name);
      return;
    }
    compared++;
    expected.values.forEach((value, index) => {
      const want = Number(value);
      const got = Number(found.data.data[index]);
      if (want === got || (Number.isNaN(want) && Number.isNaN(got))) return;
      const gap = Math.abs(want - got);
      if (!(gap <= ATOL + RTOL * Math.abs(want))) agrees = false;
      if (!(gap <= difference)) {
        difference = gap;
        worst = expected.name;
      }
    });
  };
  for (const expected of golden.outputs) {
    look(
      expected,
      run.outputs.find(tensor => tensor.name === expected.name),
    );
  }
  for (const expected of golden.intermediates ?? []) {
    look(
      expected,
      run.intermediates.find(tensor => tensor.name === expected.name),
    );
  }
  return { difference, agrees, compared, worst, missing };
}
