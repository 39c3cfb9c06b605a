import { Workbench } from '../node/workbench.ts';
import { builtFolder, cliAtlas, cliParser } from './assets.ts';
import type { CliIo } from './command.ts';

/** What running needs, from the build or the source checkout. */
export async function cliWorkbench(io: CliIo): Promise<Workbench> {
  return new Workbench(await cliAtlas(io), await cliParser(), builtFolder());
}
