import { commands } from './cli/commands.ts';
import { runCli } from './cli/runCli.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `equation-lens … | head` closes the pipe: that is no failure.
  if (error.code === 'EPIPE') process.exit(0);
});
process.exitCode = await runCli(process.argv.slice(2), commands, {
  out: text => process.stdout.write(text),
  error: line => process.stderr.write(`${line}\n`),
  cwd: process.cwd(),
});
