import type { FunctionOutline } from '../python/outline.ts';
import { isDecisive } from './decisive.ts';
import { familyMember, lastSegment } from './families.ts';

/** Local names of the pack → what this document calls them; empty where they are the same. */
export type Renames = ReadonlyMap<string, string>;

/** How the names of a pack and the names of one function go together. */
export class Naming {
  private readonly taken: ReadonlySet<string>;

  private constructor(
    readonly renames: Renames,
    /** Names that the function itself binds: parameters, targets, loop variables. */
    private readonly bound: ReadonlySet<string>,
    /** Every name that stands in the function, and every callee's last segment. */
    private readonly used: ReadonlySet<string>,
  ) {
    this.taken = new Set(renames.values());
  }

  /** Of a function, before anything about it has been learnt. */
  static of(fn: FunctionOutline, renames: Renames): Naming {
    const bound = new Set<string>(fn.parameters.map(it => it.name));
    const used = new Set<string>(bound);
    for (const use of fn.names) {
      used.add(use.name);
      if (use.role === 'target') bound.add(use.name);
    }
    for (const call of fn.calls) used.add(lastSegment(call.callee));
    bound.delete('self');
    return new Naming(renames, bound, used);
  }

  /** For conditions, which mean names to the letter. */
  static readonly literal = new Naming(new Map(), new Set(), new Set());

  with(renames: Renames): Naming {
    return new Naming(renames, this.bound, this.used);
  }

  /** `q` is met by `q` and by `q.shape`. */
  isSame(wanted: string, seen: string): boolean {
    const name = this.renames.get(wanted) ?? wanted;
    return seen === name || (seen.length > name.length && seen.startsWith(name) && seen[name.length] === '.');
  }

  /** A local name of the pack that this function does not use and that nothing stands for yet. */
  isForeign(wanted: string): boolean {
    return (
      this.bound.size > 0 &&
      /^\w+$/.test(wanted) &&
      !this.used.has(wanted) &&
      !this.renames.has(wanted) &&
      !isDecisive(wanted) &&
      !familyMember(wanted)
    );
  }

  /** A local name of this function that stands for no name of the pack yet. */
  isStranger(seen: string): boolean {
    const base = seen.split('.')[0] ?? seen;
    return this.bound.has(base) && !this.taken.has(base);
  }

  /** A name that the function uses in its own right. */
  isUsed(name: string): boolean {
    return this.used.has(name);
  }
}
