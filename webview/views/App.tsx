import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../src/core/atlas/schema.ts';
import { runAxes } from '../../src/core/explain/runAxes.ts';
import type { StepTensor } from '../../src/core/explain/stepTensor.ts';
import { Localizer } from '../../src/core/l10n/localizer.ts';
import { ANSWER_ENTRY, SAMPLER_ENTRY } from '../../src/core/minis/trainedEntries.ts';
import { AlreadyDrawn } from '../alreadyDrawn.ts';
import { type CellFocus, useCellFocus } from '../cellFocus.ts';
import { milestone } from '../milestone.ts';
import { panelActions } from '../panelActions.ts';
import type { Refused, RunReport } from '../runner/runTypes.ts';
import { type UseRunProps, useRun } from '../useRun.ts';
import { AskView } from './AskView.tsx';
import { CodeView } from './CodeView.tsx';
import { DrawView } from './DrawView.tsx';
import { Header } from './Header.tsx';
import { hasReference, MiniCode } from './MiniCode.tsx';
import { RunView } from './RunView.tsx';
import { StepCards } from './StepCards.tsx';
import { tensorId } from './tensorId.ts';

const NOTICE_MS = 4000;

/** The panel: header, code beside equations, the run below. */
export function App(props: UseRunProps) {
  const { snapshot, channel, onRemember } = props;
  const localizer = useMemo(() => new Localizer(snapshot.language), [snapshot.language]);
  // The extension validated the entry when it loaded the pack.
  const entry = snapshot.entry as Entry | null;
  const [focusedSteps, setFocusedSteps] = useState<readonly string[]>(() => {
    const { selectedStep } = props.initial;
    if (snapshot.focusedSteps.length > 0) return snapshot.focusedSteps;
    return selectedStep === null ? [] : [selectedStep];
  });
  const [wantsComparison, setComparing] = useState(false);
  const comparing = wantsComparison && hasReference(entry);
  const [notice, setNotice] = useState('');
  const run = useRun(props, entry, localizer);
  const cells = useCellFocus();
  const [follow, setFollow] = useState(true);
  const pinnedSymbol = useRef<number | null>(null);
  const pinnedStep = useRef<string | null>(null);
  const seenFocus = useRef(-1);

  useEffect(() => {
    if (snapshot.focusRequest === seenFocus.current) return;
    seenFocus.current = snapshot.focusRequest;
    if (snapshot.focusedSteps.length > 0) {
      setFollow(true);
      setFocusedSteps(snapshot.focusedSteps);
    }
    if (snapshot.startAt === 'run') document.querySelector('.run')?.scrollIntoView();
  }, [snapshot.focusRequest, snapshot.focusedSteps, snapshot.startAt]);
  useEffect(() => onRemember({ selectedStep: focusedSteps[0] ?? null }), [focusedSteps, onRemember]);
  const alreadyDrawn = useContext(AlreadyDrawn);
  useLayoutEffect(() => {
    if (!alreadyDrawn.current) milestone('explained');
  }, [alreadyDrawn, entry?.id]);
  useLayoutEffect(() => {
    const engine = (run.report?.screen ?? run.report?.mini)?.engine;
    if (engine) milestone(`numbers:${engine}`);
  }, [run.report]);
  useEffect(() => {
    if (notice === '') return;
    const timer = setTimeout(() => setNotice(''), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const ask = useCallback((asked: Promise<unknown>) => void asked.catch(() => undefined), []);
  const select = useCallback(
    (step: string) => {
      setFollow(true);
      setFocusedSteps([step]);
      ask(channel.request('showStep', { step, reveal: true }));
    },
    [channel, ask],
  );
  const point = useCallback(
    (step: string | null) =>
      ask(channel.request('showStep', { step: step ?? pinnedStep.current, reveal: false })),
    [channel, ask],
  );
  const pointSymbol = useCallback((symbol: number | null) => {
    const lit = symbol ?? pinnedSymbol.current;
    document.documentElement.dataset.symbol = lit === null ? '' : String(lit % 8);
  }, []);
  // A chosen cell lights up its row, its symbol in equations and code, and the lines that compute it.
  const pin = useCallback(
    (focus: CellFocus | null, step: string | undefined, symbol: number) => {
      cells.pin(focus);
      pinnedSymbol.current = focus && symbol >= 0 ? symbol : null;
      pinnedStep.current = focus && step !== undefined ? step : null;
      pointSymbol(null);
      if (pinnedStep.current !== null) {
        // Without scrolling: the reader looks at what was clicked.
        setFollow(false);
        setFocusedSteps([pinnedStep.current]);
      }
      ask(channel.request('showStep', { step: pinnedStep.current, reveal: pinnedStep.current !== null }));
    },
    [cells, channel, ask, pointSymbol],
  );
  const actions = useMemo(() => panelActions(channel, localizer, setNotice), [channel, localizer]);
  const axesOf = useMemo(() => {
    const shown = run.report?.screen ?? run.report?.mini;
    return runAxes(
      entry?.symbols ?? [],
      shown?.steps.flatMap(step => step.tensors) ?? [],
      shown?.outputs ?? [],
    );
  }, [entry, run.report]);
  // Elements that are kept are not compared again: a slider's every move draws the controls, and the rest when its numbers have come.
  const header = useMemo(
    () => (
      <Header
        snapshot={snapshot}
        entry={entry}
        localizer={localizer}
        channel={channel}
        report={run.report}
        comparing={comparing}
        onCompare={setComparing}
        onShowRun={showRun}
      />
    ),
    [snapshot, entry, localizer, channel, run.report, comparing],
  );
  const problem = snapshot.code ? problemLine(run.report, snapshot.code.path) : undefined;
  const code = useMemo(
    () =>
      snapshot.code && (
        <CodeView
          code={snapshot.code}
          symbols={entry?.symbols ?? []}
          stepOrder={entry?.steps.map(step => step.id) ?? []}
          focusedSteps={focusedSteps}
          problemLine={problem}
          label={localizer.t('Code of {0}', snapshot.code.qualname)}
          stepName={number => localizer.t('Step {0}', number)}
          onSelectStep={select}
          onPointStep={point}
        />
      ),
    [snapshot.code, entry, focusedSteps, problem, localizer, select, point],
  );
  const steps = useMemo(
    () =>
      entry &&
      entry.equations.length > 0 && (
        <StepCards
          entry={entry}
          code={snapshot.code}
          localizer={localizer}
          focusedSteps={focusedSteps}
          tensorsOf={step => tensorsOf(run.report, step)}
          shapeOf={names => shapeOf(run.report, names)}
          actions={actions}
          axesOf={axesOf}
          cells={cells}
          follow={follow}
          onPin={pin}
          onSelectStep={select}
          onShowTensor={showTensor}
          onPointStep={point}
          onPointSymbol={pointSymbol}
        />
      ),
    [
      entry,
      snapshot.code,
      localizer,
      focusedSteps,
      run.report,
      actions,
      axesOf,
      cells,
      follow,
      pin,
      select,
      point,
      pointSymbol,
    ],
  );

  return (
    <main lang={snapshot.language} data-entry={entry?.id}>
      {header}
      {snapshot.codeProblem && (
        <p class="summary note" role="status">
          {snapshot.codeProblem}
        </p>
      )}
      {entry && entry.equations.length > 0 && <p class="summary">{localizer.text(entry.summary)}</p>}
      <div class={comparing ? 'columns comparing' : 'columns'}>
        {snapshot.code && (
          <div>
            {comparing && <h2>{localizer.t('Your code')}</h2>}
            {code}
          </div>
        )}
        {comparing && (
          <MiniCode
            entry={entry}
            own={snapshot.ownMini !== null}
            token={snapshot.ownMini}
            run={run.report?.mini ?? null}
            focusedSteps={focusedSteps}
            localizer={localizer}
            read={run.readMini}
            onSelectStep={select}
            onPointStep={point}
          />
        )}
        {steps}
      </div>
      {entry?.mini && run.choice && (
        <RunView
          entry={entry}
          own={snapshot.ownMini !== null}
          choice={run.choice}
          report={run.report}
          failure={run.failure}
          running={run.running}
          focusedSteps={focusedSteps}
          localizer={localizer}
          actions={actions}
          onChoice={run.choose}
          check={run.check}
          checking={run.checking}
          onCheck={run.startCheck}
          onSelectStep={select}
          cells={cells}
          onPin={pin}
          onGoTo={(refused: Refused) =>
            ask(channel.request('revealLine', { path: refused.file, line: refused.line - 1 }))
          }
        />
      )}
      {entry?.id === SAMPLER_ENTRY && (
        <div class="tools">
          <DrawView
            localizer={localizer}
            update={run.tool.update}
            failure={run.tool.failure}
            busy={run.tool.busy}
            onDraw={run.draw}
            onCancel={run.cancel}
          />
        </div>
      )}
      {entry?.id === ANSWER_ENTRY && (
        <div class="tools">
          <AskView
            localizer={localizer}
            answer={run.tool.answer}
            failure={run.tool.failure}
            busy={run.tool.busy}
            onAsk={run.ask}
          />
        </div>
      )}
      <p class={notice === '' ? 'notice' : 'notice shown'} role="status" aria-live="polite">
        {notice}
      </p>
    </main>
  );
}

function showRun(): void {
  document.querySelector('.run')?.scrollIntoView();
}

/** The line (0-based) of the shown file at which the run stopped. */
function problemLine(report: RunReport | null, path: string): number | undefined {
  const refused = report?.refused.screen;
  return refused && refused.file === path ? refused.line - 1 : undefined;
}

function tensorsOf(report: RunReport | null, step: string): readonly StepTensor[] {
  const run = report?.screen ?? report?.mini;
  return run?.steps.find(candidate => candidate.id === step)?.tensors ?? [];
}

/** Shape in numbers of the last captured tensor that one of these names holds. */
function shapeOf(report: RunReport | null, names: readonly string[]): string | undefined {
  const run = report?.screen ?? report?.mini;
  const tensors = run?.steps.flatMap(step => step.tensors) ?? [];
  const tensor = tensors.findLast(candidate => names.includes(candidate.name));
  return tensor && `[${tensor.shape.join(', ')}]`;
}

function showTensor(step: string, tensor: string): void {
  const shown = document.getElementById(`tensor-${tensorId(step, tensor)}`);
  shown?.scrollIntoView({ block: 'center' });
  shown?.querySelector<HTMLElement>('canvas[tabindex]')?.focus({ preventScroll: true });
}
