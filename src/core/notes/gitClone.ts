/** The git clone that holds a folder, as far as its own files tell. */
export interface GitClone {
  /** Folder of the clone. */
  readonly root: string;
  /** `owner/name`. */
  readonly repository?: string;
  /** `https://host/owner/name`. */
  readonly web?: string;
  /** Full hash of what is checked out. */
  readonly commit?: string;
}

/** Text of a file by its path, undefined where there is none; the editor's file system or the disk. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** No clone is nested deeper than this below its root. */
const MAX_LEVELS = 40;

/**
 * Looks for `.git` upwards from a folder and reads it: no git program is needed. Worktrees and submodules (where `.git` is a file) and
 * packed refs are understood.
 * @param folder path with `/` between its parts
 */
export async function gitCloneOf(folder: string, read: ReadText): Promise<GitClone | undefined> {
  let root = folder.replace(/\/+$/, '');
  for (let level = 0; level < MAX_LEVELS; level++) {
    const git = await gitFolder(root, read);
    if (git !== undefined) {
      const common = await commonFolder(git, read);
      return {
        root,
        ...originOf((await read(`${common}/config`)) ?? ''),
        ...(await commitOf(git, common, read)),
      };
    }
    const parent = root.slice(0, Math.max(0, root.lastIndexOf('/')));
    if (root === '' || parent === root) return undefined;
    root = parent;
  }
  return undefined;
}

async function gitFolder(root: string, read: ReadText): Promise<string | undefined> {
  if ((await read(`${root}/.git/HEAD`)) !== undefined) return `${root}/.git`;
  const target = /^gitdir:\s*(.+)$/m.exec((await read(`${root}/.git`)) ?? '')?.[1]?.trim();
  return target === undefined ? undefined : resolved(root, target);
}

async function commonFolder(git: string, read: ReadText): Promise<string> {
  const common = (await read(`${git}/commondir`))?.trim();
  return common === undefined || common === '' ? git : resolved(git, common);
}

/** Owner, name and page of the remote: `origin`, else the first there is. */
export function originOf(config: string): { repository?: string; web?: string } {
  const section =
    /\[remote "origin"\]([^[]*)/.exec(config)?.[1] ?? /\[remote "[^"]*"\]([^[]*)/.exec(config)?.[1] ?? '';
  const url = /^[ \t]*url[ \t]*=[ \t]*(\S+)/m.exec(section)?.[1] ?? '';
  const [, host, owner, name] =
    /^(?:\w+:\/\/)?(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url) ?? [];
  if (host === undefined || owner === undefined || name === undefined) return {};
  return { repository: `${owner}/${name}`, web: `https://${host}/${owner}/${name}` };
}

async function commitOf(git: string, common: string, read: ReadText): Promise<{ commit?: string }> {
  const head = ((await read(`${git}/HEAD`)) ?? '').trim();
  const ref = /^ref:\s*(\S+)$/.exec(head)?.[1];
  if (ref === undefined) return hash(head);
  if (ref.split('/').includes('..')) return {};
  const loose = (await read(`${git}/${ref}`)) ?? (await read(`${common}/${ref}`));
  if (loose !== undefined) return hash(loose.trim());
  const packed = (await read(`${common}/packed-refs`)) ?? '';
  const line = packed.split(/\r?\n/).find(candidate => candidate.endsWith(` ${ref}`));
  return hash(line?.split(' ')[0] ?? '');
}

const hash = (text: string): { commit?: string } => (/^[0-9a-f]{40,64}$/.test(text) ? { commit: text } : {});

/** A path relative to a folder; absolute ones (also `C:/…`) stay. */
function resolved(folder: string, path: string): string {
  const forward = path.replaceAll('\\', '/');
  if (/^[A-Za-z]:\//.test(forward)) return `/${forward}`;
  if (forward.startsWith('/')) return forward;
  const parts = folder.split('/');
  for (const part of forward.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
