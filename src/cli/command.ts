/** What a command may do to the world around it; tests hand in their own. */
export interface CliIo {
  /** Writes to stdout, without adding a line break. */
  readonly out: (text: string) => void;
  /** Writes one line to stderr. */
  readonly error: (line: string) => void;
  readonly cwd: string;
}

/** 0 done, matches or none; 1 the check that was asked for fails; 2 wrong use or input. */
export type ExitCode = 0 | 1 | 2;

/** One word of the command line. New ones are registered in `commands.ts`. */
export interface Command {
  readonly name: string;
  /** What follows the name: `PATH… [--json]`. */
  readonly usage: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** @throws {UsageError} when the arguments are not as `usage` says */
  readonly run: (args: readonly string[], io: CliIo) => Promise<ExitCode>;
}

/** Wrong use: said in one line with the command's usage, exit code 2. */
export class UsageError extends Error {}

/** Input that is not there or not readable: said in one line, exit code 2. */
export class InputError extends Error {}
