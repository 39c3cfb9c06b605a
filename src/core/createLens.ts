import { Atlas } from './atlas/atlas.ts';
import type { Pack } from './atlas/schema.ts';
import { Lens } from './lens.ts';
import { type ParserWasm, PythonParser } from './python/pythonParser.ts';
import type { SourceProvider } from './sources.ts';

/**
 * A lens over packs, with a parser of its own.
 * @param provider for call sites that lead to other files
 * @throws when the bytes are no such WebAssembly
 */
export async function createLens(
  wasm: ParserWasm,
  packs: readonly Pack[],
  provider: SourceProvider,
): Promise<Lens> {
  return new Lens(await PythonParser.create(wasm), new Atlas(packs), provider);
}
