import type { Entry } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import { escapeMarkdown, type FormulaStyle, formula, inlineCode } from './markdown.ts';

/** How many symbols a card names at the most; the panel has them all. */
const MAX_SYMBOLS = 6;

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
 * The hover card of an entry as Markdown blocks, each far below VS Code's cap of 100,000 characters: title, summary, equations,
 * what differs, symbols, links. Pure.
 */
export function equationCard(options: EquationCardOptions): string[] {
  const { entry, localizer } = options;
  return [
    [heading(options), escapeMarkdown(localizer.text(entry.summary))].join('\n\n'),
    ...entry.equations.map(equation =>
      formula(equation.tex, true, localizer.text(equation.spoken), options.style),
    ),
    [...notes(options), symbolTable(options), options.links.join(' · ')]
      .filter(part => part !== '')
      .join('\n\n'),
  ];
}

function heading({ entry, systemTitle, localizer }: EquationCardOptions): string {
  const parts = [`**${escapeMarkdown(localizer.text(entry.title))}**`, escapeMarkdown(systemTitle)];
  if (entry.exercises.length > 0) parts.push(localizer.t('Exercise {0}', entry.exercises.join(', ')));
  return parts.join(' · ');
}

/** One line per variant and difference that holds here. */
function notes({ entry, variants, differences, localizer }: EquationCardOptions): string[] {
  const variant = (entry.variants ?? []).filter(candidate => variants.includes(candidate.id));
  const difference = (entry.differences ?? []).filter(candidate => differences.includes(candidate.id));
  return [
    ...variant.map(
      item => `$(warning) **${localizer.t('Variant')}:** ${escapeMarkdown(localizer.text(item.text))}`,
    ),
    ...difference.map(item => `$(info) ${escapeMarkdown(localizer.text(item.text))}`),
  ];
}

function symbolTable({ entry, localizer, style }: EquationCardOptions): string {
  const symbols = entry.symbols.slice(0, MAX_SYMBOLS);
  if (symbols.length === 0) return '';
  const header = ['Symbol', 'Code', 'Shape', 'Meaning'].map(title => localizer.t(title));
  const rows = symbols.map(symbol => [
    formula(symbol.tex, false, symbol.tex, style),
    symbol.code.slice(0, 3).map(inlineCode).join(' '),
    symbol.shape ? inlineCode(symbol.shape) : '',
    escapeMarkdown(localizer.text(symbol.meaning)),
  ]);
  return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
