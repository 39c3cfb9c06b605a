import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileAtlas } from '../src/core/atlas/compileAtlas.ts';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { formatProblem } from '../src/core/atlas/packProblem.ts';
import { PACKS_FOLDER, readPackFolders } from '../src/node/readPackFolders.ts';

/**
 * Packs → `atlas.json` with `atlas.jsonl` (`CompiledAtlas`, its details) and `minis.json` (path below `packs/`, such as `glide/mini/attention.py` → text).
 * @throws when a built-in pack is at fault, with every problem on its own line
 */
export async function buildAtlas(dist: string, packs = PACKS_FOLDER): Promise<void> {
  const { atlas, problems } = loadAtlas(await readPackFolders(packs));
  const errors = problems.filter(it => it.severity === 'error');
  for (const problem of problems) console.warn(formatProblem(problem));
  if (errors.length > 0)
    throw new Error(`${errors.length} problems in packs: ${errors.map(formatProblem).join('\n')}`);
  await mkdir(dist, { recursive: true });
  const { compiled, details } = compileAtlas(atlas);
  await writeFile(join(dist, 'atlas.json'), JSON.stringify(compiled));
  await writeFile(join(dist, 'atlas.jsonl'), details);
  await writeFile(join(dist, 'minis.json'), JSON.stringify(await miniTexts(packs)));
}

async function miniTexts(packs: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const files = await readdir(packs, { recursive: true });
  for (const file of files.sort()) {
    if (!file.endsWith('.py')) continue;
    texts[file.replaceAll('\\', '/')] = await readFile(join(packs, file), 'utf8');
  }
  return texts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildAtlas(process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url)));
}
