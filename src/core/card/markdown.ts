import { type SvgImage, svgImage } from '../typeset/svgImage.ts';
import type { ThemeKind } from '../typeset/themeColours.ts';
import type { CardPictures } from './cardPictures.ts';

/** Pack texts are data, not markup: everything that Markdown would read as syntax is escaped. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>~&]/g, character => `\\${character}`).replace(/\s*\n\s*/g, ' ');
}

/** Inline code that survives backticks and table cells. */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(run => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('|', '\\|').replace(/\s+/g, ' ')}${pad}${fence}`;
}

export interface FormulaStyle {
  readonly pictures: CardPictures;
  readonly theme: ThemeKind;
  readonly scale: number;
}

/** A formula as a picture with its text alternative, or as TeX in code style where it cannot be typeset. */
export function formula(tex: string, display: boolean, alternative: string, style: FormulaStyle): string {
  const picture = style.pictures(tex, display);
  if (!picture)
    return display ? `\n\`\`\`latex\n${tex.replaceAll('```', '` ` `')}\n\`\`\`\n` : inlineCode(tex);
  return image(svgImage(picture, style.theme, style.scale), alternative);
}

function image(picture: SvgImage, alternative: string): string {
  return `![${escapeMarkdown(alternative)}](${picture.uri}|width=${picture.width},height=${picture.height})`;
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
