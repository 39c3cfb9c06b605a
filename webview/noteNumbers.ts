import { formatNumber } from '../src/core/explain/formatNumber.ts';
import { tensorStats } from '../src/core/explain/stepTensor.ts';
import type { NoteNumber } from '../src/core/notes/noteContent.ts';
import type { RunReport } from './runner/runTypes.ts';

/** Outputs of at most this many elements are written out, larger ones by their extremes. */
const WRITTEN_OUT = 4;

/** The outputs of the last run, for a note. */
export function noteNumbers(report: RunReport | null): NoteNumber[] {
  const run = report?.screen ?? report?.mini;
  return (run?.outputs ?? []).map(tensor => {
    const { min, max } = tensorStats(tensor);
    const value =
      tensor.values.length <= WRITTEN_OUT
        ? Array.from(tensor.values, formatNumber).join(', ')
        : `${formatNumber(min)} … ${formatNumber(max)}`;
    return { name: tensor.name, shape: `[${tensor.shape.join(', ')}]`, value };
  });
}
