import { type NativeBody, NativeFunction } from '../interpreter/native.ts';
import { type LateNames, PyModule, type Value } from '../interpreter/values.ts';

/** A standard library function: unknown arguments are TypeErrors, as in CPython. */
export function std(signature: string, body: NativeBody): NativeFunction {
  return new NativeFunction(signature, body, { unknown: 'raise' });
}

/** A module object from functions (by their names) and other values. */
export function moduleOf(
  name: string,
  functions: readonly NativeFunction[],
  values: Iterable<readonly [string, Value]> = [],
): PyModule {
  const module = new PyModule(name);
  for (const fn of functions) module.attributes.set(fn.name, fn);
  for (const [key, value] of values) module.attributes.set(key, value);
  return module;
}

/** Names of a table, for modules whose content holds nothing of a run. */
export function namesOf(table: ReadonlyMap<string, Value>): LateNames {
  return { define: name => table.get(name), names: () => table.keys() };
}

/** A module of which every run has its own, with the same functions in it: they are made once. */
export function sharing(make: () => PyModule): () => PyModule {
  let names: LateNames | undefined;
  let name = '';
  return () => {
    if (!names) {
      const first = make();
      name = first.name;
      names = namesOf(first.attributes);
    }
    const module = new PyModule(name);
    module.late = names;
    return module;
  };
}
