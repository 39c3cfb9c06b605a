import { strict as assert } from 'node:assert';
import { loadAtlas } from '../../../../src/core/atlas/loadAtlas.ts';
import { loadPythonParser } from '../../../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../../../src/node/readPackFolders.ts';
import { Workbench } from '../../../../src/node/workbench.ts';

/** The built-in packs and stand-ins of this checkout. */
export async function openWorkbench(): Promise<Workbench> {
  const { atlas, problems } = loadAtlas(await readPackFolders());
  assert.deepEqual(problems, []);
  return new Workbench(atlas, await loadPythonParser());
}
