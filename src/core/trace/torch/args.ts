import { Refusal, raise } from '../interpreter/errors.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { classOf, PyFloat, PyInstance, PyTuple, sequenceItems, type Value } from '../interpreter/values.ts';
import { TorchDType as DType, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor } from '../tensor/tensor.ts';
import { sessionOf } from './sessionOf.ts';

/** The bound arguments of one call of a torch function, converted as they are asked for, with torch's complaints. */
export class Args {
  readonly name: string;
  readonly runtime: Runtime;
  readonly session: TorchSession;
  readonly #values: readonly (Value | undefined)[];
  readonly #names: readonly string[];

  constructor(
    name: string,
    names: readonly string[],
    values: readonly (Value | undefined)[],
    runtime: Runtime,
  ) {
    this.name = name;
    this.runtime = runtime;
    this.session = sessionOf(runtime);
    this.#values = values;
    this.#names = names;
  }

  /** The argument as it came. */
  value(i: number): Value {
    const value = this.#values[i];
    return value === undefined ? null : value;
  }

  /** Whether an argument was given (and is not None). */
  given(i: number): boolean {
    const value = this.#values[i];
    return value !== undefined && value !== null;
  }

  /** torch's complaint about an argument of the wrong type. */
  mismatch(i: number, wanted: string): Error {
    return raise(
      'TypeError',
      `${this.name}(): argument '${this.#names[i]}' (position ${i + 1}) must be ${wanted}, not ${classOf(this.value(i)).name}`,
    );
  }

  /** Refuses this call: the tracer does not do that. */
  refuse(what: string, hint?: string): Refusal {
    return new Refusal({
      construct: `${this.name}(${what})`,
      message: `${this.name} with ${what} is not supported by the tracer.`,
      hint,
    });
  }

  tensor(i: number): Tensor {
    const value = this.value(i);
    if (value instanceof Tensor) return value;
    throw this.mismatch(i, 'Tensor');
  }

  optionalTensor(i: number): Tensor | undefined {
    return this.given(i) ? this.tensor(i) : undefined;
  }

  /** A tensor of floats; torch computes few functions on integers, and those are refused. */
  floats(i: number): Tensor {
    const x = this.tensor(i);
    if (!x.dtype.isFloating) throw this.refuse(`a ${x.dtype.name} tensor`, 'Convert it to float first.');
    return x;
  }

  tensors(i: number): Tensor[] {
    const items = this.items(i, 'tuple of Tensors');
    if (!items.every(v => v instanceof Tensor)) throw this.mismatch(i, 'tuple of Tensors');
    return items as Tensor[];
  }

  /** What a star parameter collected: tensors one by one, or one sequence of tensors; at least one. */
  starTensors(i: number): Tensor[] {
    const given = this.items(i);
    const list = (given.length === 1 ? sequenceItems(given[0]!) : undefined) ?? given;
    if (!list.every(v => v instanceof Tensor)) throw this.mismatch(i, 'tuple of Tensors');
    if (list.length === 0) throw raise('RuntimeError', `${this.name} expects a non-empty TensorList`);
    return list as Tensor[];
  }

  items(i: number, wanted = 'a sequence'): readonly Value[] {
    const value = this.value(i);
    const items = sequenceItems(value);
    if (!items) throw this.mismatch(i, wanted);
    return items;
  }

  int(i: number): number {
    const n = this.toInt(this.value(i));
    if (n === undefined) throw this.mismatch(i, 'int');
    return n;
  }

  optionalInt(i: number): number | undefined {
    return this.given(i) ? this.int(i) : undefined;
  }

  /** Any number: int, float, bool, or a tensor without axes. */
  number(i: number): number {
    const n = this.toNumber(this.value(i));
    if (n === undefined) throw this.mismatch(i, 'Number');
    return n;
  }

  optionalNumber(i: number): number | undefined {
    return this.given(i) ? this.number(i) : undefined;
  }

  bool(i: number): boolean {
    const value = this.value(i);
    if (typeof value === 'boolean') return value;
    if (value === null) return false;
    if (typeof value === 'number') return value !== 0;
    throw this.mismatch(i, 'bool');
  }

  string(i: number): string {
    const value = this.value(i);
    if (typeof value === 'string') return value;
    throw this.mismatch(i, 'str');
  }

  optionalString(i: number): string | undefined {
    return this.given(i) ? this.string(i) : undefined;
  }

  dtype(i: number): TorchDType | undefined {
    const value = this.value(i);
    if (value === null) return undefined;
    if (value instanceof DType) return value;
    throw this.mismatch(i, 'torch.dtype');
  }

  /** A list of ints, or a single one. */
  ints(i: number): number[] {
    const value = this.value(i);
    const single = this.toInt(value);
    if (single !== undefined) return [single];
    const items = sequenceItems(value);
    if (!items) throw this.mismatch(i, 'tuple of ints');
    return items.map(v => {
      const n = this.toInt(v);
      if (n === undefined) throw this.mismatch(i, 'tuple of ints');
      return n;
    });
  }

  optionalInts(i: number): number[] | undefined {
    return this.given(i) ? this.ints(i) : undefined;
  }

  /** What a star parameter collected: either ints one by one, or one sequence of ints. */
  sizes(i: number): number[] {
    const given = this.value(i);
    const items = given instanceof PyTuple ? given.items : [given];
    const only = items.length === 1 ? sequenceItems(items[0]!) : undefined;
    return (only ?? items).map(v => {
      const n = this.toInt(v);
      if (n === undefined) throw this.mismatch(i, 'tuple of ints');
      return n;
    });
  }

  /** One int for each of `count` axes, from an int or a sequence. */
  perAxis(i: number, count: number): number[] {
    const list = this.ints(i);
    if (list.length === 1) return new Array<number>(count).fill(list[0]!);
    if (list.length !== count) throw this.mismatch(i, `an int or ${count} ints`);
    return list;
  }

  /** As `perAxis`, where None keeps a size. */
  perAxisOrNone(i: number, count: number): (number | null)[] {
    const value = this.value(i);
    const items = sequenceItems(value) ?? new Array<Value>(count).fill(value);
    if (items.length !== count) throw this.mismatch(i, `an int or ${count} ints`);
    return items.map(item => {
      const n = item === null ? null : this.toInt(item);
      if (n === undefined) throw this.mismatch(i, 'tuple of ints');
      return n;
    });
  }

  /** An axis from the front. */
  axis(i: number, rank: number): number {
    return wrapAxis(this.int(i), rank);
  }

  /** Axes from the front, sorted; all of them when the argument is None or empty. */
  axes(i: number, rank: number): number[] {
    const list = this.optionalInts(i);
    if (!list || list.length === 0) return Array.from({ length: rank }, (_, k) => k);
    const axes = list.map(a => wrapAxis(a, rank));
    if (new Set(axes).size !== axes.length)
      throw raise(
        'RuntimeError',
        `dim ${axes.find((a, k) => axes.indexOf(a) !== k)} appears multiple times in the list of dims`,
      );
    // A scalar accepts dim 0 and has no axis.
    return rank === 0 ? [] : axes.sort((a, b) => a - b);
  }

  /** Throws a refusal when an argument that changes nothing here is given another value than its default. */
  only(i: number, ...allowed: readonly Value[]): void {
    const value = this.value(i);
    const same = (a: Value, b: Value): boolean =>
      a === b || (a instanceof PyFloat && (b === a.value || (b instanceof PyFloat && a.value === b.value)));
    if (value !== null && !allowed.some(v => same(value, v)))
      throw this.refuse(`${this.#names[i]}=${this.runtime.repr(value)}`);
  }

  toInt(value: Value): number | undefined {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') throw raise('RuntimeError', 'Overflow when unpacking long');
    if (typeof value === 'boolean') return undefined;
    if (value instanceof Tensor && value.numel === 1 && !value.dtype.isFloating)
      return Number(value.numbers()[0]);
    if (value instanceof PyInstance && value.payload !== undefined) return this.toInt(value.payload);
    return undefined;
  }

  toNumber(value: Value): number | undefined {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value === 'bigint') return Number(value);
    if (value instanceof PyFloat) return value.value;
    if (value instanceof Tensor && value.numel === 1) return value.numbers()[0];
    if (value instanceof PyInstance && value.payload !== undefined) return this.toNumber(value.payload);
    return undefined;
  }
}

/** An axis counted from the front. @throws IndexError as torch. */
export function wrapAxis(axis: number, rank: number): number {
  const span = Math.max(rank, 1);
  if (axis < -span || axis >= span)
    throw raise(
      'IndexError',
      `Dimension out of range (expected to be in range of [${-span}, ${span - 1}], but got ${axis})`,
    );
  return axis < 0 ? axis + span : axis;
}
