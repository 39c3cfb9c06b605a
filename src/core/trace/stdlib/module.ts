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
