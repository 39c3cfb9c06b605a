/** What `vscode.LogOutputChannel` and tests offer. Nothing leaves the machine. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
