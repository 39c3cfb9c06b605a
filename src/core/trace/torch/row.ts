import { raise } from '../interpreter/errors.ts';
import { type NativeFunction, native } from '../interpreter/native.ts';
import { classOf, type Value } from '../interpreter/values.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Args } from './args.ts';
import { assign } from './kit.ts';

/** Computes one call. */
export type Lowering = (a: Args) => Value;

/** Where a row can be reached: `torch.name`, `Tensor.name`, `Tensor.name_` (the result written into the tensor). */
export type Place = 'function' | 'method' | 'inplace';

/** One operation: its Python signature and what it becomes. */
export interface Row {
  readonly signature: string;
  readonly name: string;
  readonly lower: Lowering;
  readonly places: readonly Place[];
}

const letters: Readonly<Record<string, Place>> = { f: 'function', m: 'method', i: 'inplace' };

/** Declares an operation; `places` is made of f (function), m (method) and i (in-place method). */
export function row(signature: string, places: string, lower: Lowering): Row {
  const name = signature.slice(0, signature.indexOf('('));
  return { signature, name, lower, places: [...places].map(c => letters[c]!) };
}

/** The same operation under more names. */
export function also(of: Row, ...names: string[]): Row[] {
  return [of, ...names.map(name => ({ ...of, name, signature: name + of.signature.slice(of.name.length) }))];
}

/** The parameter names of a signature, stars included. */
function parameterNames(signature: string): string[] {
  const inside = signature.slice(signature.indexOf('(') + 1, -1);
  return inside
    .replace(/\([^()]*\)/g, '0')
    .split(',')
    .map(p => p.split('=')[0]!.trim().replace(/^\*+/, ''))
    .filter(p => p !== '' && p !== '/');
}

/** The native function of a row. */
export function functionOf(of: Row, module: string): NativeFunction {
  const names = parameterNames(of.signature);
  const display = `${module}.${of.name}`;
  return native(of.signature, (values, runtime) => of.lower(new Args(of.name, names, values, runtime)), {
    displayName: display,
  });
}

/** The native method of a row. */
export function methodOf(of: Row): NativeFunction {
  const names = parameterNames(of.signature);
  return native(
    of.signature,
    (values, runtime) => {
      requireTensor(of.name, values[0]);
      return of.lower(new Args(of.name, names, values, runtime));
    },
    { displayName: `Tensor.${of.name}` },
  );
}

/** The in-place method of a row: computes as usual, then writes into the tensor. */
export function inplaceOf(of: Row): NativeFunction {
  const names = parameterNames(of.signature);
  const name = `${of.name}_`;
  return native(
    name + of.signature.slice(of.name.length),
    (values, runtime) => {
      const target = requireTensor(name, values[0]);
      const result = of.lower(new Args(name, names, values, runtime));
      if (!(result instanceof Tensor)) throw new Error(`${name} gave no tensor.`);
      return assign(target, result);
    },
    { displayName: `Tensor.${name}` },
  );
}

function requireTensor(name: string, value: Value | undefined): Tensor {
  if (value instanceof Tensor) return value;
  const given = value === undefined ? 'nothing' : classOf(value).name;
  throw raise(
    'TypeError',
    `descriptor '${name}' for 'torch._C.TensorBase' objects doesn't apply to a '${given}' object`,
  );
}
