/** An axis of a tensor by the name that its symbol gives it; `undefined` where none does. */
export interface NamedAxis {
  readonly name: string | undefined;
  readonly size: number;
}

/** The element of a tensor that the reader looks at. */
export interface FocusedCell {
  readonly axes: readonly NamedAxis[];
  /** An index per axis. */
  readonly index: readonly number[];
}

/** What of another tensor belongs to the focused cell: a row, a column, or both (then one cell). */
export interface LinkedBand {
  readonly row?: number;
  readonly column?: number;
}

/**
 * The row or column of a tensor that stands for the same thing as the focused cell: row t of the attention map is query t of `q`. Axes
 * belong together when they have the same name and size. Of two axes with one name (`[n, n]`) the first one counts.
 * @param leading the slice on show, an index per axis before the last two; another slice than the focused one has no band
 * @returns undefined when nothing belongs together
 */
export function linkedBand(
  focus: FocusedCell,
  axes: readonly NamedAxis[],
  leading: readonly number[],
): LinkedBand | undefined {
  const used = new Set<string>();
  const indexOf = ({ name, size }: NamedAxis): number | undefined => {
    if (name === undefined || used.has(name)) return undefined;
    const at = focus.axes.findIndex(axis => axis.name === name && axis.size === size);
    if (at < 0) return undefined;
    used.add(name);
    return focus.index[at];
  };
  const indices = axes.map(indexOf);
  const outer = Math.max(0, axes.length - 2);
  const elsewhere = indices
    .slice(0, outer)
    .some((index, axis) => index !== undefined && index !== (leading[axis] ?? 0));
  if (elsewhere) return undefined;
  const row = axes.length < 2 ? undefined : indices[axes.length - 2];
  const column = axes.length < 1 ? undefined : indices[axes.length - 1];
  if (row === undefined && column === undefined) return undefined;
  return { ...(row === undefined ? {} : { row }), ...(column === undefined ? {} : { column }) };
}
