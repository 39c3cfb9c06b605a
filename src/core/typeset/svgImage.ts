import { INK, type ThemeKind } from './themeColours.ts';
import type { TypesetSvg } from './typesetSvg.ts';

/** Widest picture a hover shows without clipping, in CSS pixels. */
export const MAX_HOVER_WIDTH = 600;

/** An equation as a hover can show it: a data URI with the theme's ink and its size in whole pixels. */
export interface SvgImage {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Bakes ink and size into a typeset formula.
 * @param scale user's factor; a formula that would be wider than a hover is shrunk to fit instead of being clipped.
 */
export function svgImage(formula: TypesetSvg, theme: ThemeKind, scale = 1): SvgImage {
  const factor = Math.min(scale, MAX_HOVER_WIDTH / formula.width);
  const width = Math.ceil(formula.width * factor);
  const height = Math.ceil(formula.height * factor);
  const svg = inkedSvg(formula, theme).replace(
    /width="[\d.]+" height="[\d.]+"/,
    `width="${width}" height="${height}"`,
  );
  return { uri: `data:image/svg+xml;base64,${base64(svg)}`, width, height };
}

/** The SVG with the theme's ink in place of `currentColor`. */
export function inkedSvg(formula: TypesetSvg, theme: ThemeKind): string {
  return formula.svg.replaceAll('currentColor', INK[theme]);
}

/** `btoa` is in Node, browsers and workers alike; SVG of MathJax may hold non-Latin text, hence the UTF-8 detour. */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}
