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
        <p class="verdict bad">{localizer.t('The mini itself could not be run: {0}', mini.message)}</p>
      )}
      {screen && (
        <p class="verdict bad">
          {localizer.t('Your code could not be traced: {0}', screen.message)}{' '}
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

function numberOf(entry: Entry, step: string): number {
  return entry.steps.findIndex(candidate => candidate.id === step) + 1;
}
