import type { EquationIndex } from './equationIndex.ts';
import { type EquationName, foundMarkers } from './marker.ts';
import type { NoteFormat } from './noteFormat.ts';

/** An equation of the atlas that stands in a note. */
export interface NotedEquation {
  /** One by a marker; several where entries share the very formula. */
  readonly names: readonly EquationName[];
  /** From its marker, where it has one, to the end of the formula: [start, end) in the text. */
  readonly start: number;
  readonly end: number;
}

interface MathBlock {
  readonly start: number;
  readonly end: number;
  readonly tex: string;
}

const MARKDOWN_MATH =
  /\$\$([^$]{1,8000}?)\$\$|```math[ \t]*\r?\n([\s\S]{1,8000}?)\r?\n[ \t>]*```|(?<![$\\])\$([^$\n]{1,4000})\$(?!\$)/g;
const LATEX_MATH =
  /\\begin\{((?:equation|align|gather|multline|displaymath|eqnarray|flalign)\*?)\}([\s\S]{1,8000}?)\\end\{\1\}|\\\[([\s\S]{1,8000}?)\\\]|\$\$([^$]{1,8000}?)\$\$|(?<![$\\])\$([^$\n]{1,4000})\$/g;

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

function mathBlocks(text: string, format: NoteFormat): MathBlock[] {
  const pattern =
    format === 'latex'
      ? LATEX_MATH
      : format === 'markdown' || format === 'notebook'
        ? MARKDOWN_MATH
        : undefined;
  if (!pattern) return [];
  return [...text.matchAll(pattern)].map(match => {
    const groups = format === 'latex' ? match.slice(2) : match.slice(1);
    const tex = groups.find(group => group !== undefined) ?? '';
    return {
      start: match.index,
      end: match.index + match[0].length,
      // In a quote every line begins with its sign.
      tex: tex.replace(/\n[ \t]*>[ \t>]*/g, '\n'),
    };
  });
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
