import { useState } from 'preact/hooks';
import type { StepTensor } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { parseCaption } from '../../src/core/minis/caption.ts';
import type { DrawJob, DrawUpdate } from '../runner/runnerProtocol.ts';
import { ENGINE_NAMES } from './BackendBadge.tsx';
import { Picture } from './Picture.tsx';

interface DrawViewProps {
  readonly localizer: Localizer;
  readonly update: DrawUpdate | null;
  readonly failure: string | null;
  readonly busy: boolean;
  onDraw(job: Omit<DrawJob, 'prompts'> & { readonly prompt: string }): void;
  onCancel(): void;
}

const KINDS = ['single', 'pair', 'heldout'] as const;

/** The trained GLIDE at work: a picture out of noise step by step, and the count of exercise 6.6. */
export function DrawView({ localizer, update, failure, busy, onDraw, onCancel }: DrawViewProps) {
  const [prompt, setPrompt] = useState('a red square above a blue circle');
  const [guidance, setGuidance] = useState(3);
  const [steps, setSteps] = useState(20);
  const [seed, setSeed] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const draw = (kind: DrawJob['kind']) => {
    try {
      if (kind === 'one') parseCaption(prompt);
      setProblem(null);
      onDraw({ prompt, kind, steps, guidance, seed });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const kindName = {
    single: localizer.t('single objects'),
    pair: localizer.t('two objects'),
    heldout: localizer.t('arrangements never trained'),
  };
  return (
    <section class="card tool" aria-label={localizer.t('Draw a picture')}>
      <h2>{localizer.t('Draw a picture')}</h2>
      <form
        class="tool-form"
        onSubmit={event => {
          event.preventDefault();
          draw('one');
        }}
      >
        <label class="control wide">
          {localizer.t('Caption')}
          <input type="text" value={prompt} onInput={event => setPrompt(event.currentTarget.value)} />
        </label>
        <NumberField
          label={localizer.t('Guidance')}
          value={guidance}
          min={0}
          max={10}
          step={0.5}
          onChange={setGuidance}
        />
        <NumberField
          label={localizer.t('Steps')}
          value={steps}
          min={2}
          max={100}
          step={1}
          onChange={setSteps}
        />
        <NumberField
          label={localizer.t('Seed')}
          value={seed}
          min={0}
          max={9999}
          step={1}
          onChange={setSeed}
        />
        <button type="submit" disabled={busy}>
          {localizer.t('Draw')}
        </button>
        {KINDS.map(kind => (
          <button type="button" key={kind} disabled={busy} onClick={() => draw(kind)}>
            {localizer.t('Count 64: {0}', kindName[kind])}
          </button>
        ))}
        {busy && (
          <button type="button" onClick={onCancel}>
            {localizer.t('Cancel')}
          </button>
        )}
      </form>
      <div role="status" aria-live="polite">
        {(problem ?? failure) && <p class="problem-text">{problem ?? failure}</p>}
        {update && busy && <progress value={update.done} max={update.all} />}
        {update?.picture && <Picture tensor={pictureOf(update.picture)} leading={[]} label={prompt} />}
        {update?.right && <Result update={update} localizer={localizer} />}
      </div>
    </section>
  );
}

function Result({ update, localizer }: { readonly update: DrawUpdate; readonly localizer: Localizer }) {
  const { right = {}, scored = 1, ms = 0 } = update;
  const parts: readonly (readonly [string, string])[] = [
    ['count', localizer.t('number')],
    ['colors', localizer.t('colours')],
    ['shapes', localizer.t('shapes')],
    ['binding', localizer.t('colour and shape bound')],
    ['relation', localizer.t('relation')],
    ['right', localizer.t('all right')],
  ];
  return (
    <p>
      {parts
        .map(
          ([demand, name]) =>
            `${name} ${scored === 1 ? (right[demand] ? '✓' : '✗') : `${right[demand] ?? 0}/${scored}`}`,
        )
        .join(' · ')}
      <span class="note">
        {' '}
        {[
          update.source === 'screen' ? localizer.t('your code') : localizer.t('our mini'),
          update.engine && ENGINE_NAMES[update.engine],
          `${(ms / 1000).toFixed(1)} s`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </p>
  );
}

function pictureOf(values: Float32Array): StepTensor {
  return { name: 'picture', shape: [3, 16, 16], dtype: 'float32', values };
}

function NumberField({
  label,
  value,
  min,
  max,
  step,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  onChange(value: number): void;
}) {
  return (
    <label class="control">
      {label}
      <input
        type="number"
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={event => {
          const next = Number(event.currentTarget.value);
          onChange(Number.isFinite(next) ? Math.min(max, Math.max(min, next)) : value);
        }}
      />
    </label>
  );
}
