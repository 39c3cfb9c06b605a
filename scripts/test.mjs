// `npm test`: installs what is missing, then hands over to the TypeScript runner.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, root } from './ensureInstalled.mjs';

ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'scripts/runTests.ts', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
