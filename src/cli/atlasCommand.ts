import { cliAtlas } from './assets.ts';
import { atlasJson } from './atlasJson.ts';
import { type Command, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const atlasCommand: Command = {
  name: 'atlas',
  usage: '[--json] [--packs DIR]',
  summary: 'list the entries: equations, symbols and steps of every function the lens knows',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      json: { type: 'boolean' },
      packs: { type: 'string' },
    });
    if (positionals.length > 0) throw new UsageError('atlas takes no arguments');
    const atlas = await cliAtlas(io, values.packs);
    if (values.json) io.out(`${JSON.stringify(atlasJson(atlas), null, 2)}\n`);
    else {
      for (const entry of atlas.entries) {
        const exercises = entry.exercises.length > 0 ? ` (${entry.exercises.join(', ')})` : '';
        io.out(`${entry.id}${exercises} ${entry.title.en}\n`);
      }
    }
    return 0;
  },
};
