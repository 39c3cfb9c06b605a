import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackFile, PackSource } from '../core/atlas/readPack.ts';

/** `packs/` of a source checkout. */
export const PACKS_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../packs');

/** The pack files below `packs/`, a folder per system, in alphabetical order. Folders without `pack.yaml` are passed over. */
export async function readPackFolders(folder = PACKS_FOLDER): Promise<PackSource[]> {
  const systems = (await readdir(folder, { withFileTypes: true })).filter(item => item.isDirectory());
  const sources: PackSource[] = [];
  for (const name of systems.map(item => item.name).sort()) {
    const pack = await readIfThere(folder, join(name, 'pack.yaml'));
    if (!pack) continue;
    const minis = await readIfThere(folder, join(name, 'minis.yaml'));
    const prints = await readIfThere(folder, join(name, 'prints.json'));
    sources.push({ pack, ...(minis ? { minis } : {}), ...(prints ? { prints } : {}) });
  }
  return sources;
}

async function readIfThere(folder: string, file: string): Promise<PackFile | undefined> {
  try {
    const text = await readFile(join(folder, file), 'utf8');
    return { path: relative(dirname(folder), join(folder, file)), text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
