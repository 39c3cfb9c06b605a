import { Workbench } from '../node/workbench.ts';
import { builtFolder, cliAtlas, cliParser, cliUserAtlas } from './assets.ts';
import type { CliIo } from './command.ts';

/**
 * What running needs, from the build or the source checkout.
 * @param packs packs of the reader's to run instead of the built-in ones
 * @throws {InputError} when these cannot be read
 */
export async function cliWorkbench(io: CliIo, packs?: string): Promise<Workbench> {
  if (packs === undefined) return new Workbench(await cliAtlas(io), await cliParser(), builtFolder());
  const { atlas, folders } = cliUserAtlas(io, packs);
  return new Workbench(atlas, await cliParser(), builtFolder(), folders);
}
