import { useMemo, useState } from 'preact/hooks';
import type { Entry, Step } from '../../src/core/atlas/schema.ts';
import { symbolForm } from '../../src/core/atlas/symbolForm.ts';
import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import type { NamedAxis } from '../../src/core/explain/linkedCells.ts';
import { runAxes } from '../../src/core/explain/runAxes.ts';
import { differenceOf, type StepTensor } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { CellFocus, CellFocusState } from '../cellFocus.ts';
import type { PanelActions } from '../panelActions.ts';
import type { Refused, RunReport, SourceRun, UpstreamCheck } from '../runner/runTypes.ts';
import { useLasting } from '../useLasting.ts';
import { ENGINE_NAMES } from './BackendBadge.tsx';
import { GraphView } from './GraphView.tsx';
import { type RunChoice, RunControls } from './RunControls.tsx';
import { TensorView } from './TensorView.tsx';
import { tensorId } from './tensorId.ts';
import { Verdict } from './Verdict.tsx';
import { Waiting } from './Waiting.tsx';

interface RunViewProps {
  readonly entry: Entry;
  /** The mini is of a pack of the reader's. */
  readonly own: boolean;
  readonly choice: RunChoice;
  readonly report: RunReport | null;
  /** Why the run as a whole failed, as a sentence. */
  readonly failure: string | null;
  readonly running: boolean;
  readonly check: UpstreamCheck | null;
  readonly checking: boolean;
  readonly focusedSteps: readonly string[];
  readonly localizer: Localizer;
  readonly actions: PanelActions;
  onChoice(change: Partial<RunChoice>): void;
  onCheck(): void;
  onSelectStep(step: string): void;
  readonly cells: CellFocusState;
  /** A cell of a step's tensor was chosen, or none is any more. */
  onPin(focus: CellFocus | null, step: string | undefined, symbol: number): void;
  onGoTo(refused: Refused): void;
}

type Side = 'screen' | 'mini' | 'difference';

/** A run that lasts longer shows that it goes on. */
const SLOW_MS = 200;

/** The running mini: controls, verdict, checks, and the tensors of every step from both sources. */
export function RunView(props: RunViewProps) {
  const slow = useLasting(props.running, SLOW_MS);
  const { entry, report, localizer, choice } = props;
  const [side, setSide] = useState<Side>('screen');
  const shown = useMemo(() => report && shownRun(report, side), [report, side]);
  const axesOf = useMemo(
    () => runAxes(entry.symbols, shown?.steps.flatMap(step => step.tensors) ?? [], shown?.outputs ?? []),
    [entry, shown],
  );
  const { focusedSteps, actions, cells, onPin, onSelectStep } = props;
  // Kept until other numbers come: a slider's every move draws the controls alone.
  const tensors = useMemo(
    () =>
      shown && (
        <StepTensors
          {...{ entry, report, shown, axesOf, localizer, focusedSteps, actions, cells, onPin, onSelectStep }}
        />
      ),
    [entry, report, shown, axesOf, localizer, focusedSteps, actions, cells, onPin, onSelectStep],
  );
  const graph = useMemo(
    () =>
      shown && (
        <GraphView
          nodes={shown.graph}
          stepOrder={entry.steps.map(step => step.id)}
          localizer={localizer}
          onSelectStep={onSelectStep}
        />
      ),
    [entry, shown, localizer, onSelectStep],
  );
  if (!entry.mini) return null;
  return (
    <section class="run" aria-label={localizer.t('Run')} aria-busy={props.running}>
      <h2>{localizer.t('Run')}</h2>
      <RunControls
        entry={entry}
        mini={entry.mini}
        choice={choice}
        localizer={localizer}
        onChange={props.onChoice}
      />
      <div class="run-status" role="status" aria-live="polite">
        {slow && <Waiting label={localizer.t('Running')} />}
        {props.failure && <p class="problem-text">{props.failure}</p>}
        <Verdict
          entry={entry}
          report={report}
          localizer={localizer}
          onSelectStep={props.onSelectStep}
          onGoTo={props.onGoTo}
        />
        <Invariants entry={entry} run={shown} localizer={localizer} />
        <Check {...props} />
      </div>
      {report?.screen && report.mini && (
        <fieldset class="sides">
          <legend>{localizer.t('Tensors of')}</legend>
          {(['screen', 'mini', 'difference'] as const).map(candidate => (
            <label key={candidate}>
              <input
                type="radio"
                name="side"
                checked={side === candidate}
                onChange={() => setSide(candidate)}
              />
              {sideName(candidate, localizer, props.own)}
            </label>
          ))}
        </fieldset>
      )}
      {tensors}
      {graph}
    </section>
  );
}

interface StepTensorsProps
  extends Pick<
    RunViewProps,
    'entry' | 'report' | 'localizer' | 'focusedSteps' | 'actions' | 'cells' | 'onPin' | 'onSelectStep'
  > {
  readonly shown: SourceRun;
  readonly axesOf: (tensor: StepTensor) => readonly NamedAxis[];
}

/** The tensors of every step, and the outputs. */
function StepTensors(props: StepTensorsProps) {
  const { entry, report, shown, axesOf, localizer } = props;
  const view = (tensor: StepTensor, step: Step | undefined) => {
    const symbol = entry.symbols.findIndex(candidate => candidate.code.includes(tensor.name));
    return (
      <TensorView
        key={tensor.name}
        id={tensorId(step?.id, tensor.name)}
        tensor={tensor}
        axes={axesOf(tensor)}
        symbol={
          symbol < 0 ? undefined : { index: symbol, tex: symbolForm(entry.symbols[symbol]!, tensor.name) }
        }
        title={step ? `${localizer.text(step.label)}: ${tensor.name}` : tensor.name}
        localizer={localizer}
        actions={props.actions}
        focus={props.cells.focus}
        pinned={props.cells.pinned}
        onPoint={props.cells.point}
        onPin={focus => props.onPin(focus, step?.id, symbol)}
      />
    );
  };
  return (
    <div class="step-tensors">
      {entry.steps.map((step, index) => {
        const tensors = shown.steps.find(candidate => candidate.id === step.id)?.tensors ?? [];
        if (tensors.length === 0) return null;
        return (
          <article
            key={step.id}
            class={props.focusedSteps.includes(step.id) ? 'step-run selected' : 'step-run'}
          >
            <h3>
              <button
                type="button"
                class="step-number"
                aria-label={localizer.t('Step {0}', index + 1)}
                aria-pressed={props.focusedSteps.includes(step.id)}
                onClick={() => props.onSelectStep(step.id)}
              >
                {index + 1}
              </button>
              {localizer.text(step.label)}
              <StepMark report={report} step={step} localizer={localizer} />
            </h3>
            <div class="tensors">{tensors.map(tensor => view(tensor, step))}</div>
          </article>
        );
      })}
      <article class="step-run">
        <h3>{localizer.t('Outputs')}</h3>
        <div class="tensors">{shown.outputs.map(tensor => view(tensor, undefined))}</div>
      </article>
    </div>
  );
}

function sideName(side: Side, localizer: Localizer, own: boolean): string {
  if (side === 'screen') return localizer.t('your code');
  if (side === 'mini' && own) return localizer.t('your mini');
  return side === 'mini' ? localizer.t('our mini') : localizer.t('difference');
}

/** The run that is looked at; for the difference, the screen's tensors less the mini's. */
function shownRun(report: RunReport, side: Side): SourceRun | null {
  const { screen, mini } = report;
  if (side !== 'difference' || !screen || !mini) return (side === 'mini' ? mini : screen) ?? mini ?? screen;
  const minus = (theirs: readonly StepTensor[], ours: readonly StepTensor[]): StepTensor[] =>
    theirs.flatMap(tensor => {
      const other = ours.find(candidate => candidate.name === tensor.name);
      return other && other.values.length === tensor.values.length ? [differenceOf(tensor, other)] : [];
    });
  return {
    ...screen,
    outputs: minus(screen.outputs, mini.outputs),
    steps: screen.steps.map(step => ({
      ...step,
      tensors: minus(step.tensors, mini.steps.find(candidate => candidate.id === step.id)?.tensors ?? []),
    })),
  };
}

function StepMark({
  report,
  step,
  localizer,
}: Pick<RunViewProps, 'report' | 'localizer'> & { readonly step: Step }) {
  const verdict = report?.verdict?.steps.find(candidate => candidate.id === step.id);
  if (!verdict || verdict.difference === null) return null;
  const text = verdict.agrees
    ? localizer.t('agrees, {0}', formatNumber(verdict.difference))
    : localizer.t('differs by {0} (of {1})', formatNumber(verdict.difference), formatNumber(verdict.size));
  return (
    <span class={verdict.agrees ? 'step-mark ok' : 'step-mark bad'}>
      {verdict.agrees ? '✓' : '✗'} {text}
    </span>
  );
}

/** The stored golden case of the driver: is what runs here really what upstream's function computes? */
function Check({ entry, own, check, checking, localizer, onCheck, report }: RunViewProps) {
  // Numbers are stored for our own entries alone; of those without a function upstream, they are the equation's own arithmetic.
  if (!report || own) return null;
  const ofUpstream = entry.upstream !== undefined;
  return (
    <p class="upstream-check" data-case={check?.caseId}>
      <button type="button" onClick={onCheck} disabled={checking} aria-busy={checking}>
        {ofUpstream ? localizer.t('Upstream check') : localizer.t('Check stored numbers')}
      </button>
      {check?.sides.map(side => (
        <span key={side.source} class={side.agrees ? 'ok' : 'bad'}>
          {' '}
          {side.agrees ? '✓' : '✗'}{' '}
          {side.source === 'screen' ? localizer.t('your code') : localizer.t('our mini')}
          {': '}
          {side.problem ??
            localizer.t(
              ofUpstream
                ? '{0} tensors of upstream, largest difference {1}'
                : '{0} stored tensors, largest difference {1}',
              side.compared,
              formatNumber(side.difference),
            )}
        </span>
      ))}
      {check && (
        <span class="note"> {[check.upstream, ENGINE_NAMES[check.engine]].filter(Boolean).join(' · ')}</span>
      )}
    </p>
  );
}

/** Properties that must hold on every run, with what was measured. */
function Invariants({
  entry,
  run,
  localizer,
}: Pick<RunViewProps, 'entry' | 'localizer'> & { readonly run: SourceRun | null }) {
  const invariants = entry.mini?.invariants ?? [];
  if (!run || run.invariants.length === 0) return null;
  return (
    <ul class="invariants">
      {run.invariants.map(result => {
        const text = invariants.find(candidate => candidate.id === result.id)?.text;
        return (
          <li key={result.id} class={result.holds ? 'ok' : 'bad'}>
            {result.holds ? '✓' : '✗'} {text ? localizer.text(text) : result.id}{' '}
            {!(result.holds && result.value === 1) && (
              <span class="measured">({formatNumber(result.value)})</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
