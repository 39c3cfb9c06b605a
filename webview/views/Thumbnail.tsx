import { useLayoutEffect, useRef } from 'preact/hooks';
import { linkedBand, type NamedAxis } from '../../src/core/explain/linkedCells.ts';
import { type StepTensor, tensorSlice, tensorStats } from '../../src/core/explain/stepTensor.ts';
import type { CellFocus } from '../cellFocus.ts';
import { useNearView } from '../useNearView.ts';
import { useThemeEpoch } from '../useThemeEpoch.ts';
import { paintHeatmap } from './paintHeatmap.ts';

const MAX_SIDE = 14;
const WIDTH = 112;
const HEIGHT = 72;

interface ThumbnailProps {
  readonly tensor: StepTensor;
  readonly id: string;
  readonly axes: readonly NamedAxis[];
  /** Class with the symbol's colour, for the name below. */
  readonly symbolClass: string;
  readonly label: string;
  readonly focus: CellFocus | null;
  readonly pinned: boolean;
  onPin(focus: CellFocus | null): void;
  onShow(): void;
}

/** A tensor in small beside its equation; its cells can be chosen, its name leads to the whole of it. */
export function Thumbnail(props: ThumbnailProps) {
  const { tensor, id, axes, focus, pinned, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const themeEpoch = useThemeEpoch();
  const near = useNearView(canvas);
  const slice = tensorSlice(tensor, []);
  const side = Math.min(MAX_SIDE, WIDTH / slice.columns, HEIGHT / slice.rows);
  const first = focus?.leading.every(index => index === 0) ?? false;
  const own = focus?.tensor === id && first ? focus.cell : undefined;
  const lit = own ?? (focus && focus.tensor !== id ? linkedBand(focus, axes, []) : undefined);
  const fade = pinned && lit !== undefined;
  // Before the page is painted: numbers and their picture change in one frame.
  useLayoutEffect(() => {
    if (near && canvas.current)
      paintHeatmap(canvas.current, slice, tensorStats(tensor), Math.max(1, side), lit, fade);
  }, [near, tensor, themeEpoch, lit?.row, lit?.column, fade]);
  return (
    <div class="thumbnail">
      <canvas
        ref={canvas}
        style={{ width: `${slice.columns * side}px`, height: `${slice.rows * side}px` }}
        onClick={event => {
          const box = event.currentTarget.getBoundingClientRect();
          const column = Math.min(
            slice.columns - 1,
            Math.floor(((event.clientX - box.left) / box.width) * slice.columns),
          );
          const row = Math.min(
            slice.rows - 1,
            Math.floor(((event.clientY - box.top) / box.height) * slice.rows),
          );
          const again = pinned && own?.row === row && own.column === column;
          const leading = tensor.shape.slice(0, -2).map(() => 0);
          props.onPin(
            again
              ? null
              : { tensor: id, cell: { row, column }, leading, axes, index: slice.indexOf(row, column) },
          );
        }}
      />
      <button type="button" class="link" aria-label={label} title={label} onClick={props.onShow}>
        <code class={props.symbolClass}>{tensor.name}</code>
      </button>
    </div>
  );
}
