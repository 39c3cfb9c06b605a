import { useState } from 'preact/hooks';
import type { Entry, Step } from '../../src/core/atlas/schema.ts';
import { axisNames } from '../../src/core/explain/axisNames.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Refused, RunReport, SourceRun } from '../runner/runTypes.ts';
import type { Cell } from './Heatmap.tsx';
import { formatNumber } from './Heatmap.tsx';
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
  readonly selectedStep: string | null;
  readonly localizer: Localizer;
  readonly actions: TensorActions;
  onChoice(change: Partial<RunChoice>): void;
  onCancel(): void;
  onSelectStep(step: string): void;
  onGoTo(refused: Refused): void;
}

/** The running mini: controls, verdict, checks, and the tensors of every step from both sources. */
export function RunView(props: RunViewProps) {
  const { entry, report, localizer, choice } = props;
  const [side, setSide] = useState<'screen' | 'mini'>('screen');
  const [cells, setCells] = useState<Readonly<Record<string, Cell | null>>>({});
  if (!entry.mini) return null;
  const shown: SourceRun | null =
    (side === 'screen' ? report?.screen : report?.mini) ?? report?.mini ?? report?.screen ?? null;
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
      </div>
      {report?.screen && report.mini && (
        <fieldset class="sides">
          <legend>{localizer.t('Tensors of')}</legend>
          {(['screen', 'mini'] as const).map(candidate => (
            <label key={candidate}>
              <input
                type="radio"
                name="side"
                checked={side === candidate}
                onChange={() => setSide(candidate)}
              />
              {candidate === 'screen' ? localizer.t('your code') : localizer.t('our mini')}
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
    </section>
  );
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
            ✗ {localizer.t('The code on screen departs from the equation')}
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
