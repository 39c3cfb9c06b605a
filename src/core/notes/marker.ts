/** What a marker names: an equation of an entry. */
export interface EquationName {
  readonly entryId: string;
  /** Absent where the marker names the entry alone. */
  readonly equationId?: string;
}

/** A marker in a text. */
export interface FoundMarker extends EquationName {
  readonly offset: number;
  readonly length: number;
}

/** `equation-lens: glide.QKVAttention.forward#attention`: what every format's comment holds. */
export function markerText({ entryId, equationId }: EquationName): string {
  return `equation-lens: ${entryId}${equationId === undefined ? '' : `#${equationId}`}`;
}

const MARKER = /equation-lens:[ \t]{1,4}([\w-]+(?:\.[\w-]+)+)(?:#([\w.-]+))?/g;

/** Every marker of a text, in order. */
export function foundMarkers(text: string): FoundMarker[] {
  return [...text.matchAll(MARKER)].map(({ 0: whole, 1: entryId, 2: equationId, index }) => ({
    entryId: entryId ?? '',
    ...(equationId === undefined ? {} : { equationId }),
    offset: index,
    length: whole.length,
  }));
}
