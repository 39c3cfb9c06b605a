import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { flowYaml } from '../core/recognition/flowYaml.ts';
import { scaffoldPack } from '../core/recognition/scaffoldPack.ts';
import { scaffoldSignature, signatureYaml } from '../core/recognition/scaffoldSignature.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { gitOrigin, pathInClone } from '../node/gitOrigin.ts';
import { cliParser } from './assets.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const scaffoldCommand: Command = {
  name: 'scaffold',
  usage: 'FILE.py QUALNAME [--root CLONE] [--pack SYSTEM]',
  summary:
    'print the beginnings of a pack entry for a function: signature, symbols, statement patterns; with --pack a whole pack to fill in',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      root: { type: 'string' },
      pack: { type: 'string' },
    });
    const [file, qualname] = positionals;
    if (file === undefined || qualname === undefined || positionals.length > 2) {
      throw new UsageError('scaffold needs a file and the qualified name of a function in it');
    }
    const path = resolve(io.cwd, file);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new InputError(`${file}: ${reasonOf(error)}`);
    });
    const parser = await cliParser();
    try {
      const outline = parser.outline(text);
      const fn = outline.functions.find(it => it.qualname === qualname);
      if (!fn) {
        const names = outline.functions.map(it => it.qualname).join(', ');
        throw new InputError(`${file}: no function ${qualname}; there are ${names || 'none'}`);
      }
      const origin =
        values.root === undefined ? await gitOrigin(path) : { root: resolve(io.cwd, values.root) };
      const inClone = origin ? pathInClone(origin, path) : file;
      if (values.pack !== undefined) {
        io.out(scaffoldPack(outline, fn, { path: inClone, lines: text.split(/\r?\n/), system: values.pack }));
        return 0;
      }
      const scaffold = scaffoldSignature(outline, fn, inClone);
      io.out(signatureYaml(scaffold.signature, ''));
      io.out(`# symbols: ${scaffold.symbols.join(', ')}\nsteps:\n`);
      for (const [index, step] of scaffold.steps.entries()) {
        const [start, end] = step.lines;
        const where = start === end ? `line ${start}` : `lines ${start}–${end}`;
        io.out(`  - id: s${index + 1} # ${where}\n    match:\n      - ${flowYaml(step.match)}\n`);
      }
      return 0;
    } finally {
      parser.dispose();
    }
  },
};
