import type { Mini } from '../atlas/schema.ts';
import { type ConfigChoice, type FixedBy, fixedConfig, givenConfig } from './fixedConfig.ts';

export type ConfigValue = number | boolean | string;

/** A value of the config as the reader may see it. */
export interface ConfigControl {
  readonly name: string;
  readonly config: Mini['config'][string];
  readonly value: ConfigValue;
  readonly kind: 'choice' | 'switch' | 'slider';
  /** What keeps it where it is; undefined where the reader may move it. */
  readonly fixed: FixedBy | undefined;
}

/**
 * The controls of a run: the config values that the driver, its inputs or the sample ask for, since a slider that moves nothing only
 * puzzles.
 * @param chosen the reader's values; where something is fixed they do not count
 */
export function configControls(
  mini: Mini,
  choice: ConfigChoice,
  chosen: Readonly<Record<string, unknown>> = {},
): ConfigControl[] {
  const { driver, sample } = choice;
  const shapes = driver.inputs.flatMap(input => [...input.shape, input.vocab ?? '']).join(' ');
  const text = `${driver.code ?? ''} ${sample?.code ?? ''} ${shapes}`;
  const given = givenConfig(mini, choice);
  const fixed = fixedConfig(mini, choice);
  return Object.entries(mini.config).flatMap(([name, config]) => {
    if (!new RegExp(`\\b${name}\\b`).test(text)) return [];
    const value = fixed.has(name) ? given[name] : (chosen[name] ?? given[name]);
    const kind = kindOf(config, value);
    return kind && isConfigValue(value) ? [{ name, config, value, kind, fixed: fixed.get(name) }] : [];
  });
}

/** The reader's values without those that something else decides. */
export function movableConfig<T>(
  mini: Mini,
  choice: ConfigChoice,
  chosen: Readonly<Record<string, T>>,
): Record<string, T> {
  const fixed = fixedConfig(mini, choice);
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => !fixed.has(name)));
}

/** A number without a range is a constant of the case, and what a driver replaces by nothing or by a list is no slider either. */
function kindOf(config: Mini['config'][string], value: unknown): ConfigControl['kind'] | undefined {
  if (config.options) return 'choice';
  if (typeof config.default === 'boolean') return 'switch';
  const ranged = config.min !== undefined && config.max !== undefined;
  return typeof value === 'number' && ranged ? 'slider' : undefined;
}

function isConfigValue(value: unknown): value is ConfigValue {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
}
