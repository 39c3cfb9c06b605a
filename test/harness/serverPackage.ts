import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './paths.ts';
import { mustRun } from './runCommand.ts';

/** A VS Code server on disk, ready to be started. */
export interface ServerPackage {
  /** Folder that holds `out/server-main.js`. */
  readonly root: string;
  /** The Node binary to start it with. */
  readonly node: string;
}

/** A code-server, which contains the VS Code of the same number, and the Node that it is built for. */
export interface ServerVersion {
  readonly codeServer: string;
  readonly nodeMajor: number;
}

/** VS Code 1.100.3, the oldest that `engines.vscode` allows. */
export const OLDEST_SERVER: ServerVersion = { codeServer: '4.100.3', nodeMajor: 20 };
/** A later one, without the second that VS Code 1.99 and 1.100 lose whenever a webview opens (microsoft/vscode#245756). */
export const LATER_SERVER: ServerVersion = { codeServer: '4.104.0', nodeMajor: 22 };
const ripgrepVersion = '1.18.0';

/**
 * The VS Code server that the npm package `code-server` contains, fetched once into the cache folder. Nothing is compiled and
 * no install script runs; besides npm only `tar` is needed.
 *
 * @param say told in one line what is being fetched.
 * @throws Error when the registry cannot be reached.
 */
export async function serverPackage(
  say: (line: string) => void,
  { codeServer: codeServerVersion, nodeMajor }: ServerVersion = OLDEST_SERVER,
): Promise<ServerPackage> {
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const home = join(cache, `code-server-${codeServerVersion}`);
  if (!existsSync(home)) {
    say(
      `Fetching the VS Code server (code-server ${codeServerVersion} from npm, about 30 MB) into ${cache} …`,
    );
    await inTemporaryFolder(cache, async folder => {
      await unpack(`code-server@${codeServerVersion}`, folder, [
        'package/lib/vscode',
        'package/LICENSE',
        'package/ThirdPartyNotices.txt',
      ]);
      const root = join(folder, 'package', 'lib', 'vscode');
      await mustRun('npm', ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'], {
        cwd: root,
      });
      await removeSourceMaps(root);
      await placeRipgrep(folder, root);
      await moveInto(join(folder, 'package'), home);
    });
  }
  return { root: join(home, 'lib', 'vscode'), node: await nodeBinary(cache, nodeMajor, say) };
}

/** `findFiles` starts ripgrep from this place; the package's own installer, which would download it, has not run. */
async function placeRipgrep(folder: string, root: string): Promise<void> {
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const place = join(folder, 'ripgrep');
  await mkdir(place);
  const name = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  await unpack(`${name}@${ripgrepVersion}`, place, [`package/bin/${binary}`]);
  const bin = join(root, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(bin, { recursive: true });
  await copyFile(join(place, 'package', 'bin', binary), join(bin, binary));
  await chmod(join(bin, binary), 0o755);
}

async function nodeBinary(cache: string, nodeMajor: number, say: (line: string) => void): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) === nodeMajor) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const home = join(cache, `${name}-${nodeMajor}`);
  const binary = join('bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(home)) {
    say(`Fetching Node ${nodeMajor} (${name} from npm), which the VS Code server wants …`);
    await inTemporaryFolder(cache, async folder => {
      await unpack(`${name}@${nodeMajor}`, folder, ['package']);
      await moveInto(join(folder, 'package'), home);
    });
  }
  return join(home, binary);
}

/** Fetches a package with npm and extracts the named members of it into `folder`. */
async function unpack(spec: string, folder: string, members: readonly string[]): Promise<void> {
  await mustRun('npm', ['pack', spec, '--silent', '--pack-destination', folder], { cwd: folder });
  const archive = (await readdir(folder)).find(name => name.endsWith('.tgz'));
  if (!archive) throw new Error(`npm pack ${spec} left no archive.`);
  await mustRun('tar', ['-xzf', archive, ...members], { cwd: folder });
  await rm(join(folder, archive));
}

async function removeSourceMaps(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.map')) await rm(join(entry.parentPath, entry.name));
  }
}

async function inTemporaryFolder(cache: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(cache, 'fetch-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Renames in one step, so that an interrupted fetch never looks finished; two fetches at once are fine. */
async function moveInto(from: string, to: string): Promise<void> {
  await writeFile(join(from, 'fetched.txt'), `${new Date().toISOString()}\n`);
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
