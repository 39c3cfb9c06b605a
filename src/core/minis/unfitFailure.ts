import type { TraceFailure, UnfitTensor } from '../trace/traceFailure.ts';

/** What Python and torch raise where sizes do not go together. */
const SIZES = new Set(['RuntimeError', 'ValueError', 'IndexError', 'AssertionError']);

/**
 * The failure of a run, told by what was made for other dims where that is the cause: a driver that asks for an input which was left out
 * because its listed numbers do not fit, or a sample's tensor of another shape than the driver's.
 */
export function unfitFailure(failure: TraceFailure, unfit: readonly UnfitTensor[]): TraceFailure {
  if (failure.kind !== 'exception') return failure;
  const left = unfit.find(({ kind, name }) => kind === 'listed' && asksFor(failure, name));
  const cause =
    left ?? (SIZES.has(failure.construct) ? unfit.find(({ kind }) => kind === 'planted') : undefined);
  // What a sample plants may have another shape on purpose: what was raised stays readable beside it.
  if (!cause) return failure;
  const message = left ? unfitSentence(cause) : `${unfitSentence(cause)} (${failure.message})`;
  return { ...failure, message, unfit: cause };
}

/** Trained weights of another shape than the model's. */
export function unfitWeights(unfit: UnfitTensor): TraceFailure {
  const message = unfitSentence(unfit);
  return {
    kind: 'exception',
    file: '',
    line: 0,
    column: 0,
    endLine: 0,
    endColumn: 0,
    construct: 'ValueError',
    message,
    unfit,
    traceback: `ValueError: ${message}`,
  };
}

function unfitSentence({ kind, name, has, needs }: UnfitTensor): string {
  const [given, wanted] = [has.join(', '), needs.join(', ')];
  if (kind === 'listed')
    return `The input ${name} lists ${given} values, which do not fit the shape [${wanted}].`;
  if (kind === 'planted')
    return `The sample gives ${name} the shape [${given}], these dims need [${wanted}].`;
  return `The trained weights have ${name} in the shape [${given}], these dims need [${wanted}].`;
}

function asksFor({ construct, message }: TraceFailure, name: string): boolean {
  return construct === 'KeyError' && message === `'${name}'`;
}
