import type { Entry } from '../core/atlas/schema.ts';
import { cliAtlas } from './assets.ts';
import { type Command, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const minisCommand: Command = {
  name: 'minis',
  usage: '[ENTRY…] [--json]',
  summary: 'list the entries that run: their drivers, configs with ranges, and samples',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const atlas = await cliAtlas(io);
    for (const id of positionals) {
      if (!atlas.entry(id)?.mini) throw new UsageError(`${id} is no entry that runs`);
    }
    const entries = atlas.entries.filter(
      entry => entry.mini && (positionals.length === 0 || positionals.includes(entry.id)),
    );
    if (values.json) io.out(`${JSON.stringify(entries.map(miniJson), null, 2)}\n`);
    else for (const entry of entries) io.out(describe(entry));
    return 0;
  },
};

/** `minis --json`: `docs/schemas/minis.schema.json`. */
function miniJson(entry: Entry) {
  const mini = entry.mini!;
  return {
    entry: entry.id,
    file: mini.file,
    trained: mini.trained ?? null,
    config: Object.entries(mini.config).map(([name, it]) => ({
      name,
      default: it.default,
      min: it.min ?? null,
      max: it.max ?? null,
      step: it.step ?? null,
      options: it.options ?? null,
      label: it.label,
    })),
    drivers: mini.drivers.map(driver => ({
      name: driver.name,
      config: driver.config ?? {},
      inputs: driver.inputs.map(({ name, shape, dtype, rule }) => ({ name, shape, dtype, rule })),
      intermediates: Object.keys(driver.intermediates ?? {}),
    })),
    samples: mini.samples.map(({ name, title, text, driver, weights }) => ({
      name,
      title,
      text,
      driver: driver ?? mini.drivers[0]!.name,
      weights: weights ?? 'rule',
    })),
    invariants: (mini.invariants ?? []).map(({ id, text }) => ({ id, text })),
  };
}

function describe(entry: Entry): string {
  const mini = entry.mini!;
  const lines = [`${entry.id}${mini.trained ? ` (trained weights: ${mini.trained})` : ''}`];
  lines.push(`    drivers  ${mini.drivers.map(driver => driver.name).join(', ')}`);
  for (const [name, { default: value, min, max, options }] of Object.entries(mini.config)) {
    const range = options ? `one of ${options.join(', ')}` : min === undefined ? '' : `${min} to ${max}`;
    lines.push(`    config   ${name} = ${value}${range ? ` (${range})` : ''}`);
  }
  for (const { name, title, weights } of mini.samples) {
    lines.push(`    sample   ${name}${weights === 'trained' ? ' (trained)' : ''}: ${title.en}`);
  }
  return `${lines.join('\n')}\n`;
}
