import type { Outline } from './outline.ts';
import type { PythonParser } from './pythonParser.ts';

/** Who outlines texts. */
export type Outliner = Pick<PythonParser, 'outline'>;

/** Outlines of texts that are asked for again and again: every move of a slider runs the same files. */
export class RememberedOutlines implements Outliner {
  readonly #outliner: Outliner;
  readonly #most: number;
  readonly #known = new Map<string, Outline>();

  /** @param most how many are kept; the one that was not asked for longest goes first */
  constructor(outliner: Outliner, most = 8) {
    this.#outliner = outliner;
    this.#most = most;
  }

  outline(text: string): Outline {
    const outline = this.#known.get(text) ?? this.#outliner.outline(text);
    // Re-inserted at the end: a Map remembers insertion order, which makes it a queue of last use.
    this.#known.delete(text);
    this.#known.set(text, outline);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value!);
    return outline;
  }
}
