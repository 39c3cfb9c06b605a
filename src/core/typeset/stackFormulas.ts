import type { TypesetSvg } from './typesetSvg.ts';

/** Pixels between two formulas of a stack: less than a paragraph's margin, so that a card fits its hover without a scroll bar. */
const GAP = 7;

/**
 * Several formulas as one picture, one below the other, each centred.
 * @returns undefined for an empty list
 */
export function stackFormulas(formulas: readonly TypesetSvg[]): TypesetSvg | undefined {
  const [first] = formulas;
  if (formulas.length < 2) return first;
  const width = Math.max(...formulas.map(formula => formula.width));
  let y = 0;
  // Formulas share most of their glyphs: each is kept once.
  const glyphs = new Map<string, string>();
  const rows = formulas.map(formula => {
    const drawing = formula.svg.replace(/<defs>(.*?)<\/defs>/s, (_, paths: string) => {
      for (const [path, id] of paths.matchAll(/<path id="([^"]+)".*?<\/path>/gs)) glyphs.set(id!, path);
      return '';
    });
    const row = drawing.replace('<svg ', `<svg x="${round((width - formula.width) / 2)}" y="${round(y)}" `);
    y += formula.height + GAP;
    return row;
  });
  const height = round(y - GAP);
  const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return { svg: `${head}<defs>${[...glyphs.values()].join('')}</defs>${rows.join('')}</svg>`, width, height };
}

const round = (value: number): number => Math.round(value * 100) / 100;
