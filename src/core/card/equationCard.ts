import type { Entry, EquationSymbol } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import { stackFormulas } from '../typeset/stackFormulas.ts';
import { escapeHtml, escapeMarkdown, type FormulaStyle, image, inlineFormula, texBlock } from './markdown.ts';

/** How many symbols and notes a card shows at the most; the panel has them all. */
const MAX_SYMBOLS = 6;
const MAX_NOTES = 2;

export interface EquationCardOptions {
  readonly entry: Entry;
  /** Title of the entry's system: `GLIDE`. */
  readonly systemTitle: string;
  /** Ids of the entry's variants that hold for the code under the pointer. */
  readonly variants: readonly string[];
  /** Ids of the entry's differences that the code shows. */
  readonly differences: readonly string[];
  /** Command links, ready-made. */
  readonly links: readonly string[];
  readonly localizer: Localizer;
  readonly style: FormulaStyle;
}

/**
 * The hover card of an entry as Markdown blocks (with HTML for pictures and tables), each far below VS Code's cap of 100,000
 * characters. Dense on purpose: a hover is 250 px high before it scrolls. Pure.
 */
export function equationCard(options: EquationCardOptions): string[] {
  const { entry, localizer } = options;
  return [
    heading(options),
    ...equations(options),
    ...symbolTable(options),
    [...notes(options), options.links.join(' · '), escapeMarkdown(localizer.text(entry.summary))]
      .filter(part => part !== '')
      .join('\n\n'),
  ];
}

function heading({ entry, systemTitle, localizer }: EquationCardOptions): string {
  const parts = [`**${escapeMarkdown(localizer.text(entry.title))}**`, escapeMarkdown(systemTitle)];
  if (entry.exercises.length > 0) parts.push(localizer.t('Exercise {0}', entry.exercises.join(', ')));
  return parts.join(' · ');
}

/** All equations as one picture; one that does not typeset as its TeX, in its place. */
function equations({ entry, localizer, style }: EquationCardOptions): string[] {
  const pictures = entry.equations.map(equation => style.pictures(equation.tex, true));
  const stack = stackFormulas(pictures.filter(picture => picture !== undefined));
  const spoken = entry.equations.map(equation => localizer.text(equation.spoken)).join('. ');
  const plain = entry.equations
    .filter((_, index) => !pictures[index])
    .map(equation => texBlock(equation.tex));
  return [...(stack ? [centred(image(stack, spoken, style))] : []), ...plain];
}

export const centred = (html: string): string => `<div align="center">${html}</div>`;

/** One line per variant and difference that holds here. */
function notes({ entry, variants, differences, localizer }: EquationCardOptions): string[] {
  const variant = (entry.variants ?? []).filter(candidate => variants.includes(candidate.id));
  const difference = (entry.differences ?? []).filter(candidate => differences.includes(candidate.id));
  return [
    ...variant.map(
      item => `$(warning) **${localizer.t('Variant')}:** ${escapeMarkdown(localizer.text(item.text))}`,
    ),
    ...difference.slice(0, MAX_NOTES).map(item => `$(info) ${escapeMarkdown(localizer.text(item.text))}`),
  ];
}

/** Symbols in two columns. */
function symbolTable({ entry, localizer, style }: EquationCardOptions): string[] {
  const symbols = entry.symbols.slice(0, MAX_SYMBOLS);
  if (symbols.length === 0) return [];
  const half = Math.ceil(symbols.length / 2);
  const rows = symbols.slice(0, half).map((left, index) => {
    const right = symbols[half + index];
    return `<tr>${cells(left, localizer, style)}<td>&nbsp;&nbsp;</td>${right ? cells(right, localizer, style) : ''}</tr>`;
  });
  return [`<table>${rows.join('')}</table>`];
}

function cells(symbol: EquationSymbol, localizer: Localizer, style: FormulaStyle): string {
  const code = symbol.code[0] === undefined ? '' : `<code>${escapeHtml(symbol.code[0])}</code>`;
  const shape = symbol.shape ? ` <code>${escapeHtml(symbol.shape)}</code>` : '';
  const meaning = escapeHtml(localizer.text(symbol.meaning));
  return `<td>${inlineFormula(symbol.tex, style)}</td><td>${code}${shape}</td><td>${meaning}</td>`;
}
