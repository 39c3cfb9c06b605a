import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { repoRoot } from '../test/harness/paths.ts';

/** What the package may weigh; eleven of it are the two builds of onnxruntime-web that the panel chooses from. */
const limit = 19_000_000;
/** What must not slip in: it is for those who build, or for npm. */
const foreign = /\.(ts|tsx|map|py|mjs)$|^(src|test|scripts|webview|packs|node_modules)\/|^dist\/cli\.js$/;

/** A finished package. */
export interface Vsix {
  readonly path: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

/**
 * Packs what dist/ and the manifest hold into one VSIX; the build must have run.
 * @throws Error when it is too heavy, holds what does not run, or lacks a file that the manifest names.
 */
export async function makeVsix(path: string): Promise<Vsix> {
  const files = await listFiles({ cwd: repoRoot, packageManager: PackageManager.None });
  const strangers = files.filter(file => foreign.test(file));
  if (strangers.length > 0) throw new Error(`These do not belong into the package: ${strangers.join(', ')}`);
  const missing = (await namedInManifest()).filter(
    name => !files.some(file => file === name || file === `${name}.js`),
  );
  if (missing.length > 0) throw new Error(`package.json names what is not packaged: ${missing.join(', ')}`);

  const forgotten = (await built()).filter(file => file !== 'dist/cli.js' && !files.includes(file));
  if (forgotten.length > 0) throw new Error(`.vscodeignore does not let in: ${forgotten.join(', ')}`);

  await createVSIX({
    cwd: repoRoot,
    packagePath: path,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(path);
  if (size > limit)
    throw new Error(`${path} is ${(size / 1e6).toFixed(1)} MB; ${limit / 1e6} MB are allowed.`);
  return { path, files, bytes: size };
}

/** Everything that the build has made; source maps are left behind by `npm run watch`. */
async function built(): Promise<string[]> {
  const entries = await readdir(join(repoRoot, 'dist'), { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && !entry.name.endsWith('.map'))
    .map(entry => relative(repoRoot, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** The files that package.json names by a relative path, wherever in it. */
async function namedInManifest(): Promise<string[]> {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  const { main, browser, contributes } = manifest;
  const named: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith('./')) named.push(value.slice(2));
    else if (value && typeof value === 'object') Object.values(value).forEach(collect);
  };
  collect({ main, browser, contributes });
  return named;
}
