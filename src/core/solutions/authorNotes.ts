import type { Atlas } from '../atlas/atlas.ts';
import type { AuthorNote } from './solutions.ts';

/** Which author's notes belong to which entry of an atlas: by marker, by the function that is quoted, by exercise. */
export function authorNotes(atlas: Atlas, notes: readonly AuthorNote[]): Map<string, AuthorNote[]> {
  const attached = new Map<string, AuthorNote[]>();
  const attach = (id: string, note: AuthorNote) => {
    const list = attached.get(id);
    if (list) list.push(note);
    else attached.set(id, [note]);
  };
  for (const note of notes) {
    if (note.entries.length === 0) {
      for (const entry of atlas.entriesOfExercise(note.exercise)) attach(entry.id, note);
      continue;
    }
    for (const name of note.entries) {
      if (atlas.entry(name)) {
        attach(name, note);
        continue;
      }
      for (const entry of atlas.entriesOfExercise(note.exercise)) {
        const { signature } = entry;
        const own = signature?.class?.[0] ? `${signature.class[0]}.${signature.name}` : signature?.name;
        if (own === name) attach(entry.id, note);
      }
    }
  }
  return attached;
}
