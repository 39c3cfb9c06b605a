import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { repoRoot } from '../test/harness/paths.ts';
import { mustRun } from '../test/harness/runCommand.ts';
import { makeVsix } from './makeVsix.ts';

await mustRun(process.execPath, ['esbuild.mjs', '--clean'], { cwd: repoRoot, echo: true });
const vsix = await makeVsix(join(repoRoot, `${manifest.name}-${manifest.version}.vsix`));
console.log(`${vsix.path}: ${vsix.files.length} files, ${(vsix.bytes / 1e6).toFixed(2)} MB`);
console.log(`Install it with: code --install-extension ${vsix.path}`);
