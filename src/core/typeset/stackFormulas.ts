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
  const rows = formulas.map(formula => {
    const row = formula.svg.replace(
      '<svg ',
      `<svg x="${round((width - formula.width) / 2)}" y="${round(y)}" `,
    );
    y += formula.height + GAP;
    return row;
  });
  const height = round(y - GAP);
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return { svg: `${head}${rows.join('')}</svg>`, width, height };
}

const round = (value: number): number => Math.round(value * 100) / 100;
