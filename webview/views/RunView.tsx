import { useState } from 'preact/hooks';
import type { Entry, Step } from '../../src/core/atlas/schema.ts';
import { axisNames } from '../../src/core/explain/axisNames.ts';
import { differenceOf, type StepTensor } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Refused, RunReport, SourceRun, UpstreamCheck } from '../runner/runTypes.ts';
import { GraphView } from './GraphView.tsx';
import { type Cell, formatNumber } from './Heatmap.tsx';
import { MiniCode } from './MiniCode.tsx';
import { type RunChoice, RunControls } from './RunControls.tsx';
import { type TensorActions, TensorView } from './TensorView.tsx';

interface RunViewProps {
  readonly entry: Entry;
  readonly choice: RunChoice;
  readonly report: RunReport | null;
  /** Why the run as a whole failed, as a sentence. */
  readonly failure: string | null;
  readonly running: boolean;
  /** Progress of a long run (the sampler): done and all. */
  readonly progress: { readonly done: number; readonly all: number } | null;
  readonly check: UpstreamCheck | null;
  readonly selectedStep: string | null;
  readonly localizer: Localizer;
  readonly actions: TensorActions;
  onChoice(change: Partial<RunChoice>): void;
  onCancel(): void;
  onCheck(): void;
  readMini(): Promise<string>;
  onSelectStep(step: string): void;
  onGoTo(refused: Refused): void;
}

type Side = 'screen' | 'mini' | 'difference';

/** The running mini: controls, verdict, checks, and the tensors of every step from both sources. */
export function RunView(props: RunViewProps) {
  const { entry, report, localizer, choice } = props;
  const [side, setSide] = useState<Side>('screen');
  const [cells, setCells] = useState<Readonly<Record<string, Cell | null>>>({});
  if (!entry.mini) return null;
  const shown = report && shownRun(report, side);
  return (
    <section class="run" aria-label={localizer.t('Run')} aria-busy={props.running}>
      <RunControls
        entry={entry}
        mini={entry.mini}
        choice={choice}
        localizer={localizer}
        onChange={props.onChoice}
      />
      <div class="run-status" role="status" aria-live="polite">
        {props.running && <vscode-progress-ring aria-label={localizer.t('Running')} />}
        {props.progress && (
          <>
            <progress value={props.progress.done} max={props.progress.all} />
            <button type="button" onClick={props.onCancel}>
              {localizer.t('Cancel')}
            </button>
          </>
        )}
        {props.failure && <p class="problem-text">{props.failure}</p>}
        <Verdict {...props} />
        <Invariants {...props} run={shown} />
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
              {sideName(candidate, localizer)}
            </label>
          ))}
        </fieldset>
      )}
      {shown && (
        <div class="step-tensors">
          {entry.steps.map((step, index) => {
            const tensors = shown.steps.find(candidate => candidate.id === step.id)?.tensors ?? [];
            if (tensors.length === 0) return null;
            return (
              <article
                key={step.id}
                class={step.id === props.selectedStep ? 'step-run selected' : 'step-run'}
                onPointerDown={() => props.onSelectStep(step.id)}
              >
                <h3>
                  <span class="step-number" aria-hidden="true">
                    {index + 1}
                  </span>
                  {localizer.text(step.label)}
                  <StepMark {...props} step={step} />
                </h3>
                {tensors.map(tensor => (
                  <TensorView
                    key={tensor.name}
                    tensor={tensor}
                    axes={axisNames(entry.symbols, tensor)}
                    title={`${localizer.text(step.label)}: ${tensor.name}`}
                    localizer={localizer}
                    actions={props.actions}
                    cell={cells[step.id] ?? null}
                    onCell={cell => setCells({ ...cells, [step.id]: cell })}
                  />
                ))}
              </article>
            );
          })}
          <article class="step-run">
            <h3>{localizer.t('Outputs')}</h3>
            {shown.outputs.map(tensor => (
              <TensorView
                key={tensor.name}
                tensor={tensor}
                axes={axisNames(entry.symbols, tensor)}
                title={tensor.name}
                localizer={localizer}
                actions={props.actions}
                cell={cells[`out:${tensor.name}`] ?? null}
                onCell={cell => setCells({ ...cells, [`out:${tensor.name}`]: cell })}
              />
            ))}
          </article>
        </div>
      )}
      {entry.mini.file !== '' && <MiniCode entry={entry} localizer={localizer} read={props.readMini} />}
      {shown && (
        <GraphView
          nodes={shown.graph}
          stepOrder={entry.steps.map(step => step.id)}
          localizer={localizer}
          onSelectStep={props.onSelectStep}
        />
      )}
    </section>
  );
}

function sideName(side: Side, localizer: Localizer): string {
  if (side === 'screen') return localizer.t('your code');
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
      id: step.id,
      tensors: minus(step.tensors, mini.steps.find(candidate => candidate.id === step.id)?.tensors ?? []),
    })),
  };
}

/** "screen = equation", or the first step that differs, or why the code on screen could not be traced. */
function Verdict({ entry, report, localizer, onSelectStep, onGoTo }: RunViewProps) {
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

function StepMark({ report, step, localizer }: RunViewProps & { readonly step: Step }) {
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
function Check({ entry, check, localizer, onCheck, report }: RunViewProps) {
  if (!report || !entry.upstream?.path) return null;
  return (
    <p class="upstream-check">
      <button type="button" onClick={onCheck}>
        {localizer.t('Upstream check')}
      </button>
      {check?.sides.map(side => (
        <span key={side.source} class={side.agrees ? 'ok' : 'bad'}>
          {' '}
          {side.agrees ? '✓' : '✗'}{' '}
          {side.source === 'screen' ? localizer.t('your code') : localizer.t('our mini')}
          {': '}
          {side.problem ??
            localizer.t(
              '{0} tensors of upstream, largest difference {1}',
              side.compared,
              formatNumber(side.difference),
            )}
        </span>
      ))}
      {check?.upstream && <span class="note"> {check.upstream}</span>}
    </p>
  );
}

/** Properties that must hold on every run, with what was measured. */
function Invariants({ entry, run, localizer }: RunViewProps & { readonly run: SourceRun | null }) {
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
