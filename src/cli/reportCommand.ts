import { stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Recognizer } from '../core/recognition/recognizer.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { gitOrigin, pathInClone } from '../node/gitOrigin.ts';
import { cliAtlas, cliParser } from './assets.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';
import { recognizedFiles } from './recognizedFiles.ts';
import { type ReportedFile, reportMarkdown } from './reportMarkdown.ts';

export const reportCommand: Command = {
  name: 'report',
  usage: 'DIR [-o FILE] [--language en|ja] [--packs DIR]',
  summary: 'write a Markdown report: per recognised function its equations, symbols and lines',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      output: { type: 'string', short: 'o' },
      language: { type: 'string' },
      packs: { type: 'string' },
    });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('report needs one folder');
    const language = values.language ?? 'en';
    if (language !== 'en' && language !== 'ja') throw new UsageError('--language is en or ja');
    const path = resolve(io.cwd, folder);
    const kind = await stat(path).catch((error: unknown) => {
      throw new InputError(`${folder}: ${reasonOf(error)}`);
    });
    if (!kind.isDirectory()) throw new InputError(`${folder} is no folder`);
    const origin = await gitOrigin(path);
    const atlas = await cliAtlas(io, values.packs);
    const parser = await cliParser();
    const files: ReportedFile[] = [];
    try {
      for await (const file of recognizedFiles(folder, parser, new Recognizer(atlas), io)) {
        if (file.matches.length === 0) continue;
        const { path: shown, matches } = file;
        const inClone = origin ? pathInClone(origin, file.file) : undefined;
        files.push(
          inClone === undefined ? { path: shown, matches } : { path: shown, matches, pathInClone: inClone },
        );
      }
    } finally {
      parser.dispose();
    }
    const title = origin?.remote ?? basename(path);
    const markdown = reportMarkdown(files, atlas, { title, language, ...(origin ? { origin } : {}) });
    if (values.output === undefined) io.out(markdown);
    else {
      await writeFile(resolve(io.cwd, values.output), markdown).catch((error: unknown) => {
        throw new InputError(`${values.output}: ${reasonOf(error)}`);
      });
    }
    return 0;
  },
};
