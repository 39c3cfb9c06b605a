import type { Entry, EquationSymbol } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import type { AuthorNote } from '../solutions/solutions.ts';
import { stackFormulas } from '../typeset/stackFormulas.ts';
import { escapeHtml, escapeMarkdown, type FormulaStyle, image, inlineFormula, texBlock } from './markdown.ts';

/** How many symbols and notes a card shows at the most; the panel has them all. */
const MAX_SYMBOLS = 6;
const MAX_NOTES = 1;
/** Equations higher than this, in pixels, are drawn smaller, down to the factor below: a hover scrolls from 250 px on. */
const MAX_HEIGHT = 140;
/** The same on a card that has more than one thing to say below. */
const CROWDED = { symbols: 4, height: 110, smallest: 0.75 };
const SMALLEST = 0.85;
/** Most characters of one block; VS Code cuts at 100,000. */
const MAX_BLOCK = 90_000;
/** Widest equations, in pixels, that leave room for the symbols at their side. */
const SIDE_BY_SIDE = 400;

export interface EquationCardOptions {
  readonly entry: Entry;
  /** Title of the entry's system: `GLIDE`. */
  readonly systemTitle: string;
  /** Ids of the entry's variants that hold for the code under the pointer. */
  readonly variants: readonly string[];
  /** Lines (from 0) of the code that are not as in the original. */
  readonly changedLines?: readonly number[];
  /** Ids of the entry's differences that the code shows. */
  readonly differences: readonly string[];
  /** Command links, ready-made Markdown. */
  readonly links: readonly string[];
  /** An exercise number as Markdown, a link where there is something to go to. */
  readonly exercise: (number: string) => string;
  /** What the reader's notes say to this entry, with a ready-made link to the note: the author's version beside ours. */
  readonly authorNotes?: readonly { readonly note: AuthorNote; readonly link: string }[];
  readonly localizer: Localizer;
  readonly style: FormulaStyle;
}

/**
 * The hover card of an entry as Markdown blocks (with HTML for pictures and tables), each far below VS Code's cap of 100,000
 * characters. Dense on purpose: a hover is 250 px high before it scrolls. Pure.
 */
export function equationCard(options: EquationCardOptions): string[] {
  return [
    // A space after each, where a long line may break.
    `${heading(options)}${NBSP.repeat(2)} ${options.links.join(`${NBSP} `)}`,
    ...body(options),
    [...notes(options), summary(options)].filter(part => part !== '').join('\n\n'),
    ...authors(options),
  ];
}

function heading({ entry, systemTitle, localizer, exercise }: EquationCardOptions): string {
  const title = `**${escapeMarkdown(localizer.text(entry.title))}**`;
  return [title, escapeMarkdown(systemTitle), ...entry.exercises.map(exercise)].join(' · ');
}

/** Equations as one picture with the symbols at its side, or below where it is wide; TeX that does not typeset as it is. */
function body(options: EquationCardOptions): string[] {
  const { entry, localizer, style } = options;
  const crowded = notes(options).length > 1;
  const pictures = entry.equations.map(equation => style.pictures(equation.tex, true));
  const stack = stackFormulas(pictures.filter(picture => picture !== undefined));
  const spoken = entry.equations.map(equation => localizer.text(equation.spoken)).join('. ');
  const plain = entry.equations
    .filter((_, index) => !pictures[index])
    .map(equation => texBlock(equation.tex));
  const shown = entry.symbols.slice(0, crowded ? CROWDED.symbols : MAX_SYMBOLS);
  const symbols = shown.map(symbol => symbolLine(symbol, localizer, style));
  if (!stack) return [...plain, ...paragraph(symbols)];
  const [height, smallest] = crowded ? [CROWDED.height, CROWDED.smallest] : [MAX_HEIGHT, SMALLEST];
  const shrink = Math.max(smallest, Math.min(1, height / stack.height));
  const equations = image(stack, spoken, { ...style, scale: style.scale * shrink });
  const large = equations.length + symbols.join('').length > MAX_BLOCK;
  if (large || stack.width * style.scale * shrink > SIDE_BY_SIDE || symbols.length === 0) {
    return [centred(equations), ...plain, ...paragraph(inPairs(symbols))];
  }
  return [
    `<table><tr><td>${equations}</td><td>${NBSP.repeat(4)}</td><td>${symbols.join('<br>')}</td></tr></table>`,
    ...plain,
  ];
}

const NBSP = '&#160;';

const paragraph = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`<div>${lines.join('<br>')}</div>`];

/** Two symbols a line. */
function inPairs(symbols: readonly string[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i < symbols.length; i += 2) lines.push(symbols.slice(i, i + 2).join(NBSP.repeat(6)));
  return lines;
}

export const centred = (html: string): string => `<div align="center">${html}</div>`;

/** `Q  q [B·H, C, T]`; code and shape never break. What it means is told when hovering over the variable itself. */
function symbolLine(symbol: EquationSymbol, localizer: Localizer, style: FormulaStyle): string {
  const code = [symbol.code[0], symbol.shape].filter(part => part !== undefined && part !== '').join(' ');
  const shown =
    code === ''
      ? escapeHtml(localizer.text(symbol.meaning))
      : `<code>${escapeHtml(code).replaceAll(' ', NBSP)}</code>`;
  return `${inlineFormula(symbol.tex, style)} ${shown}`;
}

/** One line per variant, and the first of the differences that the code shows. */
function notes({
  entry,
  variants,
  differences,
  changedLines = [],
  localizer,
}: EquationCardOptions): string[] {
  const variant = (entry.variants ?? []).filter(candidate => variants.includes(candidate.id));
  const difference = (entry.differences ?? []).filter(candidate => differences.includes(candidate.id));
  return [
    ...changed(changedLines, localizer),
    ...variant.map(
      item => `$(warning) **${localizer.t('Variant')}:** ${escapeMarkdown(localizer.text(item.text))}`,
    ),
    ...difference
      .slice(0, variant.length + changedLines.length > 0 ? 0 : MAX_NOTES)
      .map(item => `$(info) ${escapeMarkdown(localizer.text(item.text))}`),
  ];
}

/** The equation is the original's: where the code was edited, the card does not vouch for it. */
function changed(lines: readonly number[], localizer: Localizer): string[] {
  if (lines.length === 0) return [];
  const numbers = [...new Set(lines)].map(line => line + 1).join(', ');
  const text =
    lines.length === 1
      ? localizer.t('Line {0} is not as in the original. The equation may not say what it computes.', numbers)
      : localizer.t(
          'Lines {0} are not as in the original. The equation may not say what they compute.',
          numbers,
        );
  return [`$(warning) **${localizer.t('Changed')}:** ${escapeMarkdown(text)}`];
}

/** Where there are no steps the equation alone says little: the summary stands in. */
function summary({ entry, localizer }: EquationCardOptions): string {
  return entry.steps.length === 0 ? escapeMarkdown(localizer.text(entry.summary)) : '';
}

/** Authors' equations are drawn as ours are; their words are data like all others. */
function authors({ authorNotes = [], localizer, style }: EquationCardOptions): string[] {
  return authorNotes.slice(0, MAX_AUTHORS).flatMap(({ note, link }) => {
    const shown = note.equations.slice(0, MAX_AUTHOR_EQUATIONS);
    const pictures = shown.map(it => style.pictures(it.tex, true));
    const stack = stackFormulas(pictures.filter(picture => picture !== undefined));
    const spoken = shown.map(it => it.tex).join('. ');
    const plain = shown.filter((_, index) => !pictures[index]).map(it => texBlock(it.tex));
    const picture = stack ? image(stack, spoken, { ...style, scale: style.scale * SMALLEST }) : '';
    return [
      `**${localizer.t('The author’s version')}** · ${link}`,
      ...(picture !== '' && picture.length < MAX_BLOCK ? [centred(picture)] : []),
      ...plain,
      ...(shown.length === 0 ? [escapeMarkdown(note.text)] : []),
    ];
  });
}

const MAX_AUTHORS = 3;
const MAX_AUTHOR_EQUATIONS = 12;
