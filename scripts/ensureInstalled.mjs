// Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Ends the process with one sentence. */
export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Runs a program in the repository and ends this process when it fails. */
export function run(command, args, failure) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(failure);
}

/** Installs what package-lock.json names, unless that was done since the file last changed. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    stop(`Equation Lens needs Node 20 or newer; this is ${process.version} (https://nodejs.org).`);
  }
  const lock = join(root, 'package-lock.json');
  const done = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund'],
    '`npm ci` failed: its own message is above; most often the npm registry cannot be reached.',
  );
}
