import type { Atlas } from './atlas.ts';
import type { Entry, Pack } from './schema.ts';

/** What is asked of few entries at a time; recognition asks the rest of all of them. */
const PACKED = ['summary', 'equations', 'symbols', 'differences', 'related', 'mini'] as const;
type PackedField = (typeof PACKED)[number];

/** An entry without those fields; they are a line of the details, which is read when somebody looks. */
type CompiledEntry = Omit<Entry, PackedField> & {
  readonly packed: { readonly fields: readonly PackedField[]; readonly start: number; readonly end: number };
};

/** The built-in packs as the build writes them (`dist/atlas.json`): validated, so that reading them needs no check. */
export interface CompiledAtlas {
  readonly packs: readonly (Omit<Pack, 'entries'> & { readonly entries: readonly CompiledEntry[] })[];
}

/** @returns the atlas, and its details in UTF-8 (`dist/atlas.jsonl`), a line an entry */
export function compileAtlas(atlas: Atlas): {
  readonly compiled: CompiledAtlas;
  readonly details: Uint8Array;
} {
  const encoder = new TextEncoder();
  let details = '';
  let length = 0;
  const compileEntry = (entry: Entry): CompiledEntry => {
    const fields = PACKED.filter(name => entry[name] !== undefined);
    const rest: Partial<Entry> = { ...entry };
    for (const name of PACKED) delete rest[name];
    const line = JSON.stringify(Object.fromEntries(fields.map(name => [name, entry[name]])));
    const start = length;
    const end = start + encoder.encode(line).length;
    details += `${line}\n`;
    length = end + 1;
    return { ...(rest as Omit<Entry, PackedField>), packed: { fields, start, end } };
  };
  const packs = atlas.packs.map(pack => ({ ...pack, entries: pack.entries.map(compileEntry) }));
  return { compiled: { packs }, details: encoder.encode(details) };
}

/** The packs again. Their entries are like any others; what is in the details is read when it is first asked for. */
export function compiledPacks({ packs }: CompiledAtlas, details: Uint8Array): readonly Pack[] {
  const decoder = new TextDecoder();
  const readEntry = ({ packed: { fields, start, end }, ...entry }: CompiledEntry): Entry => {
    let read: Pick<Entry, PackedField> | undefined;
    const field = (name: PackedField) => {
      read ??= JSON.parse(decoder.decode(details.subarray(start, end))) as Pick<Entry, PackedField>;
      return read[name];
    };
    for (const name of fields)
      Object.defineProperty(entry, name, { enumerable: true, get: () => field(name) });
    return entry as Entry;
  };
  return packs.map(pack => ({ ...pack, entries: pack.entries.map(readEntry) }));
}
