import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { importSolutions, MAX_NOTE_LENGTH } from '../core/solutions/importSolutions.ts';
import { packYaml } from '../core/solutions/packYaml.ts';
import { reportText } from '../core/solutions/reportText.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { cliParser } from './assets.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const importCommand: Command = {
  name: 'import',
  usage: 'FILE.md [-o PACK.yaml]',
  summary: 'make a pack of a Markdown file of solutions; says line by line what was used and what not',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, { output: { type: 'string', short: 'o' } });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageError('import needs one Markdown file');
    const path = resolve(io.cwd, file);
    const readable = async () => {
      // Bytes are at the most four a character.
      const { size } = await stat(path);
      if (size > 4 * MAX_NOTE_LENGTH) throw new InputError(`is longer than ${MAX_NOTE_LENGTH} characters`);
      return readFile(path, 'utf8');
    };
    const text = await readable().catch((error: unknown) => {
      throw new InputError(`${file}: ${error instanceof InputError ? error.message : reasonOf(error)}`);
    });
    const parser = await cliParser();
    try {
      const { pack, report } = importSolutions(text, parser, { file: basename(path) });
      for (const line of reportText(file, report).trimEnd().split('\n')) io.error(line);
      if (!pack) return 1;
      if (values.output === undefined) io.out(packYaml(pack));
      else {
        await writeFile(resolve(io.cwd, values.output), packYaml(pack)).catch((error: unknown) => {
          throw new InputError(`${values.output}: ${reasonOf(error)}`);
        });
      }
      return 0;
    } finally {
      parser.dispose();
    }
  },
};
