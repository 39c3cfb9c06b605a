import type { Entry } from '../atlas/schema.ts';

/** Cards of one entry that are kept: its places and calls in a file, in one theme. */
const MAX_PER_ENTRY = 16;

/**
 * Composed cards, so that the second rest of the pointer on the same function costs nothing. They are kept by the entry itself:
 * another atlas has other entries, and the old ones go with it.
 */
export class CardCache {
  readonly #cards = new WeakMap<Entry, Map<string, readonly string[]>>();

  /** @param key all that the card depends on besides the entry */
  card(entry: Entry, key: string, compose: () => readonly string[]): readonly string[] {
    let cards = this.#cards.get(entry);
    if (!cards) {
      cards = new Map();
      this.#cards.set(entry, cards);
    }
    const known = cards.get(key);
    if (known) return known;
    const card = compose();
    if (cards.size >= MAX_PER_ENTRY) cards.delete(cards.keys().next().value as string);
    cards.set(key, card);
    return card;
  }
}
