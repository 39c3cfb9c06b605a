import { Atlas } from '../atlas/atlas.ts';
import type { Entry, Pack, Signature } from '../atlas/schema.ts';
import { authorNotes } from './authorNotes.ts';
import type { AuthorNote, Solutions } from './solutions.ts';

/** What a reader brings along. */
export interface UserLayers {
  /** Hand-written packs: they go before built-in entries. */
  readonly packs: readonly Pack[];
  /** Imported notes: they stand beside built-in entries. */
  readonly solutions: readonly Solutions[];
}

/** An atlas of built-in entries, the reader's packs and imported notes, with the authors' versions by entry. */
export interface LayeredAtlas {
  readonly atlas: Atlas;
  readonly notes: ReadonlyMap<string, readonly AuthorNote[]>;
  /** Where imported entries come from: URI of the note by entry. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Lays packs over one another so that no two entries claim one function: a user's pack wins over a built-in entry of the same id or
 * function; an imported function that is known already becomes a note on the entry that knows it.
 */
export function layeredAtlas(builtIn: readonly Pack[], { packs, solutions }: UserLayers): LayeredAtlas {
  const own = new Set(packs.flatMap(pack => pack.entries.map(entry => entry.id)));
  const claimed = packs.flatMap(pack => pack.entries.flatMap(entry => entry.signature ?? []));
  const under = builtIn.map(pack => ({
    ...pack,
    entries: pack.entries
      .filter(entry => !own.has(entry.id))
      .map(entry =>
        entry.signature && claimed.some(it => sameFunction(it, entry.signature))
          ? withoutSignature(entry)
          : entry,
      ),
  }));
  const seen = new Set<string>(own);
  const user: Pack[] = [];
  const first = new Set<string>();
  const minis = new Map(
    builtIn.flatMap(pack => pack.entries.flatMap(({ id, mini }) => (mini ? [[id, mini] as const] : []))),
  );
  for (const pack of packs) {
    // Of two packs of the reader's with one id, the first stays. One that overrides a built-in entry keeps its mini unless it brings another.
    const entries = pack.entries
      .filter(entry => !first.has(entry.id) && first.add(entry.id))
      .map(entry => {
        const mini = entry.mini ?? minis.get(entry.id);
        return mini ? { ...entry, mini } : entry;
      });
    user.push({ ...pack, entries });
  }
  const known: Signature[] = [...under, ...user].flatMap(pack =>
    pack.entries.flatMap(entry => entry.signature ?? []),
  );
  for (const pack of under) for (const entry of pack.entries) seen.add(entry.id);
  const imported: Pack[] = [];
  const sources = new Map<string, string>();
  for (const { pack, uri } of solutions) {
    if (!pack) continue;
    const entries: Entry[] = [];
    for (const entry of pack.entries) {
      if (seen.has(entry.id)) continue;
      seen.add(entry.id);
      if (uri !== undefined) sources.set(entry.id, uri);
      if (!entry.signature) entries.push(entry);
      else if (known.some(it => sameFunction(it, entry.signature))) entries.push(withoutSignature(entry));
      else {
        known.push(entry.signature);
        entries.push(entry);
      }
    }
    if (entries.length > 0) imported.push({ ...pack, entries });
  }
  const base = new Atlas([...under, ...user].filter(pack => pack.entries.length > 0));
  const notes = authorNotes(
    base,
    solutions.flatMap(it => it.notes),
  );
  return { atlas: new Atlas([...base.packs, ...imported]), notes, sources };
}

function withoutSignature(entry: Entry): Entry {
  const { signature: _, ...rest } = entry;
  return rest;
}

function sameFunction(a: Signature | undefined, b: Signature | undefined): boolean {
  if (!a || !b || a.name !== b.name || a.kind !== b.kind) return false;
  if (a.kind === 'method' && a.class?.[0] !== b.class?.[0]) return false;
  const file = (it: Signature) => it.path[0]?.split('/').at(-1);
  return file(a) === undefined || file(b) === undefined || file(a) === file(b);
}
