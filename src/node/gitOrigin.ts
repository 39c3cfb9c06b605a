import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The git clone a path lies in. */
export interface GitOrigin {
  /** Folder of the clone. */
  readonly root: string;
  /** `owner/name`, where the remote is one of a hosting service. */
  readonly remote?: string;
  /** `https://host/owner/name`, where there is such a page. */
  readonly web?: string;
  /** Full hash of the commit that is checked out. */
  readonly commit?: string;
}

/** Reads `.git` itself, so that no git program is needed. Undefined outside a clone. */
export async function gitOrigin(path: string): Promise<GitOrigin | undefined> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const git = await gitFolder(join(folder, '.git'));
    if (git) return { root: folder, ...(await remoteOf(git)), ...(await commitOf(git)) };
    if (dirname(folder) === folder) return undefined;
  }
}

/** A file's path inside its clone, `/` between the parts. */
export function pathInClone(origin: GitOrigin, file: string): string {
  return relative(origin.root, resolve(file)).split(sep).join('/');
}

/** `.git` is a folder, or in a worktree or submodule a file that names one. */
async function gitFolder(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).isDirectory())
      return (await text(join(path, 'HEAD'))) === undefined ? undefined : path;
    const target = /^gitdir:\s*(.+)$/m.exec((await text(path)) ?? '')?.[1];
    return target === undefined ? undefined : resolve(dirname(path), target.trim());
  } catch {
    return undefined;
  }
}

async function commonFolder(git: string): Promise<string> {
  const common = await text(join(git, 'commondir'));
  return common === undefined ? git : resolve(git, common.trim());
}

async function remoteOf(git: string): Promise<{ remote?: string; web?: string }> {
  const config = (await text(join(await commonFolder(git), 'config'))) ?? '';
  const section =
    /\[remote "origin"\]([^[]*)/.exec(config)?.[1] ?? /\[remote "[^"]*"\]([^[]*)/.exec(config)?.[1];
  const url = /^\s*url\s*=\s*(\S+)/m.exec(section ?? '')?.[1];
  // https://host/owner/name(.git), git@host:owner/name.git, ssh://git@host/owner/name
  const parts = /^(?:\w+:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
    url ?? '',
  );
  if (!parts) return {};
  const [, host, owner, name] = parts;
  return { remote: `${owner}/${name}`, web: `https://${host}/${owner}/${name}` };
}

async function commitOf(git: string): Promise<{ commit?: string }> {
  const head = (await text(join(git, 'HEAD')))?.trim() ?? '';
  const ref = /^ref:\s*(.+)$/.exec(head)?.[1];
  const isHash = (hash: string | undefined) => hash !== undefined && /^[0-9a-f]{40,64}$/.test(hash);
  if (ref === undefined) return isHash(head) ? { commit: head } : {};
  const common = await commonFolder(git);
  const loose = ((await text(join(git, ref))) ?? (await text(join(common, ref))))?.trim();
  if (loose !== undefined && isHash(loose)) return { commit: loose };
  const packed = (await text(join(common, 'packed-refs'))) ?? '';
  const line = packed.split('\n').find(it => it.endsWith(` ${ref}`));
  const hash = line?.split(' ')[0];
  return hash !== undefined && isHash(hash) ? { commit: hash } : {};
}

async function text(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
