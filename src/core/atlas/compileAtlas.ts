import type { Atlas } from './atlas.ts';
import type { Pack } from './schema.ts';

/** The built-in packs as the build writes them (`dist/atlas.json`): validated, so that reading them needs no check. */
export interface CompiledAtlas {
  readonly packs: readonly Pack[];
}

export function compileAtlas(atlas: Atlas): CompiledAtlas {
  return { packs: atlas.packs };
}
