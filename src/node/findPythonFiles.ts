import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold no code of the reader's. */
const SKIPPED = new Set([
  'node_modules',
  '__pycache__',
  'venv',
  'env',
  'site-packages',
  'dist-packages',
  'build',
  'dist',
]);

/** Larger files are data, not code. In bytes. */
export const MAX_FILE_SIZE = 2_000_000;

export interface FoundFiles {
  /** Paths below the folder, sorted, `/` between their parts. */
  readonly files: readonly string[];
  /** What could not be read: a path and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Python files below a folder. Hidden folders, virtual environments, `node_modules` and files over 2 MB are passed over;
 * links to folders are followed once, so that loops end.
 */
export async function findPythonFiles(folder: string): Promise<FoundFiles> {
  const files: string[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  const visited = new Set<string>();
  const pending: string[] = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    try {
      const real = await realpath(join(folder, path));
      if (visited.has(real)) continue;
      visited.add(real);
      const items = await readdir(real, { withFileTypes: true });
      if (path !== '' && items.some(item => item.name === 'pyvenv.cfg')) continue;
      for (const item of items) {
        const below = path ? `${path}/${item.name}` : item.name;
        let isFolder = item.isDirectory();
        let isFile = item.isFile();
        const isPython = item.name.endsWith('.py');
        if (item.isSymbolicLink()) {
          const target = await stat(join(folder, below)).catch(() => undefined);
          isFolder = target?.isDirectory() ?? false;
          isFile = target?.isFile() ?? false;
        }
        if (isFolder && !item.name.startsWith('.') && !SKIPPED.has(item.name)) pending.push(below);
        else if (isFile && isPython) {
          const { size } = await stat(join(folder, below));
          if (size <= MAX_FILE_SIZE) files.push(below);
        }
      }
    } catch (error) {
      unreadable.push({ path: path || '.', reason: reasonOf(error) });
    }
  }
  return { files: files.sort(), unreadable };
}

/** `EACCES: permission denied`, without the path that Node repeats. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+( '.*')?$/s, '').split('\n')[0] ?? message;
}
