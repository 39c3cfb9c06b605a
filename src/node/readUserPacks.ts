import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { PackFile, PackSource } from '../core/atlas/readPack.ts';

/** A pack of the reader's as it was found. */
export interface UserPack {
  readonly source: PackSource;
  /** The folder that its minis lie below. */
  readonly folder: string;
}

/** Packs of one folder that are read at the most, and how deep they are looked for. */
const MAX_FILES = 200;
const MAX_DEPTH = 6;

/**
 * The packs of a file or of a folder: every YAML file with `entries:`, and `minis.yaml` beside a `pack.yaml`. As in the editor.
 * @param cwd paths in messages are relative to it
 * @throws the file system's error when the path cannot be read
 */
export function readUserPacks(path: string, cwd: string): UserPack[] {
  const shown = (file: string): string => {
    const below = relative(cwd, file);
    return below === '' || below.startsWith('..') ? file : below;
  };
  const files = statSync(path).isDirectory() ? yamlFiles(path) : [path];
  const packs: UserPack[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (file !== path && !/^\s*["']?entries["']?\s*:/m.test(text)) continue;
    const pack: PackFile = { path: shown(file), text };
    const minis =
      basename(file) === 'pack.yaml' ? companion(join(dirname(file), 'minis.yaml'), shown) : undefined;
    packs.push({ source: minis ? { pack, minis } : { pack }, folder: dirname(file) });
  }
  return packs;
}

function companion(file: string, shown: (file: string) => string): PackFile | undefined {
  try {
    return { path: shown(file), text: readFileSync(file, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function yamlFiles(folder: string, depth = 0): string[] {
  const found: string[] = [];
  const items: Dirent[] = readdirSync(folder, { withFileTypes: true });
  for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, item.name);
    if (item.isDirectory() && depth < MAX_DEPTH && !item.name.startsWith('.') && item.name !== 'node_modules')
      found.push(...yamlFiles(path, depth + 1));
    else if (item.isFile() && /\.ya?ml$/.test(item.name)) found.push(path);
    if (found.length >= MAX_FILES) break;
  }
  return found.slice(0, MAX_FILES);
}
