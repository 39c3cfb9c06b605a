import { Recognizer } from '../core/recognition/recognizer.ts';
import { cliAtlas, cliParser } from './assets.ts';
import { type Command, UsageError } from './command.ts';
import { explainFile } from './explainFile.ts';
import { parseOptions } from './parseOptions.ts';
import { recognizedFiles } from './recognizedFiles.ts';
import { type RecognizedFunction, recognizedFunction } from './recognizedFunction.ts';

export const recognizeCommand: Command = {
  name: 'recognize',
  usage: 'PATH… [--json] [--why [--function QUALNAME]] [--packs DIR]',
  summary:
    'tell which functions of Python files or folders are entries of the atlas, and where their steps stand',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      json: { type: 'boolean' },
      packs: { type: 'string' },
      why: { type: 'boolean' },
      function: { type: 'string' },
    });
    if (positionals.length === 0) throw new UsageError('recognize needs a file or a folder');
    if (values.json && values.why)
      throw new UsageError('--why is for people, --json for programs: give one of them');
    const atlas = await cliAtlas(io, values.packs);
    const parser = await cliParser();
    const recognizer = new Recognizer(atlas);
    const all: RecognizedFunction[] = [];
    try {
      for (const argument of positionals) {
        for await (const file of recognizedFiles(argument, parser, recognizer, io)) {
          if (values.why) io.out(explainFile(file, recognizer, values.function));
          for (const { match, alignment } of file.matches)
            all.push(recognizedFunction(file.path, match, alignment));
        }
      }
    } finally {
      parser.dispose();
    }
    if (values.json) io.out(`${JSON.stringify(all, null, 2)}\n`);
    else if (!values.why) for (const it of all) io.out(describe(it));
    return 0;
  },
};

function describe(it: RecognizedFunction): string {
  const variant = it.variant === null ? '' : ` [${it.variant}]`;
  let text = `${it.path}:${it.line} ${it.qualname} → ${it.entry} ${it.confidence.toFixed(2)}${variant}\n`;
  for (const step of it.steps) text += `    ${lines(step)} ${step.id} (${step.equation})\n`;
  for (const difference of it.differences) text += `    ${lines(difference)} ≠ ${difference.id}\n`;
  if (it.unplaced.length > 0) text += `    unplaced: ${it.unplaced.join(', ')}\n`;
  return text;
}

const lines = (it: { startLine: number; endLine: number }) =>
  (it.startLine === it.endLine ? `${it.startLine}` : `${it.startLine}–${it.endLine}`).padEnd(9);
