import type { LiteElement } from 'mathjax-full/js/adaptors/lite/Element.js';
import { liteAdaptor } from 'mathjax-full/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from 'mathjax-full/js/handlers/html.js';
import { TeX } from 'mathjax-full/js/input/tex.js';
import 'mathjax-full/js/input/tex/ams/AmsConfiguration.js';
import 'mathjax-full/js/input/tex/base/BaseConfiguration.js';
import 'mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js';
import 'mathjax-full/js/input/tex/cases/CasesConfiguration.js';
import 'mathjax-full/js/input/tex/mathtools/MathtoolsConfiguration.js';
import 'mathjax-full/js/input/tex/newcommand/NewcommandConfiguration.js';
import 'mathjax-full/js/input/tex/textmacros/TextMacrosConfiguration.js';
import { mathjax } from 'mathjax-full/js/mathjax.js';
import { SVG } from 'mathjax-full/js/output/svg.js';
import { TypesetError } from './typesetError.ts';
import type { TypesetSvg } from './typesetSvg.ts';

/** Longest TeX that is typeset; longer input is refused before MathJax sees it. */
const MAX_TEX_LENGTH = 8000;
/** Size of MathJax's `ex` for the 14 px text of a hover. */
const PX_PER_EX = 7;

/**
 * TeX → SVG, synchronously. Packages are a fixed, harmless list: no `\href`, `\includegraphics`, `\require` or HTML, so TeX
 * from a stranger's pack can only draw. Macro expansion is bounded by MathJax (`maxMacros`, `maxBuffer`).
 */
export class Typesetter {
  readonly #adaptor = liteAdaptor();
  readonly #svg = new SVG<LiteElement, string, HTMLDocument>({
    fontCache: 'local',
    internalSpeechTitles: false,
  });

  constructor() {
    RegisterHTMLHandler(this.#adaptor);
  }

  /** @throws {TypesetError} with MathJax's own message where the TeX is wrong. */
  typeset(tex: string, options: { readonly display: boolean }): TypesetSvg {
    if (tex.length > MAX_TEX_LENGTH)
      throw new TypesetError(`TeX is longer than ${MAX_TEX_LENGTH} characters`);
    // A fresh input jax per equation: \newcommand in one equation must not change another.
    const input = new TeX<LiteElement, string, HTMLDocument>({
      packages: ['base', 'ams', 'boldsymbol', 'cases', 'mathtools', 'newcommand', 'textmacros'],
      maxMacros: 500,
      maxBuffer: 16 * 1024,
      formatError: (_jax: unknown, error: { message: string }) => {
        throw new TypesetError(error.message);
      },
    });
    const document = mathjax.document('', { InputJax: input, OutputJax: this.#svg });
    let node: LiteElement;
    try {
      node = document.convert(tex, { display: options.display, em: PX_PER_EX * 2, ex: PX_PER_EX });
    } catch (error) {
      throw error instanceof TypesetError
        ? error
        : new TypesetError(error instanceof Error ? error.message : String(error));
    }
    return toPixels(this.#adaptor.innerHTML(node));
  }
}

/** MathJax sizes its SVG in `ex`, which an image resolves against a font of its own: write pixels instead. */
function toPixels(markup: string): TypesetSvg {
  const width = Number(/width="([\d.]+)ex"/.exec(markup)?.[1] ?? Number.NaN) * PX_PER_EX;
  const height = Number(/height="([\d.]+)ex"/.exec(markup)?.[1] ?? Number.NaN) * PX_PER_EX;
  if (!Number.isFinite(width) || !Number.isFinite(height))
    throw new TypesetError('no picture came out of this TeX');
  const svg = markup
    // One picture holds one formula: its glyphs need no number, and equal formulas give equal pictures.
    .replace(/\bMJX-\d+-/g, '')
    .replace(/ (?:data-[\w-]+|aria-[\w-]+|role|focusable|style|class)="[^"]*"/g, '')
    .replace(/width="[\d.]+ex" height="[\d.]+ex"/, `width="${round(width)}" height="${round(height)}"`);
  return { svg, width: round(width), height: round(height) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
