import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repoRoot } from '../harness/paths.ts';

/** Which extension host the tests are for. */
export type HostKind = 'desktop' | 'web';

/**
 * Bundles the host tests into out/.
 * @returns the path to give to VS Code as `extensionTestsPath`. It ends in `.cjs` for both hosts; see esbuild.mjs for why the web
 *   host's file has another name.
 */
export async function bundleHostTests(kind: HostKind): Promise<string> {
  const folder = join(repoRoot, 'test', 'host');
  const files = (await readdir(folder)).filter(name => name.endsWith('.test.ts'));
  const path = join(repoRoot, 'out', 'host', kind, 'index.cjs');
  await build({
    stdin: {
      contents: [
        `import { runMocha } from './runMocha.ts';`,
        `export const run = () => runMocha(${JSON.stringify(kind)}, async () => {`,
        ...files.map(name => `  require(${JSON.stringify(`./${name}`)});`),
        '});',
      ].join('\n'),
      resolveDir: folder,
      sourcefile: 'hostTests.ts',
      loader: 'ts',
    },
    outfile: kind === 'web' ? `${path}.js` : path,
    bundle: true,
    format: 'cjs',
    platform: kind === 'web' ? 'browser' : 'node',
    target: 'es2022',
    sourcemap: 'inline',
    external: ['vscode'],
    // The web host has no Node: the few assertions the tests use are our own there.
    alias: kind === 'web' ? { 'node:assert': join(folder, 'webAssert.ts') } : {},
    logLevel: 'warning',
  });
  return path;
}
