import { type SvgImage, svgImage } from '../typeset/svgImage.ts';
import type { ThemeKind } from '../typeset/themeColours.ts';
import type { TypesetSvg } from '../typeset/typesetSvg.ts';
import type { CardPictures } from './cardPictures.ts';

/**
 * Pack texts are data, not markup: everything that Markdown or HTML would read as syntax is escaped, and an address or a mail address in them is
 * words, no link.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-!|<>~&]/g, character => `\\${character}`)
    .replace(/:\/\/|@|(?<=www)\./gi, found => `&#${found.charCodeAt(0)};${found.slice(1)}`)
    .replace(/\s*\n\s*/g, ' ');
}

/** As `escapeMarkdown`, for text between HTML tags and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`).replace(/\s*\n\s*/g, ' ');
}

export interface FormulaStyle {
  readonly pictures: CardPictures;
  readonly theme: ThemeKind;
  readonly scale: number;
}

/** A formula within a line of HTML: a picture, or TeX in code style where it cannot be typeset. */
export function inlineFormula(tex: string, style: FormulaStyle): string {
  const picture = style.pictures(tex, false);
  return picture ? image(picture, tex, style) : `<code>${escapeHtml(tex)}</code>`;
}

/** A picture with its text alternative; its size in whole pixels, ink of the theme. */
export function image(picture: TypesetSvg, alternative: string, style: FormulaStyle): string {
  const { uri, width, height }: SvgImage = svgImage(picture, style.theme, style.scale);
  return `<img src="${uri}" alt="${escapeHtml(alternative)}" width="${width}" height="${height}">`;
}

/** A display formula that cannot be typeset: the TeX itself. */
export function texBlock(tex: string): string {
  return `\n\`\`\`latex\n${tex.replaceAll('```', '` ` `')}\n\`\`\`\n`;
}

/** A command link; the hover trusts only the commands on its allow-list. */
export function commandLink(
  label: string,
  command: string,
  args: readonly unknown[],
  tooltip?: string,
): string {
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, c => (c === '(' ? '%28' : '%29'));
  const title = tooltip ? ` "${tooltip.replaceAll('"', '\\"')}"` : '';
  return `[${label}](command:${command}?${query}${title})`;
}
