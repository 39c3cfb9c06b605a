import type { Entry, Pack } from './schema.ts';

/** All packs loaded, validated and indexed. Immutable. */
export class Atlas {
  private readonly byId = new Map<string, Entry>();
  private readonly systemOf = new Map<string, Pack>();

  /** @param packs with unique entry ids (`mergePacks` sees to it) */
  constructor(readonly packs: readonly Pack[]) {
    for (const pack of packs) {
      for (const entry of pack.entries) {
        this.byId.set(entry.id, entry);
        this.systemOf.set(entry.id, pack);
      }
    }
  }

  get entries(): readonly Entry[] {
    return [...this.byId.values()];
  }

  entry(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  /** The pack an entry comes from. */
  packOf(id: string): Pack | undefined {
    return this.systemOf.get(id);
  }

  /** Exercise numbers in use, in the order of a book: 6.2 before 6.10. */
  get exercises(): readonly string[] {
    return [...new Set(this.entries.flatMap(entry => entry.exercises))].sort(compareExercises);
  }

  entriesOfExercise(exercise: string): readonly Entry[] {
    return this.entries.filter(entry => entry.exercises.includes(exercise));
  }
}

/** 6.2 < 6.10. */
export function compareExercises(a: string, b: string): number {
  const [chapterA = 0, numberA = 0] = a.split('.').map(Number);
  const [chapterB = 0, numberB = 0] = b.split('.').map(Number);
  return chapterA - chapterB || numberA - numberB;
}
