import { allocate } from '../graph/data.ts';
import type { GraphValue } from '../graph/graph.ts';
import { numel, stridesOf } from '../graph/shape.ts';
import { raise } from '../interpreter/errors.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import {
  type BinaryOperator,
  type CompareOperator,
  float,
  NativeIterator,
  NativeObject,
  type PyClass,
  PyFloat,
  type PyIterator,
  type UnaryOperator,
  type Value,
} from '../interpreter/values.ts';
import type { TorchDType } from './dtype.ts';
import { scatterIntoBase } from './scatter.ts';
import type { TorchSession } from './session.ts';

/** Memory that several tensors may look at: the current immutable graph value of the tensor that owns it. */
export class Storage {
  value: GraphValue;
  version = 0;
  /** Memory layout of `value`'s elements; differs from row-major where torch keeps a permuted layout. */
  readonly strides: readonly number[];

  constructor(value: GraphValue, strides: readonly number[] = stridesOf(value.shape)) {
    this.value = value;
    this.strides = strides;
  }
}

/** How a view reads its storage's value. */
export type ViewFunction = (base: GraphValue) => GraphValue;

/** A view that is a run of positions on one axis of its storage: written back by concatenation. */
export interface Region {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

export interface TensorInit {
  readonly session: TorchSession;
  readonly storage: Storage;
  readonly dtype: TorchDType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly view?: ViewFunction | undefined;
  readonly region?: Region | undefined;
}

/**
 * A torch tensor: a mutable box over immutable graph values. A view shares its storage with the tensor it was taken from and
 * keeps the function that reads it; a write through a view is scattered into the storage, so that all aliases see it.
 */
export class Tensor extends NativeObject {
  readonly session: TorchSession;
  storage: Storage;
  dtype: TorchDType;
  shape: readonly number[];
  strides: readonly number[];
  offset: number;
  view: ViewFunction | undefined;
  region: Region | undefined;
  requiresGrad = false;
  isParameter = false;
  persistentName: string | undefined;
  /** What Python code has hung on the tensor. */
  attributes: Map<string, Value> | undefined;
  #cached: { version: number; storage: Storage; value: GraphValue } | undefined;

  constructor(init: TensorInit) {
    super();
    this.session = init.session;
    this.storage = init.storage;
    this.dtype = init.dtype;
    this.shape = init.shape;
    this.strides = init.strides;
    this.offset = init.offset;
    this.view = init.view;
    this.region = init.region;
  }

  /** A tensor with memory of its own. `strides` only where torch keeps a permuted layout. */
  static of(
    session: TorchSession,
    value: GraphValue,
    dtype: TorchDType,
    strides?: readonly number[],
  ): Tensor {
    if (value.type !== dtype.element)
      throw new Error(`A ${dtype.name} tensor cannot hold ${value.type} elements.`);
    const storage = new Storage(value, strides);
    return new Tensor({ session, storage, dtype, shape: value.shape, strides: storage.strides, offset: 0 });
  }

  /** A view of this tensor. */
  viewAs(
    shape: readonly number[],
    strides: readonly number[],
    offset: number,
    read: ViewFunction,
    region?: Region,
  ): Tensor {
    const outer = this.view;
    return new Tensor({
      session: this.session,
      storage: this.storage,
      dtype: this.dtype,
      shape,
      strides,
      offset,
      view: outer ? base => read(outer(base)) : read,
      region: outer ? undefined : region,
    });
  }

  /** The same memory under a new handle (`detach`, `data`). */
  alias(): Tensor {
    return new Tensor(this);
  }

  override get cls(): PyClass {
    return this.isParameter ? this.session.library.parameterClass : this.session.library.tensorClass;
  }

  /** The graph value it stands for right now. */
  get value(): GraphValue {
    if (!this.view) return this.storage.value;
    const cached = this.#cached;
    if (cached && cached.storage === this.storage && cached.version === this.storage.version)
      return cached.value;
    const value = this.view(this.storage.value);
    this.#cached = { version: this.storage.version, storage: this.storage, value };
    return value;
  }

  get rank(): number {
    return this.shape.length;
  }
  get numel(): number {
    return numel(this.shape);
  }

  /** Whether its elements lie in memory in row-major order without gaps. */
  get contiguous(): boolean {
    let step = 1;
    for (let i = this.shape.length - 1; i >= 0; i--) {
      const d = this.shape[i]!;
      if (d === 0) return true;
      if (d !== 1 && this.strides[i] !== step) return false;
      step *= d;
    }
    return true;
  }

  /** Replaces its elements, and those of everything that shares its memory. `value` has its shape and element type. */
  write(value: GraphValue): void {
    if (value.shape.join() !== this.shape.join() || value.type !== this.dtype.element)
      throw new Error('A write must have the shape and type of its target.');
    this.storage.value = this.view ? scatterIntoBase(this, value) : value;
    this.storage.version++;
  }

  /** Its numbers now, as a JavaScript array would see them; remembered as seen by Python. */
  numbers(): ArrayLike<number> {
    return this.session.read(this.value).data;
  }

  /** The one number of a tensor with one element, as Python sees it. */
  item(): Value {
    if (this.numel !== 1)
      throw raise(
        this.numel === 0 ? 'RuntimeError' : 'ValueError',
        this.numel === 0
          ? 'a Tensor with 0 elements cannot be converted to Scalar'
          : 'only one element tensors can be converted to Python scalars',
      );
    return this.python(this.numbers()[0]!);
  }

  /** A number of this dtype as a Python value. */
  python(x: number): Value {
    if (this.dtype.isFloating) return float(x);
    return this.dtype.element === 'bool' ? x !== 0 : integerValue(x);
  }

  override getAttribute(name: string, _runtime: Runtime): Value | undefined {
    return this.attributes?.get(name);
  }
  override setAttribute(name: string, value: Value, _runtime: Runtime): boolean {
    this.attributes ??= new Map();
    this.attributes.set(name, value);
    return true;
  }
  override binary(operator: BinaryOperator, other: Value, reflected: boolean): Value {
    return this.session.library.binary(operator, this, other, reflected);
  }
  override inplace(operator: BinaryOperator, other: Value): Value {
    return this.session.library.inplace(operator, this, other);
  }
  override compare(operator: CompareOperator, other: Value): Value {
    return this.session.library.compare(operator, this, other);
  }
  override unary(operator: UnaryOperator): Value {
    return this.session.library.unary(operator, this);
  }
  override getItem(key: Value): Value {
    return this.session.library.getItem(this, key);
  }
  override setItem(key: Value, value: Value): void {
    this.session.library.setItem(this, key, value);
  }
  override contains(item: Value): boolean {
    const equal = this.session.library.compare('==', this, item);
    return equal instanceof Tensor && Array.from(equal.numbers()).some(x => x !== 0);
  }
  override truth(): boolean {
    if (this.numel > 1)
      throw raise('RuntimeError', 'Boolean value of Tensor with more than one value is ambiguous');
    if (this.numel === 0) throw raise('RuntimeError', 'Boolean value of Tensor with no values is ambiguous');
    return this.numbers()[0] !== 0;
  }
  override length(): number {
    if (this.rank === 0) throw raise('TypeError', 'len() of a 0-d tensor');
    return this.shape[0]!;
  }
  override iterate(): PyIterator {
    if (this.rank === 0) throw raise('TypeError', 'iteration over a 0-d tensor');
    const rows = this.shape[0]!;
    const { select } = this.session.library;
    const each = function* (tensor: Tensor): Generator<Value> {
      for (let i = 0; i < rows; i++) yield select(tensor, 0, i);
    };
    return new NativeIterator(each(this));
  }
  override toInt(): number | bigint {
    const x = this.item();
    if (x instanceof PyFloat) {
      if (!Number.isFinite(x.value))
        throw raise(
          Number.isNaN(x.value) ? 'ValueError' : 'OverflowError',
          `cannot convert float ${Number.isNaN(x.value) ? 'NaN' : 'infinity'} to integer`,
        );
      return integerValue(Math.trunc(x.value));
    }
    return typeof x === 'boolean' ? Number(x) : (x as number | bigint);
  }
  override toFloat(): number {
    this.item();
    return this.numbers()[0]!;
  }
  override toIndex(): number | undefined {
    if (this.dtype.isFloating || this.numel !== 1)
      throw raise('TypeError', 'only integer tensors of a single element can be converted to an index');
    return Number(this.numbers()[0]);
  }
  override repr(): string {
    return this.session.library.repr(this);
  }
  override format(spec: string, runtime: Runtime): string {
    return this.rank === 0 ? runtime.format(this.item(), spec) : this.repr();
  }
  override snapshot(): Tensor {
    const copy = Tensor.of(this.session, this.value, this.dtype);
    copy.requiresGrad = this.requiresGrad;
    return copy;
  }
}

function integerValue(x: number): number | bigint {
  return Number.isSafeInteger(x) ? x + 0 : BigInt(x);
}

/** A constant tensor from plain numbers. */
export function tensorFrom(
  session: TorchSession,
  dtype: TorchDType,
  shape: readonly number[],
  values: ArrayLike<number>,
): Tensor {
  session.checkSize(shape);
  session.charge(values.length);
  const data = allocate(dtype.element, values.length);
  data.set(values);
  return Tensor.of(session, session.graph.constant({ type: dtype.element, shape, data }), dtype);
}
