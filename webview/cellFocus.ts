import { useMemo, useState } from 'preact/hooks';
import type { FocusedCell } from '../src/core/explain/linkedCells.ts';
import type { Cell } from './views/Heatmap.tsx';

/** The cell that the reader looks at, for everything that belongs to it. */
export interface CellFocus extends FocusedCell {
  /** The tensor: step and name. */
  readonly tensor: string;
  readonly cell: Cell;
  /** Slice of the tensor: an index per axis before the last two. */
  readonly leading: readonly number[];
}

/** Which cell is looked at, and whether it was chosen: a chosen one stays while the pointer wanders. */
export interface CellFocusState {
  readonly focus: CellFocus | null;
  readonly pinned: boolean;
  point(focus: CellFocus | null): void;
  pin(focus: CellFocus | null): void;
}

export function useCellFocus(): CellFocusState {
  const [pointed, point] = useState<CellFocus | null>(null);
  const [chosen, setChosen] = useState<CellFocus | null>(null);
  return useMemo(
    () => ({
      focus: pointed ?? chosen,
      pinned: chosen !== null && (pointed === null || pointed.tensor === chosen.tensor),
      point,
      pin: focus => {
        setChosen(focus);
        point(null);
      },
    }),
    [pointed, chosen],
  );
}
