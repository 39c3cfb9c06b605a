import type { Driver, Mini, Sample } from '../atlas/schema.ts';

/** What decides the config before the reader moves anything. */
export interface ConfigChoice {
  readonly driver: Driver;
  readonly sample?: Sample | undefined;
  /** Trained weights are used. */
  readonly trained: boolean;
}

/** Who holds a value of the config in its place. */
export type FixedBy = 'driver' | 'sample' | 'trained';

/** Defaults, the driver's and the sample's values; those of the trained weights stand above all, for there is only one size of them. */
export function givenConfig(mini: Mini, choice: ConfigChoice): Readonly<Record<string, unknown>> {
  const defaults = Object.fromEntries(
    Object.entries(mini.config).map(([name, { default: value }]) => [name, value]),
  );
  return { ...defaults, ...choice.driver.config, ...choice.sample?.config, ...trainedConfig(mini, choice) };
}

/** The names of the config that the reader cannot choose, and why. */
export function fixedConfig(mini: Mini, choice: ConfigChoice): ReadonlyMap<string, FixedBy> {
  const fixed = new Map<string, FixedBy>();
  for (const name of Object.keys(trainedConfig(mini, choice))) fixed.set(name, 'trained');
  for (const name of choice.sample?.fixed ?? []) fixed.set(name, 'sample');
  for (const name of choice.driver.fixed ?? []) fixed.set(name, 'driver');
  return fixed;
}

/** Whether the mini's trained weights can be used with a driver and a sample: their structure, and the dims that the two insist on. */
export function fitsTrained(mini: Mini, driver: Driver, sample: Sample | undefined): boolean {
  if (mini.trained === undefined || driver.trained === false) return false;
  const own = givenConfig(mini, { driver, sample, trained: false });
  return [...(driver.fixed ?? []), ...(sample?.fixed ?? [])].every(
    name =>
      mini.trainedConfig?.[name] === undefined ||
      JSON.stringify(mini.trainedConfig[name]) === JSON.stringify(own[name]),
  );
}

/** A sample for the trained weights is made of their pictures and words: it has their dims with other weights, too. */
function trainedConfig(mini: Mini, { sample, trained }: ConfigChoice): Readonly<Record<string, unknown>> {
  return (trained || sample?.weights === 'trained') && mini.trainedConfig ? mini.trainedConfig : {};
}
