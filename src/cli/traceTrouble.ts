import type { TraceFailure } from '../core/trace/traceFailure.ts';
import { InputError } from './command.ts';

/** One sentence about a run that stopped, with its place; lines count from 1. */
export function failureSentence(failure: TraceFailure): string {
  const { file, line, column, construct, message, hint } = failure;
  const place = file ? `${file}:${line + 1}:${column + 1}: ` : '';
  const said = message.startsWith(construct) ? message : `${construct}: ${message}`;
  return `${place}${said}${hint === undefined ? '' : ` (${hint})`}`.replaceAll('\n', ' ');
}

/**
 * A failure that is the input's fault, not a refusal of ours, as an error of the command line: exit code 2.
 * @param driver name of the driver that ran
 * @param path the file that it was run on
 */
export function inputFault(failure: TraceFailure, driver: string, path: string): InputError {
  const unfit = ['TypeError', 'AttributeError'].includes(failure.construct) && failure.file === 'driver.py';
  if (unfit) {
    return new InputError(
      `the driver ${driver} does not fit ${path}: ${failure.message} (line ${failure.line + 1} of the driver)`,
    );
  }
  if (failure.construct === 'KeyError' && failure.file === 'driver.py') {
    return new InputError(
      `the driver ${driver} reads ${failure.message.replace(/^KeyError: /, '')}, which neither the inputs nor the config give (line ${failure.line + 1} of the driver)`,
    );
  }
  return new InputError(failureSentence(failure));
}
