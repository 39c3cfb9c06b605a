import { Atlas } from './atlas.ts';
import type { PackProblem } from './packProblem.ts';
import { type PackSource, type ReadPack, readPack } from './readPack.ts';
import type { Pack } from './schema.ts';

export interface LoadedAtlas {
  readonly atlas: Atlas;
  readonly problems: readonly PackProblem[];
}

/**
 * Reads every pack; those at fault are left out and said, the others work. Of two entries with one id the first
 * stays, so that a reader's own pack cannot replace a built-in entry unseen; the second is said.
 *
 * @param builtIn packs that are already known to be good
 */
export function loadAtlas(sources: readonly PackSource[], builtIn: readonly Pack[] = []): LoadedAtlas {
  const owners = new Map<string, string>();
  for (const pack of builtIn) {
    for (const entry of pack.entries) owners.set(entry.id, `the built-in pack "${pack.system}"`);
  }
  const packs = [...builtIn];
  const problems: PackProblem[] = [];
  for (const source of sources) {
    const read = readPack(source);
    problems.push(...read.problems);
    if (!read.pack) continue;
    const pack = withoutTaken(read.pack, read, owners, problems);
    for (const entry of pack.entries) owners.set(entry.id, source.pack.path);
    if (pack.entries.length > 0) packs.push(pack);
  }
  return { atlas: new Atlas(packs), problems };
}

function withoutTaken(
  pack: Pack,
  read: ReadPack,
  owners: ReadonlyMap<string, string>,
  problems: PackProblem[],
): Pack {
  const entries = pack.entries.filter((entry, index) => {
    const owner = owners.get(entry.id);
    if (owner === undefined) return true;
    const message = `"${entry.id}" is already defined by ${owner}, which is used`;
    problems.push(read.at(['entries', index, 'id'], message, 'warning'));
    return false;
  });
  return entries.length === pack.entries.length ? pack : { ...pack, entries };
}
