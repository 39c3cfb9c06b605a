import { type CardFile, unpackCard } from '../core/card/cardFile.ts';
import { type CardPictures, pictureKey } from '../core/card/cardPictures.ts';
import type { Assets } from './assets.ts';
import type { Log } from './log.ts';

/** The formulas that were typeset when the extension was built, one file per system, read when first needed. */
export class CardPictureStore {
  readonly #assets: Assets;
  readonly #log: Log;
  readonly #systems = new Map<string, Promise<CardFile>>();

  constructor(assets: Assets, log: Log) {
    this.#assets = assets;
    this.#log = log;
  }

  /** Never fails: a card without pictures shows the TeX. */
  async pictures(system: string): Promise<CardPictures> {
    let cards = this.#systems.get(system);
    if (!cards) {
      cards = this.#assets.json<CardFile>(`cards/${system}.json`).catch((error: unknown) => {
        this.#log.warn(`no typeset formulas of ${system}: ${String(error)}`);
        return { glyphs: [], cards: {} };
      });
      this.#systems.set(system, cards);
    }
    const known = await cards;
    return (tex, display) => unpackCard(known, pictureKey(tex, display));
  }
}
