import { alignFunction } from '../alignment/alignFunction.ts';
import type { Alignment } from '../alignment/alignment.ts';
import type { Entry } from '../atlas/schema.ts';
import type { FunctionOutline } from '../python/outline.ts';

/** Alignments of functions that run again and again, kept as long as the outline that the function is part of. */
export class RememberedAlignments {
  readonly #known = new WeakMap<
    FunctionOutline,
    { readonly entry: Entry; readonly key: string; readonly alignment: Alignment }
  >();

  /** As `alignFunction`. An entry is the same where it says the same: one that came in a message is a copy. */
  readonly align = (entry: Entry, fn: FunctionOutline): Alignment => {
    const known = this.#known.get(fn);
    if (known?.entry === entry) return known.alignment;
    const key = JSON.stringify(entry);
    if (known?.key === key) return known.alignment;
    const alignment = alignFunction(entry, fn);
    this.#known.set(fn, { entry, key, alignment });
    return alignment;
  };
}
