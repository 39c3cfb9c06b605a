import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Atlas } from '../core/atlas/atlas.ts';
import type { CompiledAtlas } from '../core/atlas/compileAtlas.ts';
import { loadAtlas } from '../core/atlas/loadAtlas.ts';
import { formatProblem } from '../core/atlas/packProblem.ts';
import type { PythonParser } from '../core/python/pythonParser.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { loadPythonParser } from '../node/loadPythonParser.ts';
import { PACKS_FOLDER, readPackFolders } from '../node/readPackFolders.ts';
import { type CliIo, InputError } from './command.ts';

/** The folder of the bundle (`dist/`), where atlas and WebAssembly lie beside `cli.js`; undefined when run from source. */
export function builtFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'atlas.json')) ? here : undefined;
}

/**
 * The built atlas, else the packs of the source checkout; problems of packs go to stderr.
 * @param packs a folder of packs (`<system>/pack.yaml`) to use instead
 * @throws {InputError} when that folder cannot be read
 */
export async function cliAtlas(io: CliIo, packs?: string): Promise<Atlas> {
  const built = packs === undefined ? builtFolder() : undefined;
  if (built !== undefined) {
    const atlas = JSON.parse(await readFile(join(built, 'atlas.json'), 'utf8')) as CompiledAtlas;
    return new Atlas(atlas.packs);
  }
  const folder = packs === undefined ? PACKS_FOLDER : resolve(io.cwd, packs);
  const sources = await readPackFolders(folder).catch((error: unknown) => {
    throw new InputError(`${packs ?? folder}: ${reasonOf(error)}`);
  });
  const { atlas, problems } = loadAtlas(sources);
  for (const problem of problems) io.error(formatProblem(problem));
  return atlas;
}

export function cliParser(): Promise<PythonParser> {
  return loadPythonParser(builtFolder());
}
