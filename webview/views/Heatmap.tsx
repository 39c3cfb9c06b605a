import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import type { LinkedBand } from '../../src/core/explain/linkedCells.ts';
import { type StepTensor, type TensorStats, tensorSlice } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { useNearView } from '../useNearView.ts';
import { useThemeEpoch } from '../useThemeEpoch.ts';
import { paintHeatmap } from './paintHeatmap.ts';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

interface HeatmapProps {
  readonly tensor: StepTensor;
  readonly stats: TensorStats;
  /** Index of every axis before the last two. */
  readonly leading: readonly number[];
  /** Names of the last two axes. */
  readonly axes: readonly [string, string];
  /** The cell of this tensor that is looked at. */
  readonly cell: Cell | null;
  /** What belongs to the cell that is looked at elsewhere. */
  readonly band: LinkedBand | undefined;
  /** The cell was chosen, not only passed over. */
  readonly pinned: boolean;
  readonly label: string;
  readonly localizer: Localizer;
  onPoint(cell: Cell | null): void;
  /** Chosen by a click or the Enter key; null by Escape. */
  onPin(cell: Cell | null): void;
}

const MAX_WIDTH = 360;
const MAX_HEIGHT = 280;
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * The last two axes of a tensor as coloured cells. The pointer or the arrow keys look at a cell, a click or Enter chooses it; its index and
 * value are said below and to screen readers.
 */
export function Heatmap(props: HeatmapProps) {
  const { tensor, stats, leading, axes, cell, band, pinned, label, localizer } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const themeEpoch = useThemeEpoch();
  const near = useNearView(canvas);
  const slice = tensorSlice(tensor, leading);
  const side = Math.max(
    2,
    Math.min(26, Math.floor(MAX_WIDTH / slice.columns), Math.floor(MAX_HEIGHT / slice.rows)),
  );
  const inside = cell !== null && cell.row < slice.rows && cell.column < slice.columns;

  // Before the page is painted: numbers and their picture change in one frame.
  useLayoutEffect(() => {
    const lit = inside ? cell : band;
    if (near && canvas.current) paintHeatmap(canvas.current, slice, stats, side, lit ?? undefined, pinned);
  }, [near, tensor, leading, cell, band?.row, band?.column, pinned, themeEpoch]);

  const at = (event: PointerEvent | MouseEvent): Cell | null => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * slice.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * slice.rows);
    const hit = column >= 0 && column < slice.columns && row >= 0 && row < slice.rows;
    return hit ? { row, column } : null;
  };
  const same = (other: Cell | null) => other?.row === cell?.row && other?.column === cell?.column;

  return (
    <figure class="heatmap">
      <canvas
        ref={canvas}
        role="img"
        tabIndex={0}
        aria-label={label}
        title={localizer.t('Click to see what belongs to a cell')}
        style={{ width: `${slice.columns * side}px`, height: `${slice.rows * side}px` }}
        onPointerMove={event => {
          const next = at(event);
          if (next && !same(next)) props.onPoint(next);
        }}
        onPointerLeave={() => props.onPoint(null)}
        onClick={event => {
          const next = at(event);
          if (next) props.onPin(pinned && same(next) ? null : next);
        }}
        onKeyDown={event => {
          const step = STEPS[event.key];
          if (step) {
            const from = cell ?? { row: 0, column: 0 };
            const [down, right] = cell ? step : [0, 0];
            props.onPoint({
              row: Math.max(0, Math.min(slice.rows - 1, from.row + down)),
              column: Math.max(0, Math.min(slice.columns - 1, from.column + right)),
            });
          } else if (event.key === 'Enter' || event.key === ' ') props.onPin(cell);
          else if (event.key === 'Escape') props.onPin(null);
          else return;
          event.preventDefault();
        }}
      />
      <figcaption>
        <span class="axes">{localizer.t('{0} down, {1} across', axes[0], axes[1])}</span>
        <span class="value" aria-live="polite">
          {inside
            ? `[${slice.indexOf(cell.row, cell.column).join(', ')}] = ${formatNumber(slice.at(cell.row, cell.column))}`
            : ' '}
        </span>
      </figcaption>
    </figure>
  );
}
