import { atlasCommand } from './atlasCommand.ts';
import type { Command } from './command.ts';
import { recognizeCommand } from './recognizeCommand.ts';
import { scaffoldCommand } from './scaffoldCommand.ts';

/** Every command, in the order of `--help`. A new one is one file in this folder and one line here. */
export const commands: readonly Command[] = [recognizeCommand, atlasCommand, scaffoldCommand];
