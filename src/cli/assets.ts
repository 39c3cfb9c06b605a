import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Atlas } from '../core/atlas/atlas.ts';
import { checkPack } from '../core/atlas/checkPack.ts';
import { type CompiledAtlas, compiledPacks } from '../core/atlas/compileAtlas.ts';
import { loadAtlas } from '../core/atlas/loadAtlas.ts';
import { formatProblem } from '../core/atlas/packProblem.ts';
import type { Pack } from '../core/atlas/schema.ts';
import type { PythonParser } from '../core/python/pythonParser.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { loadPythonParser } from '../node/loadPythonParser.ts';
import { PACKS_FOLDER, readPackFolders } from '../node/readPackFolders.ts';
import { readUserPacks, type UserPack } from '../node/readUserPacks.ts';
import { type CliIo, InputError } from './command.ts';

/** The folder of the bundle (`dist/`), where atlas and WebAssembly lie beside `cli.js`; undefined when run from source. */
export function builtFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'atlas.json')) ? here : undefined;
}

/**
 * The built atlas, else the packs of the source checkout; problems of packs go to stderr.
 * @param packs a pack, or a folder of packs, to use instead
 * @throws {InputError} when they cannot be read
 */
export async function cliAtlas(io: CliIo, packs?: string): Promise<Atlas> {
  if (packs !== undefined) return cliUserAtlas(io, packs).atlas;
  const built = builtFolder();
  if (built !== undefined) {
    const atlas = JSON.parse(await readFile(join(built, 'atlas.json'), 'utf8')) as CompiledAtlas;
    return new Atlas(compiledPacks(atlas, await readFile(join(built, 'atlas.jsonl'))));
  }
  const sources = await readPackFolders(PACKS_FOLDER).catch((error: unknown) => {
    throw new InputError(`${PACKS_FOLDER}: ${reasonOf(error)}`);
  });
  const { atlas, problems } = loadAtlas(sources);
  for (const problem of problems) io.error(formatProblem(problem));
  return atlas;
}

/**
 * The reader's packs alone, and the folder of each entry's.
 * @throws {InputError} when they cannot be read, or none of them can be used
 */
export function cliUserAtlas(
  io: CliIo,
  path: string,
): { readonly atlas: Atlas; readonly folders: ReadonlyMap<string, string> } {
  let found: readonly UserPack[];
  try {
    found = readUserPacks(resolve(io.cwd, path), io.cwd);
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
  const packs: Pack[] = [];
  const folders = new Map<string, string>();
  for (const { source, folder } of found) {
    const { pack, problems } = checkPack(source.pack, source.minis);
    for (const problem of problems) io.error(formatProblem(problem));
    if (!pack) continue;
    const entries = pack.entries.filter(entry => !folders.has(entry.id));
    for (const entry of entries) folders.set(entry.id, folder);
    if (entries.length > 0) packs.push({ ...pack, entries });
  }
  if (packs.length === 0) throw new InputError(`${path}: there is no pack that can be used`);
  return { atlas: new Atlas(packs), folders };
}

export function cliParser(): Promise<PythonParser> {
  return loadPythonParser(builtFolder());
}
