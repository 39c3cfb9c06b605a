import { atlasCommand } from './atlasCommand.ts';
import type { Command } from './command.ts';
import { recognizeCommand } from './recognizeCommand.ts';
import { reportCommand } from './reportCommand.ts';
import { scaffoldCommand } from './scaffoldCommand.ts';
import { typesetCommand } from './typesetCommand.ts';

/** Every command, in the order of `--help`. A new one is one file in this folder and one line here. */
export const commands: readonly Command[] = [
  recognizeCommand,
  atlasCommand,
  typesetCommand,
  reportCommand,
  scaffoldCommand,
];
