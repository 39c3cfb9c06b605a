import { formatNumber } from './formatNumber.ts';
import { heatColour } from './heatColour.ts';
import { type StepTensor, tensorSlice, tensorStats } from './stepTensor.ts';

/** What is written around the cells. */
export interface HeatmapCaption {
  /** `attention weights: weight [2, 5, 8]`. */
  readonly title: string;
  /** What runs down and across: `T = 5`, `S+T = 8`. */
  readonly axes: readonly [string, string];
  /** Colour of the words; the ground is left transparent. */
  readonly ink: string;
}

const CELL = 24;
const MARGIN = 28;
const SCALE_WIDTH = 12;

/**
 * A slice of a tensor as a picture of its own: cells, the names of both axes, and the scale of colours with its ends. Plain shapes and text,
 * for notes and papers; what is not a number has a cross.
 * @param leading an index per axis before the last two
 */
export function heatmapSvg(tensor: StepTensor, leading: readonly number[], caption: HeatmapCaption): string {
  const slice = tensorSlice(tensor, leading);
  const stats = tensorStats(tensor);
  const colour = heatColour(stats);
  const cell = Math.max(2, Math.min(CELL, Math.floor(720 / Math.max(slice.columns, slice.rows))));
  const [width, height] = [slice.columns * cell, slice.rows * cell];
  const tall = Math.max(height, 48);
  const parts: string[] = [];
  for (let row = 0; row < slice.rows; row++) {
    for (let column = 0; column < slice.columns; column++) {
      const value = slice.at(row, column);
      const [x, y] = [MARGIN + column * cell, MARGIN + row * cell];
      parts.push(
        `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="${colour(value)}"><title>${escapeXml(
          `[${slice.indexOf(row, column).join(', ')}] = ${formatNumber(value)}`,
        )}</title></rect>`,
      );
      if (!Number.isFinite(value))
        parts.push(`<path d="M${x} ${y}l${cell} ${cell}" stroke="#ffffff" stroke-width="1"/>`);
    }
  }
  const scaleX = MARGIN + width + 16;
  const bands = 24;
  for (let band = 0; band < bands; band++) {
    const value = stats.max - ((stats.max - stats.min) * band) / (bands - 1);
    const y = MARGIN + (tall * band) / bands;
    parts.push(
      `<rect x="${scaleX}" y="${round(y)}" width="${SCALE_WIDTH}" height="${round(tall / bands + 0.5)}" fill="${colour(value)}"/>`,
    );
  }
  const text = (x: number, y: number, words: string, more = '') =>
    `<text x="${x}" y="${y}" ${more}>${escapeXml(words)}</text>`;
  const beside = scaleX + SCALE_WIDTH + 4;
  parts.push(
    text(MARGIN, 16, caption.title, 'font-weight="600"'),
    text(MARGIN, MARGIN + tall + 16, caption.axes[1]),
    text(0, 0, caption.axes[0], `transform="translate(16 ${MARGIN + tall}) rotate(-90)"`),
    text(beside, MARGIN + 9, formatNumber(stats.max)),
    text(beside, MARGIN + tall, formatNumber(stats.min)),
  );
  const full = {
    width: Math.max(beside + 64, MARGIN + caption.title.length * 7.2),
    height: MARGIN + tall + 26,
  };
  const size = `width="${round(full.width)}" height="${full.height}" viewBox="0 0 ${round(full.width)} ${full.height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" fill="${escapeXml(
    caption.ink,
  )}" shape-rendering="crispEdges">${parts.join('')}</svg>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
