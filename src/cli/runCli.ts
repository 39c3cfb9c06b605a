import { type CliIo, type Command, type ExitCode, UsageError } from './command.ts';

/** Runs one command line. Never throws: what goes wrong is one line on stderr and an exit code. */
export async function runCli(
  args: readonly string[],
  commands: readonly Command[],
  io: CliIo,
): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(help(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find(it => it.name === name);
  if (!command) {
    io.error(`equation-lens: no command "${name}"; there are ${commands.map(it => it.name).join(', ')}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(`equation-lens ${command.name} ${command.usage}\n${command.summary}\n`);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    const usage = error instanceof UsageError ? ` (usage: equation-lens ${name} ${command.usage})` : '';
    io.error(`equation-lens ${name}: ${message}${usage}`);
    return 2;
  }
}

function help(commands: readonly Command[]): string {
  const lines = commands.map(it => `  equation-lens ${it.name} ${it.usage}\n      ${it.summary}\n`);
  return `Equation Lens: which equation does this function compute?\n\n${lines.join('')}`;
}
