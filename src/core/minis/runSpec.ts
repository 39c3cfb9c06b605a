import type { Driver, Entry, Mini, Sample } from '../atlas/schema.ts';
import type { TensorData } from '../trace/graph/data.ts';
import { type FixedBy, fitsTrained, fixedConfig, givenConfig } from './fixedConfig.ts';
import type { GoldenCase } from './goldenCase.ts';

/** An entry that can run. */
export type RunnableEntry = Entry & { readonly mini: Mini };

/** Everything that decides the numbers of a run, whichever source is traced. */
export interface RunSpec {
  readonly entry: RunnableEntry;
  readonly driver: Driver;
  /** Defaults, the driver's, the sample's, the trained weights' and the reader's values, in this order. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly sample?: Sample;
  /** Trained weights by state_dict name; by the rule where absent. */
  readonly trained?: ReadonlyMap<string, TensorData>;
  /** Numbers that the mini's own file holds, by state_dict name: what it has not is by the rule. */
  readonly stored?: ReadonlyMap<string, TensorData>;
  readonly goldenCase?: GoldenCase;
}

export interface RunChoiceInput {
  readonly driver?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly sample?: string;
  readonly trained?: ReadonlyMap<string, TensorData>;
  readonly goldenCase?: GoldenCase;
}

/** What was asked for does not exist or is out of range; the message is one sentence for the reader. */
export class RunSpecError extends Error {
  override readonly name = 'RunSpecError';
}

/**
 * Puts a run together.
 * @throws {RunSpecError} for an unknown driver, sample or config name, for values out of their range or that something else decides, and
 * for trained weights that do not fit
 */
export function makeRunSpec(entry: Entry, choice: RunChoiceInput): RunSpec {
  const { mini } = entry;
  if (!mini) throw new RunSpecError(`${entry.id} has no mini.`);
  const { goldenCase } = choice;
  if (goldenCase) checkCase(entry, mini, goldenCase);
  const sample =
    choice.sample === undefined
      ? undefined
      : mini.samples.find(candidate => candidate.name === choice.sample);
  if (choice.sample !== undefined && !sample) {
    throw new RunSpecError(
      `${entry.id} has no sample ${choice.sample}; it has ${listed(mini.samples.map(it => it.name))}.`,
    );
  }
  const wanted =
    choice.driver ??
    (goldenCase && driverForCase(mini, goldenCase)?.name) ??
    sample?.driver ??
    mini.drivers[0]?.name;
  const driver = mini.drivers.find(candidate => candidate.name === wanted);
  if (!driver) {
    throw new RunSpecError(
      `${entry.id} has no driver ${wanted}; it has ${listed(mini.drivers.map(it => it.name))}.`,
    );
  }
  if (choice.trained && !fitsTrained(mini, driver, sample)) {
    throw new RunSpecError(
      `The trained weights of ${entry.id} do not fit ${sample ? `the sample ${sample.name}` : `the driver ${driver.name}`}.`,
    );
  }
  const configChoice = { driver, sample, trained: choice.trained !== undefined };
  const given = givenConfig(mini, configChoice);
  const fixed = fixedConfig(mini, configChoice);
  for (const [name, value] of Object.entries(choice.config ?? {})) {
    checkConfig(entry, mini, driver, name, value);
    const by = fixed.get(name);
    if (by && JSON.stringify(value) !== JSON.stringify(given[name])) {
      const subject = { driver: driver.name, sample: sample?.name ?? '', trained: mini.trained ?? '' }[by];
      throw new RunSpecError(`${name} is ${JSON.stringify(given[name])} with ${FIXED_BY[by]} ${subject}.`);
    }
  }
  return {
    entry: { ...entry, mini },
    driver,
    config: { ...given, ...goldenCase?.config, ...choice.config },
    seed: choice.seed ?? goldenCase?.seed ?? 0,
    ...(sample ? { sample } : {}),
    ...(choice.trained ? { trained: choice.trained } : {}),
    ...(goldenCase ? { goldenCase } : {}),
  };
}

const FIXED_BY: Readonly<Record<FixedBy, string>> = {
  driver: 'the driver',
  sample: 'the sample',
  trained: 'the trained weights',
};

/**
 * The driver of a case: the one with its id, else the one whose inputs are the case's; of several, the one whose own config and
 * intermediates fit best. A driver that plants stand-ins for parts of the model is for samples: a case means the model as it is.
 */
function driverForCase(mini: Mini, goldenCase: GoldenCase): Driver | undefined {
  const exact = mini.drivers.find(driver => driver.name === goldenCase.id);
  if (exact) return exact;
  const given = new Set(goldenCase.inputs.map(input => input.name));
  const asked = (goldenCase.intermediates ?? []).map(intermediate => intermediate.name);
  const score = (driver: Driver): number => {
    const needed = driver.inputs.filter(input => input.rule !== 'explicit' || input.values);
    const lacking = needed.filter(input => !given.has(input.name)).length;
    const unknown = [...given].filter(name => !driver.inputs.some(input => input.name === name)).length;
    // What the driver would decide for itself (a mask, a mode) counts against it where the case says otherwise, or nothing.
    const own = Object.entries(driver.config ?? {});
    const alike = own.filter(
      ([name, value]) => JSON.stringify(goldenCase.config[name]) === JSON.stringify(value),
    ).length;
    const unasked = driver.inputs.filter(input => !given.has(input.name)).length;
    const answered = asked.filter(name => driver.intermediates?.[name] !== undefined).length;
    return (
      answered / Math.max(1, asked.length) +
      (2 * alike - own.length) / Math.max(1, own.length) / 2 -
      unasked / 4 -
      10 * (lacking + unknown)
    );
  };
  const whole = mini.drivers.filter(driver => !driver.standIns);
  return [...(whole.length > 0 ? whole : mini.drivers)].sort((a, b) => score(b) - score(a))[0];
}

/** Cases may leave the sliders' ranges and hold keys of their own, but not other kinds of values. */
function checkCase(entry: Entry, mini: Mini, goldenCase: GoldenCase): void {
  if (goldenCase.entry !== entry.id && !mini.drivers.some(driver => driver.name === goldenCase.id)) {
    throw new RunSpecError(`The case ${goldenCase.id} is one of ${goldenCase.entry}, not of ${entry.id}.`);
  }
  for (const [name, { default: usual }] of Object.entries(mini.config)) {
    const value = goldenCase.config[name];
    if (value === undefined || value === null || typeof value === 'object') continue;
    if (typeof value !== typeof usual) {
      throw new RunSpecError(
        `config.${name} of the case is a ${typeof usual}, not ${JSON.stringify(value)}.`,
      );
    }
  }
}

function checkConfig(entry: Entry, mini: Mini, driver: Driver, name: string, value: unknown): void {
  const known = Object.hasOwn(mini.config, name) ? mini.config[name] : undefined;
  if (!known) {
    if (driver.config && Object.hasOwn(driver.config, name)) return;
    throw new RunSpecError(`${entry.id} has no config ${name}; it has ${listed(Object.keys(mini.config))}.`);
  }
  if (typeof value !== typeof known.default) {
    throw new RunSpecError(`${name} is a ${typeof known.default}, not ${JSON.stringify(value)}.`);
  }
  if (known.options && !known.options.includes(value as number | string)) {
    throw new RunSpecError(`${name} is one of ${listed(known.options.map(String))}, not ${String(value)}.`);
  }
  if (typeof value !== 'number') return;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = known;
  const whole = Number.isInteger(known.default) && Number.isInteger(known.step ?? 1);
  if (!(value >= min && value <= max)) {
    throw new RunSpecError(`${name} goes from ${min} to ${max}; ${value} is out of that range.`);
  }
  if (whole && !Number.isInteger(value)) throw new RunSpecError(`${name} is a whole number, not ${value}.`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
