import { answerCommand } from './answerCommand.ts';
import { atlasCommand } from './atlasCommand.ts';
import { checkCommand } from './checkCommand.ts';
import type { Command } from './command.ts';
import { drawCommand } from './drawCommand.ts';
import { importCommand } from './importCommand.ts';
import { insertCommand } from './insertCommand.ts';
import { minisCommand } from './minisCommand.ts';
import { recognizeCommand } from './recognizeCommand.ts';
import { reportCommand } from './reportCommand.ts';
import { runCommand } from './runCommand.ts';
import { scaffoldCommand } from './scaffoldCommand.ts';
import { typesetCommand } from './typesetCommand.ts';

/** Every command, in the order of `--help`. A new one is one file in this folder and one line here. */
export const commands: readonly Command[] = [
  recognizeCommand,
  atlasCommand,
  typesetCommand,
  reportCommand,
  scaffoldCommand,
  importCommand,
  checkCommand,
  runCommand,
  minisCommand,
  drawCommand,
  answerCommand,
  insertCommand,
];
