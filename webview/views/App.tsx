import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../src/core/atlas/schema.ts';
import { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Snapshot } from '../../src/core/protocol.ts';
import type { Channel } from '../channel.ts';
import type { RunReport } from '../runner/runTypes.ts';
import { CodeView } from './CodeView.tsx';
import { Header } from './Header.tsx';
import { StepCards } from './StepCards.tsx';

interface AppProps {
  readonly snapshot: Snapshot;
  readonly channel: Channel;
  readonly initialStep: string | null;
  onSelected(step: string | null): void;
}

/** The panel: header, code beside equations, the run below. */
export function App({ snapshot, channel, initialStep, onSelected }: AppProps) {
  const localizer = new Localizer(snapshot.language);
  // The extension validated the entry when it loaded the pack.
  const entry = snapshot.entry as Entry | null;
  const [selectedStep, setSelectedStep] = useState<string | null>(initialStep);
  const [report] = useState<RunReport | null>(null);
  const seenFocus = useRef(-1);

  useEffect(() => {
    if (snapshot.focusRequest === seenFocus.current) return;
    seenFocus.current = snapshot.focusRequest;
    const step = snapshot.focusedSteps[0];
    if (step !== undefined) setSelectedStep(step);
  }, [snapshot.focusRequest, snapshot.focusedSteps]);
  useEffect(() => onSelected(selectedStep), [selectedStep, onSelected]);

  const select = useCallback(
    (step: string) => {
      setSelectedStep(step);
      void channel.request('showStep', { step, reveal: true }).catch(() => undefined);
    },
    [channel],
  );
  const point = useCallback(
    (step: string | null) => {
      void channel.request('showStep', { step, reveal: false }).catch(() => undefined);
    },
    [channel],
  );
  const pointSymbol = useCallback((symbol: number | null) => {
    document.documentElement.dataset.symbol = symbol === null ? '' : String(symbol);
  }, []);

  return (
    <main lang={snapshot.language}>
      <Header snapshot={snapshot} entry={entry} localizer={localizer} channel={channel} report={report} />
      {snapshot.codeProblem && (
        <p class="summary note" role="status">
          {snapshot.codeProblem}
        </p>
      )}
      {entry && <p class="summary">{localizer.text(entry.summary)}</p>}
      <div class="columns">
        <div>
          {snapshot.code && (
            <CodeView
              code={snapshot.code}
              symbols={entry?.symbols ?? []}
              stepOrder={entry?.steps.map(step => step.id) ?? []}
              selectedStep={selectedStep}
              problemLine={problemLine(report)}
              label={localizer.t('Code of {0}', snapshot.code.qualname)}
              stepName={number => localizer.t('Step {0}', number)}
              onSelectStep={select}
              onPointStep={point}
            />
          )}
        </div>
        <div>
          {entry && (
            <StepCards
              entry={entry}
              code={snapshot.code}
              localizer={localizer}
              selectedStep={selectedStep}
              shapeOf={names => shapeOf(report, names)}
              onSelectStep={select}
              onPointStep={point}
              onPointSymbol={pointSymbol}
            />
          )}
        </div>
      </div>
    </main>
  );
}

function problemLine(report: RunReport | null): number | undefined {
  const refused = report?.refused.screen;
  return refused ? refused.line - 1 : undefined;
}

/** Shape in numbers of the first captured tensor that one of these names holds. */
function shapeOf(report: RunReport | null, names: readonly string[]): string | undefined {
  const run = report?.screen ?? report?.mini;
  const tensors = run?.steps.flatMap(step => step.tensors) ?? [];
  const tensor = tensors.find(candidate => names.includes(candidate.name));
  return tensor && `[${tensor.shape.join(', ')}]`;
}
