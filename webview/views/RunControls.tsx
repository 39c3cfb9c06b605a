import type { Entry, Mini } from '../../src/core/atlas/schema.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { ConfigValue, RunRequest } from '../runner/runTypes.ts';
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
          value={choice.weights}
          options={[
            ['rule', localizer.t('by the rule')],
            ['trained', localizer.t('trained')],
          ]}
          onChange={weights => onChange({ weights: weights === 'trained' ? 'trained' : 'rule' })}
        />
      )}
      {usedConfig(mini, choice).map(([name, config]) => {
        const value = shownValue(name, config.default, driver?.config, sample?.config, choice.config);
        const label = localizer.text(config.label);
        return (
          <ConfigControl
            key={name}
            label={label}
            config={config}
            value={value}
            onChange={next => onChange({ config: { ...choice.config, [name]: next } })}
          />
        );
      })}
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
      {sample && <p class="sample-text">{localizer.text(sample.text)}</p>}
    </form>
  );
}

/** The config values that the driver, its inputs or the sample ask for: a slider that moves nothing only puzzles. */
function usedConfig(mini: Mini, choice: RunChoice): [string, Mini['config'][string]][] {
  const driver = mini.drivers.find(candidate => candidate.name === choice.driver);
  const sample = mini.samples.find(candidate => candidate.name === choice.sample);
  const shapes = driver?.inputs.flatMap(input => [...input.shape, input.vocab ?? '']).join(' ') ?? '';
  const text = `${driver?.code ?? ''} ${sample?.code ?? ''} ${shapes}`;
  return Object.entries(mini.config).filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
}

/** What the run uses: a driver and a sample may bring dims of their own, the reader has the last word (see `makeRunSpec`). */
function shownValue(
  name: string,
  usual: ConfigValue,
  ...layers: readonly (Readonly<Record<string, unknown>> | undefined)[]
): ConfigValue {
  const given = layers.findLast(layer => layer?.[name] !== undefined)?.[name];
  return isConfigValue(given) ? given : usual;
}

function isConfigValue(value: unknown): value is ConfigValue {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
}

/** A sample without a driver belongs to the first one. */
function fits(sample: Mini['samples'][number], mini: Mini, choice: RunChoice): boolean {
  return (sample.driver ?? mini.drivers[0]?.name) === choice.driver;
}

function ConfigControl({
  label,
  config,
  value,
  onChange,
}: {
  readonly label: string;
  readonly config: Mini['config'][string];
  readonly value: ConfigValue;
  onChange(value: ConfigValue): void;
}) {
  if (config.options) {
    const options = config.options;
    return (
      <Choice
        label={label}
        value={String(value)}
        options={options.map(option => [String(option), String(option)])}
        onChange={next => onChange(options.find(option => String(option) === next) ?? next)}
      />
    );
  }
  if (typeof config.default === 'boolean') {
    return (
      <vscode-checkbox
        checked={value === true}
        onChange={event => onChange((event.currentTarget as HTMLInputElement).checked)}
      >
        {label}
      </vscode-checkbox>
    );
  }
  // A number without a range is a constant of the case, not a slider.
  if (typeof value !== 'number' || config.min === undefined || config.max === undefined) return null;
  return (
    <label class="control">
      {label}
      <span class="slider">
        <input
          type="range"
          min={config.min}
          max={config.max}
          step={config.step ?? 1}
          value={value}
          onInput={event => onChange(Number(event.currentTarget.value))}
        />
        <output>{value}</output>
      </span>
    </label>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  onChange(value: string): void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the toolkit's dropdown is the control
    <label class="control">
      {label}
      <vscode-dropdown
        aria-label={label}
        value={value}
        onChange={event => onChange((event.currentTarget as HTMLSelectElement).value)}
      >
        {options.map(([name, text]) => (
          <vscode-option key={name} value={name}>
            {text}
          </vscode-option>
        ))}
      </vscode-dropdown>
    </label>
  );
}
