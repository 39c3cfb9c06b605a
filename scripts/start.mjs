// `npm start [-- FOLDER]`: from a fresh clone to an editor with the extension in it.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureInstalled, root, run, runForeground, stop } from './ensureInstalled.mjs';

const args = process.argv.slice(2);
const folder = args.find(arg => !arg.startsWith('-'));
// npm runs scripts in the repository; INIT_CWD is where the reader typed the command.
const path = folder === undefined ? resolve(root, 'samples') : resolve(process.env.INIT_CWD ?? '.', folder);
if (!existsSync(path) || !statSync(path).isDirectory()) stop(`${path} is not a folder.`);

ensureInstalled();
run(process.execPath, ['esbuild.mjs'], 'The build failed: its message is above.');
process.exitCode = await runForeground(process.execPath, [
  '--import',
  'tsx',
  'scripts/openEditor.ts',
  path,
  ...args.filter(arg => arg.startsWith('-')),
]);
