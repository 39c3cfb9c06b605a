import type { TypesetSvg } from '../typeset/typesetSvg.ts';

/**
 * Where a card gets its typeset formulas from: built when the extension was built (built-in packs) or typeset on demand
 * (user packs). `undefined` where the TeX does not typeset: the card then shows the TeX itself.
 */
export type CardPictures = (tex: string, display: boolean) => TypesetSvg | undefined;

/** Key of a formula in a `dist/cards/<system>.json` file. */
export function pictureKey(tex: string, display: boolean): string {
  return `${display ? 'display' : 'inline'}:${tex}`;
}
