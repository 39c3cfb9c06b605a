import type { Entry, Mini } from '../../src/core/atlas/schema.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { type ConfigControl, type ConfigValue, configControls } from '../../src/core/minis/configControls.ts';
import { type FixedBy, fitsTrained } from '../../src/core/minis/fixedConfig.ts';
import type { RunRequest } from '../runner/runTypes.ts';
import { TOOL_DRIVERS } from './toolDrivers.ts';

export type RunChoice = Omit<RunRequest, 'entryId' | 'backend'>;

interface RunControlsProps {
  readonly entry: Entry;
  readonly mini: Mini;
  readonly choice: RunChoice;
  readonly localizer: Localizer;
  onChange(change: Partial<RunChoice>): void;
}

/** What may be run and with what: driver, sample, dims and flags, seed, weights. */
export function RunControls({ mini, choice, localizer, onChange }: RunControlsProps) {
  const samples = mini.samples.filter(
    sample => !TOOL_DRIVERS.includes(sample.driver ?? '') && fits(sample, mini, choice),
  );
  const drivers = mini.drivers.filter(driver => !TOOL_DRIVERS.includes(driver.name));
  const sample = samples.find(candidate => candidate.name === choice.sample);
  const driver = drivers.find(candidate => candidate.name === choice.driver);
  const trainable = driver !== undefined && fitsTrained(mini, driver, sample);
  const trained = trainable && choice.weights === 'trained';
  const controls = driver ? configControls(mini, { driver, sample, trained }, choice.config) : [];
  return (
    <form class="controls" onSubmit={event => event.preventDefault()}>
      {drivers.length > 1 && (
        <Choice
          label={localizer.t('Case')}
          value={choice.driver}
          options={drivers.map(driver => [
            driver.name,
            driver.title ? localizer.text(driver.title) : driver.name,
          ])}
          onChange={driver => onChange({ driver, sample: null, config: {} })}
        />
      )}
      <Choice
        label={localizer.t('Sample')}
        value={choice.sample ?? ''}
        options={[
          ['', localizer.t('numbers by the rule')],
          ...samples.map(it => [it.name, localizer.text(it.title)] as const),
        ]}
        onChange={name => {
          const chosen = samples.find(it => it.name === name);
          onChange({
            sample: chosen?.name ?? null,
            config: {},
            ...(chosen?.weights ? { weights: chosen.weights } : {}),
          });
        }}
      />
      {mini.trained && (
        <Choice
          label={localizer.t('Weights')}
          value={trained ? 'trained' : 'rule'}
          options={[
            ['rule', localizer.t('by the rule')],
            ['trained', localizer.t('trained')],
          ]}
          reason={trainable ? undefined : localizer.t('the trained weights do not fit this case')}
          onChange={weights => onChange({ weights: weights === 'trained' ? 'trained' : 'rule' })}
        />
      )}
      {controls
        .filter(control => control.fixed === undefined)
        .map(control => (
          <ConfigInput
            key={control.name}
            control={control}
            localizer={localizer}
            onChange={next => onChange({ config: { ...choice.config, [control.name]: next } })}
          />
        ))}
      <label class="control">
        {localizer.t('Seed')}
        <span class="seed">
          <input
            type="number"
            min={0}
            max={99999}
            step={1}
            value={choice.seed}
            onChange={event =>
              onChange({ seed: Math.max(0, Math.trunc(Number(event.currentTarget.value))) || 0 })
            }
          />
          <button
            type="button"
            aria-label={localizer.t('Next seed')}
            title={localizer.t('Next seed')}
            onClick={() => onChange({ seed: choice.seed + 1 })}
          >
            ⟳
          </button>
        </span>
      </label>
      <FixedValues controls={controls} localizer={localizer} />
      {sample && <p class="sample-text">{localizer.text(sample.text)}</p>}
    </form>
  );
}

/** A sample without a driver belongs to the first one. */
function fits(sample: Mini['samples'][number], mini: Mini, choice: RunChoice): boolean {
  return (sample.driver ?? mini.drivers[0]?.name) === choice.driver;
}

/** A value of the config that the reader may move. */
function ConfigInput({
  control: { config, value, kind },
  localizer,
  onChange,
}: {
  readonly control: ConfigControl;
  readonly localizer: Localizer;
  onChange(value: ConfigValue): void;
}) {
  const label = localizer.text(config.label);
  if (kind === 'choice') {
    const options = config.options ?? [];
    return (
      <Choice
        label={label}
        value={String(value)}
        options={
          options.includes(value as number | string) ? options.map(pair) : [value, ...options].map(pair)
        }
        onChange={next => onChange(options.find(option => String(option) === next) ?? next)}
      />
    );
  }
  if (kind === 'switch') {
    return (
      <vscode-checkbox
        checked={value === true}
        onChange={event => onChange((event.currentTarget as HTMLInputElement).checked)}
      >
        {label}
      </vscode-checkbox>
    );
  }
  return (
    <label class="control">
      {label}
      <span class="slider">
        <input
          type="range"
          min={config.min}
          max={config.max}
          step={config.step ?? 1}
          value={Number(value)}
          onInput={event => onChange(Number(event.currentTarget.value))}
        />
        <output>{value}</output>
      </span>
    </label>
  );
}

/** What does not move, in one line per reason: a row of dead sliders says less. */
function FixedValues({
  controls,
  localizer,
}: {
  readonly controls: readonly ConfigControl[];
  readonly localizer: Localizer;
}) {
  const reasons: readonly FixedBy[] = ['trained', 'driver', 'sample'];
  return (
    <>
      {reasons.map(reason => {
        const fixed = controls.filter(control => control.fixed === reason);
        if (fixed.length === 0) return null;
        const values = fixed.map(
          ({ config, value }) => `${localizer.text(config.label)} ${shownValue(value, localizer)}`,
        );
        return (
          <p key={reason} class="fixed-values">
            {fixedText(reason, values.join(' · '), localizer)}
          </p>
        );
      })}
    </>
  );
}

function shownValue(value: ConfigValue, localizer: Localizer): string {
  if (typeof value === 'boolean') return value ? localizer.t('on') : localizer.t('off');
  return String(value);
}

function pair(option: ConfigValue): [value: string, label: string] {
  return [String(option), String(option)];
}

function fixedText(by: FixedBy, values: string, localizer: Localizer): string {
  if (by === 'sample') return localizer.t('Fixed by the sample: {0}', values);
  if (by === 'driver') return localizer.t('Fixed by the case: {0}', values);
  return localizer.t('Fixed by the trained weights: {0}', values);
}

function Choice({
  label,
  value,
  options,
  reason,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  /** Why nothing else can be chosen. */
  readonly reason?: string | undefined;
  onChange(value: string): void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the toolkit's dropdown is the control
    <label class="control" title={reason}>
      {label}
      <vscode-dropdown
        aria-label={reason === undefined ? label : `${label} (${reason})`}
        disabled={reason !== undefined}
        value={value}
        onChange={event => onChange((event.currentTarget as HTMLSelectElement).value)}
      >
        {options.map(([name, text]) => (
          <vscode-option key={name} value={name}>
            {text}
          </vscode-option>
        ))}
      </vscode-dropdown>
      {reason !== undefined && <span class="fixed-note">{reason}</span>}
    </label>
  );
}
