import type { Atlas } from '../../src/core/atlas/atlas.ts';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import { formatProblem } from '../../src/core/atlas/packProblem.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';

/** The atlas of `packs/`, for tests. @throws when a pack is at fault */
export async function builtInAtlas(): Promise<Atlas> {
  const { atlas, problems } = loadAtlas(await readPackFolders());
  const errors = problems.filter(it => it.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'));
  return atlas;
}
