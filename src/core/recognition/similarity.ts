/** Likeness of function names: 1 the same, 0.8 but for underscores, less by shared words. */
export function nameLikeness(wanted: string, seen: string): number {
  if (wanted === seen) return 1;
  if (wanted.replace(/^_+/, '') === seen.replace(/^_+/, '')) return 0.8;
  return 0.6 * sharedWords(words(wanted), words(seen));
}

/** Likeness of class names to any of a list: 1 upstream's, 0.95 a name the pack lists besides, less by shared words. */
export function classLikeness(wanted: readonly string[], seen: string): number {
  const index = wanted.indexOf(seen);
  if (index === 0) return 1;
  if (index > 0) return 0.95;
  let best = 0;
  for (const name of wanted) best = Math.max(best, 0.8 * sharedWords(words(name), words(seen)));
  return best;
}

/** `QKVAttentionLegacy` → qkv, attention, legacy. */
function words(name: string): string[] {
  const parts = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  return parts.map(part => part.toLowerCase());
}

/** Share of the words that both have in the same order: `eps_from_x` is not `x_from_eps`. */
function sharedWords(a: readonly string[], b: readonly string[]): number {
  const shared = longestCommon(a, b);
  const all = a.length + b.length - shared;
  return all === 0 ? 0 : shared / all;
}

/** Length of the longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let previous = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const row = [0];
    for (let j = 0; j < b.length; j++) {
      row.push(word === b[j] ? previous[j]! + 1 : Math.max(previous[j + 1]!, row[j]!));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** Share of the wanted names that are there in the wanted order; names beyond cost a little. 1 where both are empty. */
export function orderLikeness(wanted: readonly string[], seen: readonly string[]): number {
  if (wanted.length === 0) return seen.length === 0 ? 1 : Math.max(0, 1 - 0.25 * seen.length);
  const common = longestCommon(wanted, seen);
  const extra = seen.length - common;
  return Math.max(0, common / wanted.length - (0.2 * extra) / Math.max(wanted.length, extra));
}

/** Share of the wanted names that are there. */
export function recall(wanted: readonly string[], has: (name: string) => boolean): number {
  if (wanted.length === 0) return 1;
  return wanted.filter(has).length / wanted.length;
}
