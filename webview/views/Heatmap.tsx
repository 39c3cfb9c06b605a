import { scaleDiverging, scaleSequential } from 'd3-scale';
import { interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type StepTensor, type TensorStats, tensorSlice } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';

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
  readonly cell: Cell | null;
  readonly label: string;
  readonly localizer: Localizer;
  onCell(cell: Cell | null): void;
}

const MAX_WIDTH = 360;
const MAX_HEIGHT = 280;

/**
 * The last two axes of a tensor as coloured cells. One colour ramp where all values have one sign, a diverging one around zero where they
 * have both. The pointer or the arrow keys pick a cell; its index and value are said below and to screen readers.
 */
export function Heatmap({ tensor, stats, leading, axes, cell, label, localizer, onCell }: HeatmapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [themeEpoch, setThemeEpoch] = useState(0);
  const slice = tensorSlice(tensor, leading);
  const side = Math.max(
    2,
    Math.min(26, Math.floor(MAX_WIDTH / slice.columns), Math.floor(MAX_HEIGHT / slice.rows)),
  );

  useEffect(() => {
    const observer = new MutationObserver(() => setThemeEpoch(epoch => epoch + 1));
    observer.observe(document.body, {
      attributes: true,
      attributeFilter: ['class', 'data-vscode-theme-kind'],
    });
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    context.canvas.width = slice.columns * side * ratio;
    context.canvas.height = slice.rows * side * ratio;
    context.scale(ratio, ratio);
    const colour = colourOf(stats);
    const gap = side > 8 ? 1 : 0;
    for (let row = 0; row < slice.rows; row++) {
      for (let column = 0; column < slice.columns; column++) {
        const value = slice.at(row, column);
        context.fillStyle = Number.isFinite(value) ? colour(value) : '#808080';
        context.fillRect(column * side, row * side, side - gap, side - gap);
        if (!Number.isFinite(value)) cross(context, column * side, row * side, side - gap);
      }
    }
    if (cell && cell.row < slice.rows && cell.column < slice.columns) {
      const style = getComputedStyle(document.body);
      context.strokeStyle = style.getPropertyValue('--vscode-focusBorder') || '#ffa500';
      context.lineWidth = 2;
      context.strokeRect(cell.column * side, cell.row * side, side - gap, side - gap);
    }
  }, [tensor, leading, cell, themeEpoch]);

  const move = (rows: number, columns: number) => {
    const from = cell ?? { row: 0, column: 0 };
    const next = cell ? { row: from.row + rows, column: from.column + columns } : from;
    onCell({
      row: Math.max(0, Math.min(slice.rows - 1, next.row)),
      column: Math.max(0, Math.min(slice.columns - 1, next.column)),
    });
  };
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };

  return (
    <figure class="heatmap">
      <canvas
        ref={canvas}
        role="img"
        tabIndex={0}
        aria-label={label}
        style={{ width: `${slice.columns * side}px`, height: `${slice.rows * side}px` }}
        onPointerMove={event => {
          const box = event.currentTarget.getBoundingClientRect();
          const column = Math.floor(((event.clientX - box.left) / box.width) * slice.columns);
          const row = Math.floor(((event.clientY - box.top) / box.height) * slice.rows);
          if (column >= 0 && column < slice.columns && row >= 0 && row < slice.rows) onCell({ row, column });
        }}
        onKeyDown={event => {
          const step = steps[event.key];
          if (!step) return;
          event.preventDefault();
          move(...step);
        }}
      />
      <figcaption>
        <span class="axes">{localizer.t('{0} down, {1} across', axes[0], axes[1])}</span>
        <span class="value" aria-live="polite">
          {cell && cell.row < slice.rows && cell.column < slice.columns
            ? `[${slice.indexOf(cell.row, cell.column).join(', ')}] = ${formatNumber(slice.at(cell.row, cell.column))}`
            : ' '}
        </span>
      </figcaption>
    </figure>
  );
}

/** Nine significant digits are what float32 holds; four are what a reader wants to see. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2) : value.toPrecision(4);
}

function colourOf({ min, max }: TensorStats): (value: number) => string {
  if (min < 0 && max > 0) {
    const reach = Math.max(-min, max);
    return scaleDiverging([-reach, 0, reach], (t: number) => interpolateRdBu(1 - t));
  }
  return scaleSequential([min, max === min ? min + 1 : max], interpolateViridis);
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, side: number): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + side, y + side);
  context.stroke();
}
