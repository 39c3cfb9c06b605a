import { type NativeBody, NativeFunction } from '../interpreter/native.ts';
import { PyModule, type Value } from '../interpreter/values.ts';

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

/** A module of which every run has its own, with the same content in it: that is made once, and must hold nothing of a run. */
export function sharing(make: () => PyModule): () => PyModule {
  let first: PyModule | undefined;
  return () => {
    first ??= make();
    const { name, attributes, missing } = first;
    const module = new PyModule(name, undefined, missing);
    module.late = { define: wanted => attributes.get(wanted), names: () => attributes.keys() };
    return module;
  };
}
