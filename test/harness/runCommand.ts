import { spawn } from 'node:child_process';

/** What a finished command left behind. */
export interface CommandResult {
  /** Exit code; `null` when it was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
}

/** Options of {@link runCommand}. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output while it is produced. */
  readonly echo?: boolean;
}

/** Runs a command to its end and keeps what it printed; a missing program gives code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise(resolve => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (options.echo) process.stdout.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', error => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', code => resolve({ code, output }));
  });
}

/**
 * Runs a command that must succeed.
 * @throws Error with the end of its output when it does not.
 */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, output } = await runCommand(command, args, options);
  if (code !== 0)
    throw new Error(`\`${command} ${args.join(' ')}\` ended with ${code}:\n${output.trim().slice(-1500)}`);
  return output;
}
