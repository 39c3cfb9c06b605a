import { raise } from '../interpreter/errors.ts';
import { type NativeBody, NativeFunction } from '../interpreter/native.ts';
import { classOf, type Keywords, type Value } from '../interpreter/values.ts';
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

/** What numpy calls some arguments; torch takes these names everywhere as well. */
const numpyNames: Readonly<Record<string, string>> = {
  axis: 'dim',
  keepdims: 'keepdim',
  x: 'input',
  a: 'input',
  x1: 'input',
  x2: 'other',
};

/** What torch calls the sizes or axes that may stand one by one: `x.view(size=(2, 3))`. */
const starNames: Readonly<Record<string, string>> = {
  reshape: 'shape',
  permute: 'dims',
  repeat: 'repeats',
  tile: 'dims',
  flip: 'dims',
};
const SIZES = /[(,]\s*\*(?:size|sizes|shape|dims)\b/;

/** A function that knows its arguments by numpy's names too. */
class TorchFunction extends NativeFunction {
  readonly #names: readonly string[];
  /** The keyword that a star of ints answers to. */
  readonly #star: string | undefined;

  constructor(signature: string, names: readonly string[], body: NativeBody, displayName: string) {
    super(signature, body, { displayName });
    this.#names = names;
    const name = signature.slice(0, signature.indexOf('('));
    this.#star = SIZES.test(signature) ? (starNames[name] ?? 'size') : undefined;
  }

  override bind(args: readonly Value[], keywords: Keywords): Value[] {
    if (keywords === null) return super.bind(args, null);
    const sizes = this.#star === undefined ? undefined : keywords.get(this.#star);
    if (sizes === undefined) return super.bind(args, this.#translate(keywords));
    const rest = new Map([...keywords].filter(([name]) => name !== this.#star));
    // A tensor by keyword stays one; the sizes stand where they would stand without their name.
    const input = this.#names[0] === 'input' && args.length === 0 ? rest.get('input') : undefined;
    if (input !== undefined) rest.delete('input');
    return super.bind([...args, ...(input === undefined ? [] : [input]), sizes], this.#translate(rest));
  }

  #translate(keywords: NonNullable<Keywords>): NonNullable<Keywords> {
    let translated: Map<string, Value> | undefined;
    for (const [name, value] of keywords) {
      const ours = numpyNames[name];
      if (
        ours === undefined ||
        this.#names.includes(name) ||
        !this.#names.includes(ours) ||
        keywords.has(ours)
      )
        continue;
      translated ??= new Map(keywords);
      translated.delete(name);
      translated.set(ours, value);
    }
    return translated ?? keywords;
  }
}

/** The native function of a row. */
export function functionOf(of: Row, module: string): NativeFunction {
  const names = parameterNames(of.signature);
  const display = `${module}.${of.name}`;
  return new TorchFunction(
    of.signature,
    names,
    (values, runtime) => of.lower(new Args(of.name, names, values, runtime)),
    display,
  );
}

/** The native method of a row. */
export function methodOf(of: Row): NativeFunction {
  const names = parameterNames(of.signature);
  return new TorchFunction(
    of.signature,
    names,
    (values, runtime) => {
      requireTensor(of.name, values[0]);
      return of.lower(new Args(of.name, names, values, runtime));
    },
    `Tensor.${of.name}`,
  );
}

/** The in-place method of a row: computes as usual, then writes into the tensor. */
export function inplaceOf(of: Row): NativeFunction {
  const names = parameterNames(of.signature);
  const name = `${of.name}_`;
  return new TorchFunction(
    name + of.signature.slice(of.name.length),
    names,
    (values, runtime) => {
      const target = requireTensor(name, values[0]);
      const result = of.lower(new Args(name, names, values, runtime));
      if (!(result instanceof Tensor)) throw new Error(`${name} gave no tensor.`);
      return assign(target, result);
    },
    `Tensor.${name}`,
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
