import { heatColour } from '../../src/core/explain/heatColour.ts';
import type { LinkedBand } from '../../src/core/explain/linkedCells.ts';
import type { TensorSlice, TensorStats } from '../../src/core/explain/stepTensor.ts';

/** How the rest stands back behind what belongs to a chosen cell. */
const FADED = 0.3;

/**
 * Draws the cells of a slice; what is not a number has a cross.
 * @param side edge of a cell in CSS pixels
 * @param lit row, column or cell to outline
 * @param fade let everything else stand back
 */
export function paintHeatmap(
  canvas: HTMLCanvasElement,
  slice: TensorSlice,
  stats: TensorStats,
  side: number,
  lit?: LinkedBand,
  fade = false,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  resize(canvas, slice.columns * side * ratio, slice.rows * side * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, slice.columns * side, slice.rows * side);
  const colour = heatColour(stats);
  const gap = side > 8 ? 1 : 0;
  for (let row = 0; row < slice.rows; row++) {
    for (let column = 0; column < slice.columns; column++) {
      const value = slice.at(row, column);
      context.globalAlpha = fade && !belongs(lit, row, column) ? FADED : 1;
      context.fillStyle = colour(value);
      context.fillRect(column * side, row * side, side - gap, side - gap);
      if (!Number.isFinite(value)) cross(context, column * side, row * side, side - gap);
    }
  }
  context.globalAlpha = 1;
  if (!lit) return;
  context.strokeStyle =
    getComputedStyle(document.body).getPropertyValue('--vscode-focusBorder').trim() || '#ffa500';
  context.lineWidth = 2;
  const x = (lit.column ?? 0) * side;
  const y = (lit.row ?? 0) * side;
  const width = lit.column === undefined ? slice.columns * side : side;
  const height = lit.row === undefined ? slice.rows * side : side;
  if (fade && lit.row !== undefined && lit.column !== undefined) {
    context.lineWidth = 1;
    context.strokeRect(0.5, y + 0.5, slice.columns * side - gap - 1, side - gap - 1);
    context.lineWidth = 2;
  }
  context.strokeRect(x + 1, y + 1, width - gap - 2, height - gap - 2);
}

/** A canvas that is given its own size again takes new memory all the same. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [columns, rows] = [Math.trunc(width), Math.trunc(height)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
}

/** A chosen cell keeps its whole row in the light: the distribution that it is part of. */
function belongs(lit: LinkedBand | undefined, row: number, column: number): boolean {
  if (lit === undefined) return true;
  return lit.row === undefined ? column === lit.column : row === lit.row;
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, side: number): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + side, y + side);
  context.stroke();
}
