// Plain JavaScript: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * Runs a program in the repository and hands on the signals that end this process, so that nothing is left running.
 * @returns its exit code.
 */
export function runForeground(command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    const handOn = signal => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => handOn(signal));
    child.on('close', code => resolve(code ?? 1));
  });
}

/** What is in node_modules is what package-lock.json names; optional packages of other platforms may be missing. */
function installed() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const packagesOf = file => JSON.parse(readFileSync(file, 'utf8')).packages;
  const there = packagesOf(hidden);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([place, wanted]) =>
      place === '' || (place in there ? there[place].version === wanted.version : wanted.optional === true),
  );
}

/** Installs what package-lock.json names, unless that is there already. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    stop(`Equation Lens needs Node 20 or newer; this is ${process.version} (https://nodejs.org).`);
  }
  if (installed()) return;
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund'],
    '`npm ci` failed: its own message is above; most often the npm registry cannot be reached.',
  );
}
