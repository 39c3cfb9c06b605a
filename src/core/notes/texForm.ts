import { texTokens } from './texTokens.ts';

/** Longer formulas are nobody's: they are not compared. */
const MAX_LENGTH = 8000;

/** Spellings of one thing. */
const SAME: Readonly<Record<string, string>> = {
  '\\dfrac': '\\frac',
  '\\tfrac': '\\frac',
  '\\cfrac': '\\frac',
  '\\dbinom': '\\binom',
  '\\tbinom': '\\binom',
  '\\bm': '\\boldsymbol',
  '\\mathbf': '\\boldsymbol',
  '\\pmb': '\\boldsymbol',
  '\\operatorname': '\\mathrm',
  '\\operatorname*': '\\mathrm',
  '\\text': '\\mathrm',
  '\\textrm': '\\mathrm',
  '\\rm': '\\mathrm',
  '\\mathsf': '\\mathrm',
  '\\top': 'T',
  '\\intercal': 'T',
  '\\leq': '\\le',
  '\\geq': '\\ge',
  '\\neq': '\\ne',
  '\\rightarrow': '\\to',
  '\\gets': '\\leftarrow',
  '\\lVert': '\\|',
  '\\rVert': '\\|',
  '\\Vert': '\\|',
  '\\lvert': '|',
  '\\rvert': '|',
  '\\vert': '|',
  '\\mid': '|',
  '\\lbrace': '\\{',
  '\\rbrace': '\\}',
  '\\lbrack': '[',
  '\\rbrack': ']',
  '\\ast': '*',
  '\\dots': '\\ldots',
  '\\dotsc': '\\ldots',
  '\\dotsb': '\\ldots',
  '\\cdots': '\\ldots',
  '\\land': '\\wedge',
  '\\lor': '\\vee',
  '\\lnot': '\\neg',
  '\\prime': "'",
  '\\colon': ':',
  '\\emptyset': '\\varnothing',
};

/** What only spaces or sizes a formula. */
const SILENT = new Set([
  ...[
    '\\,',
    '\\;',
    '\\:',
    '\\!',
    '\\ ',
    '\\>',
    '~',
    '\\quad',
    '\\qquad',
    '\\thinspace',
    '\\enspace',
    '\\enskip',
  ],
  ...['\\left', '\\right', '\\middle', '\\displaystyle', '\\textstyle', '\\limits', '\\nolimits', '\\notag'],
  ...['\\nonumber', '\\big', '\\Big', '\\bigg', '\\Bigg', '\\bigl', '\\bigr', '\\bigm', '\\Bigl', '\\Bigr'],
  ...['\\Bigm', '\\biggl', '\\biggr', '\\biggm', '\\Biggl', '\\Biggr', '\\Biggm', '&', '\\\\', '\\newline'],
]);

const ENVIRONMENT =
  /\\(?:begin|end)\s*\{(?:equation|align|aligned|alignat|gather|gathered|split|multline|displaymath|math)\*?\}/g;

/**
 * What is left of a formula when white space, sizes, line breaks and the spelling of macros are taken away: two formulas with the same
 * form read the same. Empty for what is too long to be compared.
 */
export function texForm(tex: string): string {
  if (tex.length > MAX_LENGTH) return '';
  const bare = tex
    .replace(/(?<!\\)%[^\n]*/g, '')
    .replace(ENVIRONMENT, ' ')
    .replace(/\\(?:label|tag\*?)\s*\{[^{}]*\}/g, ' ');
  const tokens = texTokens(bare)
    .filter(({ kind, text }) => kind !== 'space' && kind !== 'comment' && !SILENT.has(text))
    .map(({ text }) => SAME[text] ?? text);
  return (
    withoutNeedlessBraces(tokens)
      .join(' ')
      .replace(/(?: [.,;])+$/, '')
      // A transpose is a T, upright or not.
      .replaceAll('^ { \\mathrm T }', '^ T')
      .replaceAll('^ \\mathrm T', '^ T')
  );
}

/** `{x}` is `x`; `\mathrm{x}` keeps its braces only where there is more than one token. */
function withoutNeedlessBraces(tokens: readonly string[]): string[] {
  const out: string[] = [];
  for (const token of tokens) {
    out.push(token);
    if (
      token === '}' &&
      out.length >= 3 &&
      out[out.length - 3] === '{' &&
      !'{}'.includes(out[out.length - 2] ?? '{')
    ) {
      const [inner] = out.splice(-3).slice(1, 2);
      out.push(inner ?? '');
    }
  }
  return out;
}
