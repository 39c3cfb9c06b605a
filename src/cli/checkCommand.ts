import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkPack, MAX_PACK_LENGTH } from '../core/atlas/checkPack.ts';
import { formatProblem } from '../core/atlas/packProblem.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const checkCommand: Command = {
  name: 'check',
  usage: 'PACK.yaml…',
  summary: 'check packs; exit 1 with file:line:column for everything that is wrong',
  run: async (args, io) => {
    const { positionals } = parseOptions(args, {});
    if (positionals.length === 0) throw new UsageError('check needs a pack file');
    let failed = false;
    for (const file of positionals) {
      const path = resolve(io.cwd, file);
      const unreadable = (error: unknown): never => {
        throw new InputError(`${file}: ${reasonOf(error)}`);
      };
      const { size } = await stat(path).catch(unreadable);
      if (size > 4 * MAX_PACK_LENGTH)
        throw new InputError(`${file}: is longer than ${MAX_PACK_LENGTH} characters`);
      const text = await readFile(path, 'utf8').catch(unreadable);
      const { pack, problems } = checkPack({ path: file, text });
      for (const problem of problems) {
        io.error(`${formatProblem(problem)}${problem.severity === 'warning' ? ' (warning)' : ''}`);
        if (problem.severity === 'error') failed = true;
      }
      if (pack) io.out(`${file}: ${pack.entries.length} entries\n`);
      else failed = true;
    }
    return failed ? 1 : 0;
  },
};
