// `npm test`: installs what is missing, then hands over to the TypeScript runner.
import { ensureInstalled, runForeground } from './ensureInstalled.mjs';

ensureInstalled();
process.exitCode = await runForeground(process.execPath, [
  '--import',
  'tsx',
  'scripts/runTests.ts',
  ...process.argv.slice(2),
]);
