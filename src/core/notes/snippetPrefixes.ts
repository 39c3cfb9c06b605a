import type { Atlas } from '../atlas/atlas.ts';
import type { Entry, Equation } from '../atlas/schema.ts';
import { kebab } from './equationLabel.ts';

/** Key of an equation in `snippets/prefixes.json`: `glide.QKVAttention.forward#attention`. */
export const equationKey = (entry: Entry, equation: Equation): string => `${entry.id}#${equation.id}`;

/**
 * A memorable prefix for every equation: `eq-clip-loss`, `eq-qkv-attention`, …. Those that were given stay, whatever packs come later;
 * new ones get the shortest name that is free. Unique.
 *
 * @param given prefixes of an earlier build, by `equationKey`
 */
export function snippetPrefixes(
  atlas: Atlas,
  given: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const all = atlas.entries.flatMap(entry => entry.equations.map(equation => ({ entry, equation })));
  const prefixes = new Map<string, string>();
  const taken = new Set<string>();
  for (const { entry, equation } of all) {
    const prefix = given[equationKey(entry, equation)];
    if (prefix === undefined || taken.has(prefix)) continue;
    prefixes.set(equationKey(entry, equation), prefix);
    taken.add(prefix);
  }
  for (const { entry, equation } of all) {
    const key = equationKey(entry, equation);
    if (prefixes.has(key)) continue;
    const prefix = candidates(entry, equation).find(candidate => !taken.has(candidate)) ?? `eq-${kebab(key)}`;
    prefixes.set(key, prefix);
    taken.add(prefix);
  }
  return prefixes;
}

/** From short to long: the class or function alone for its main equation, then with the equation's name, then with the system's. */
function candidates(entry: Entry, equation: Equation): string[] {
  const [system = '', ...names] = entry.id.split('.');
  const last = names.at(-1) === 'forward' && names.length > 1 ? names.slice(0, -1) : names;
  const base = last.map(kebab).join('-');
  const name = kebab(equation.id);
  const isMain = mainEquation(entry, base) === equation;
  const short = isMain ? [base] : base.endsWith(name) ? [] : [`${base}-${name}`];
  return [
    ...short,
    `${base}-${name}`,
    ...short.map(it => `${kebab(system)}-${it}`),
    `${kebab(system)}-${base}-${name}`,
  ].map(it => `eq-${it}`);
}

/** The equation that the name of the class promises (`loss` of ClipLoss), or the only one. */
function mainEquation(entry: Entry, base: string): Equation | undefined {
  const promised = entry.equations.find(equation => base.endsWith(kebab(equation.id)));
  return promised ?? (entry.equations.length === 1 ? entry.equations[0] : undefined);
}
