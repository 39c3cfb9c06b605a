import type { TypesetSvg } from '../typeset/typesetSvg.ts';

/**
 * The typeset formulas of a system as they lie in `dist/cards/<system>.json`: every glyph's outline once, formulas by
 * `pictureKey` with a number in its place. A formula is mostly outlines, and a system draws a few hundred of them a thousand times.
 */
export interface CardFile {
  readonly glyphs: readonly string[];
  readonly cards: Readonly<Record<string, TypesetSvg>>;
}

export function packCards(cards: Readonly<Record<string, TypesetSvg>>): CardFile {
  const numbers = new Map<string, number>();
  const packed: Record<string, TypesetSvg> = {};
  for (const [key, card] of Object.entries(cards)) {
    const svg = card.svg.replace(/ d="([^"#]+)"/g, (_, outline: string) => {
      const number = numbers.get(outline) ?? numbers.size;
      numbers.set(outline, number);
      return ` d="#${number}"`;
    });
    packed[key] = { ...card, svg };
  }
  return { glyphs: [...numbers.keys()], cards: packed };
}

/** The formula as it was typeset; `undefined` where the file has none of this key. */
export function unpackCard(file: CardFile, key: string): TypesetSvg | undefined {
  const card = file.cards[key];
  if (!card) return undefined;
  const svg = card.svg.replace(/ d="#(\d+)"/g, (_, number: string) => ` d="${file.glyphs[Number(number)]}"`);
  return { ...card, svg };
}
