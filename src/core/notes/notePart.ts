/** What may go into a note, in the order in which it is written. */
export const NOTE_PARTS = ['equation', 'symbols', 'permalink', 'code', 'numbers'] as const;

export type NotePart = (typeof NOTE_PARTS)[number];

/** The parts a setting names; unknown words are passed over, and without any there is the equation. */
export function notePartsOf(names: readonly unknown[]): NotePart[] {
  const parts = NOTE_PARTS.filter(part => names.includes(part));
  return parts.length > 0 ? parts : ['equation'];
}
