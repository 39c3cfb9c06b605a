import { isInt, PyClass, PyFloat, type PyModule, type Value } from '../interpreter/values.ts';
import { moduleOf } from './module.ts';

const integral = (value: Value) => isInt(value) || typeof value === 'boolean';
const real = (value: Value) => integral(value) || value instanceof PyFloat;

/** `numbers`: the numeric tower, as far as `isinstance` needs it. */
export function numbersModule(): PyModule {
  return moduleOf(
    'numbers',
    [],
    [
      ['Number', real],
      ['Complex', real],
      ['Real', real],
      ['Rational', integral],
      ['Integral', integral],
    ].map(
      ([name, check]) =>
        [
          name as string,
          new PyClass(name as string, { module: 'numbers', instanceCheck: check as typeof real }),
        ] as const,
    ),
  );
}
