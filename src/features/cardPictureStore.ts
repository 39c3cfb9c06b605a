import { type CardFile, unpackCard } from '../core/card/cardFile.ts';
import { type CardPictures, pictureKey } from '../core/card/cardPictures.ts';
import { texRefusal } from '../core/notes/texRefusal.ts';
import type { TypesetSvg } from '../core/typeset/typesetSvg.ts';
import type { Typesetter } from '../core/typeset/typesetter.ts';
import type { Assets } from './assets.ts';
import type { LazyModules } from './lazyModules.ts';
import type { Log } from './log.ts';

/** A formula that a card may ask for. */
export interface Formula {
  readonly tex: string;
  readonly display: boolean;
}

/** Formulas typeset at run time that are kept, and the time that one card may spend on new ones. */
const MAX_TYPESET = 2000;
const BUDGET_MS = 1500;

/** The formulas that were typeset when the extension was built, one file per system, read when first needed. */
export class CardPictureStore {
  readonly #assets: Assets;
  readonly #lazy: LazyModules;
  readonly #log: Log;
  readonly #systems = new Map<string, Promise<CardFile>>();

  /** `null` where the TeX does not typeset. */
  readonly #typeset = new Map<string, TypesetSvg | null>();
  #typesetter: Promise<Typesetter | undefined> | undefined;

  constructor(assets: Assets, lazy: LazyModules, log: Log) {
    this.#assets = assets;
    this.#lazy = lazy;
    this.#log = log;
  }

  /** Never fails: a card without pictures shows the TeX. */
  async pictures(system: string, wanted: readonly Formula[] = []): Promise<CardPictures> {
    let cards = this.#systems.get(system);
    if (!cards) {
      cards = this.#assets.json<CardFile>(`cards/${system}.json`).catch((error: unknown) => {
        this.#log.warn(`no typeset formulas of ${system}: ${String(error)}`);
        return { glyphs: [], cards: {} };
      });
      this.#systems.set(system, cards);
    }
    const known = await cards;
    const fresh = wanted.filter(({ tex, display }) => {
      const key = pictureKey(tex, display);
      return known.cards[key] === undefined && !this.#typeset.has(key);
    });
    if (fresh.length > 0) await this.#typesetAll(fresh);
    return (tex, display) => {
      const key = pictureKey(tex, display);
      return unpackCard(known, key) ?? this.#typeset.get(key) ?? undefined;
    };
  }

  /** Formulas of the reader's own packs and notes; MathJax is loaded for the first of them. */
  async #typesetAll(formulas: readonly Formula[]): Promise<void> {
    this.#typesetter ??= this.#loadTypesetter();
    const typesetter = await this.#typesetter;
    if (!typesetter) return;
    const started = performance.now();
    for (const { tex, display } of formulas) {
      if (performance.now() - started > BUDGET_MS) return;
      if (this.#typeset.size >= MAX_TYPESET) this.#typeset.clear();
      const key = pictureKey(tex, display);
      try {
        this.#typeset.set(key, texRefusal(tex) === undefined ? typesetter.typeset(tex, { display }) : null);
      } catch (error) {
        this.#typeset.set(key, null);
        this.#log.warn(`${String(error)}: ${tex.slice(0, 200)}`);
      }
    }
  }

  async #loadTypesetter(): Promise<Typesetter | undefined> {
    try {
      const { Typesetter } = await this.#lazy.load('typesetter');
      return new Typesetter();
    } catch (error) {
      this.#log.warn(`formulas of your own packs are shown as TeX: ${String(error)}`);
      return undefined;
    }
  }
}
