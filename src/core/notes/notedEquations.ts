import type { EquationIndex } from './equationIndex.ts';
import { type EquationName, foundMarkers } from './marker.ts';
import { type MathBlock, mathBlocks } from './mathBlocks.ts';
import type { NoteFormat } from './noteFormat.ts';

/** An equation of the atlas that stands in a note. */
export interface NotedEquation {
  /** One by a marker; several where entries share the very formula. */
  readonly names: readonly EquationName[];
  /** From its marker, where it has one, to the end of the formula: [start, end) in the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * The equations of the atlas in a note: by the marker they were inserted with, else by their TeX. Other formats than Markdown and LaTeX
 * know markers alone. Linear in the text.
 */
export function notedEquations(text: string, format: NoteFormat, index: EquationIndex): NotedEquation[] {
  const blocks = mathBlocks(text, format);
  const byMarker = new Map<MathBlock, NotedEquation>();
  const lone: NotedEquation[] = [];
  for (const { offset, length, ...name } of foundMarkers(text)) {
    if (!index.knows(name)) continue;
    const block = blockOf(text, blocks, offset, offset + length);
    if (block && byMarker.has(block)) continue;
    const noted = {
      names: [name],
      start: Math.min(offset, block?.start ?? offset),
      end: Math.max(offset + length, block?.end ?? 0),
    };
    if (block) byMarker.set(block, noted);
    else lone.push(noted);
  }
  const byTex = blocks.flatMap(block => {
    const marked = byMarker.get(block);
    if (marked) return [marked];
    const names = index.byTex(block.tex);
    return names.length > 0 ? [{ names, start: block.start, end: block.end }] : [];
  });
  return [...byTex, ...lone].sort((a, b) => a.start - b.start);
}

/** The formula that a marker stands over, or behind in the same line. */
function blockOf(
  text: string,
  blocks: readonly MathBlock[],
  start: number,
  end: number,
): MathBlock | undefined {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const before = blocks[low - 1];
  const after = blocks[low];
  if (
    before &&
    before.end <= start &&
    /^[ \t]*(?:<!--|%)[ \t]*$/.test(text.slice(before.end, Math.min(start, before.end + 40)))
  ) {
    return before;
  }
  const between = after && after.start - end <= 200 ? text.slice(end, after.start) : undefined;
  return between !== undefined && /^[ \t]*(?:-->)?[\s>]*$/.test(between) ? after : undefined;
}
