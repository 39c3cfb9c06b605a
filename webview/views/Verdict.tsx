import type { Entry } from '../../src/core/atlas/schema.ts';
import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Refused, RunReport } from '../runner/runTypes.ts';

interface VerdictProps {
  readonly entry: Entry;
  readonly report: RunReport | null;
  readonly localizer: Localizer;
  onSelectStep(step: string): void;
  onGoTo(refused: Refused): void;
}

/** "screen = equation", or the first step that differs, or why the code on screen could not be traced. */
export function Verdict({ entry, report, localizer, onSelectStep, onGoTo }: VerdictProps) {
  if (!report) return null;
  const { screen, mini } = report.refused;
  return (
    <>
      {mini && (
        <p class="verdict bad">
          {localizer.t('The mini itself could not be run: {0}', reasonOf(mini, localizer))}
        </p>
      )}
      {screen && (
        <p class="verdict bad">
          {localizer.t('Your code could not be traced: {0}', reasonOf(screen, localizer))}{' '}
          <button type="button" class="link" onClick={() => onGoTo(screen)}>
            {localizer.t('{0}, line {1}', screen.file, screen.line)}
          </button>
          {screen.hint && <span class="note"> {screen.hint}</span>}
        </p>
      )}
      {report.verdict &&
        (report.verdict.agrees ? (
          <p class="verdict ok">
            ✓{' '}
            {localizer.t(
              'screen = equation, largest difference {0}',
              formatNumber(report.verdict.difference),
            )}
          </p>
        ) : (
          <p class="verdict bad">
            ✗ {localizer.t('The code on screen departs from the equation')}{' '}
            {report.verdict.firstDifferent && (
              <button
                type="button"
                class="link"
                onClick={() => onSelectStep(report.verdict?.firstDifferent ?? '')}
              >
                {localizer.t('first at step {0}', numberOf(entry, report.verdict.firstDifferent))}
              </button>
            )}{' '}
            {localizer.t('(difference {0})', formatNumber(report.verdict.difference))}
          </p>
        ))}
    </>
  );
}

/** A tensor that does not fit is named in the reader's language; what Python raises is shown as it is. */
function reasonOf({ message, unfit }: Refused, localizer: Localizer): string {
  if (!unfit) return message;
  const [has, needs] = [unfit.has.join(', '), unfit.needs.join(', ')];
  if (unfit.kind === 'listed') {
    return localizer.t(
      'The input {0} lists {1} values, which do not fit the shape [{2}].',
      unfit.name,
      has,
      needs,
    );
  }
  return unfit.kind === 'planted'
    ? localizer.t('The sample gives {0} the shape [{1}], these dims need [{2}].', unfit.name, has, needs)
    : localizer.t(
        'The trained weights have {0} in the shape [{1}], these dims need [{2}].',
        unfit.name,
        has,
        needs,
      );
}

function numberOf(entry: Entry, step: string): number {
  return entry.steps.findIndex(candidate => candidate.id === step) + 1;
}
