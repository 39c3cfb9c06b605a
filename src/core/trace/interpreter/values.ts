/**
 * Python values in JavaScript.
 *
 * | Python | here |
 * | --- | --- |
 * | `None` | `null` |
 * | `bool` | `boolean` |
 * | `int` | `number` that is a safe integer, `bigint` beyond ±2^53 (`integer()` normalises) |
 * | `float` | `PyFloat` — so that `2` and `2.0` stay apart; make one with `float(x)` |
 * | `str` | `string` |
 * | `tuple`, `list`, `dict`, `set`, `slice`, … | `PyTuple`, `PyList`, `PyDict`, `PySet`, `PySlice`, … |
 * | `...`, `NotImplemented` | `ellipsis`, `notImplemented` |
 * | instances, classes, modules | `PyInstance`, `PyClass`, `PyModule` |
 * | anything implemented in TypeScript (a tensor, a dtype, a device) | a subclass of `NativeObject` |
 *
 * `undefined` is never a Python value: it means "not there" (unbound variable, missing attribute, exhausted iterator).
 *
 * Attributes live in JavaScript `Map`s, so that no Python name (`__proto__`, `constructor`) ever meets a JavaScript
 * prototype. Every object has a `cls: PyClass`; methods and properties are found through its method resolution order, for
 * native objects as well: put `native(…)` functions and `nativeProperty(…)` (see native.ts) into the `namespace` of its
 * class. Operators of native objects are JavaScript methods (`binary`, `compare`, `getItem`, …) for speed.
 *
 * Calling back into Python (truth of any value, iterate, call, compare) goes through `Runtime` (runtime.ts).
 */
import { Refusal, raise } from './errors.ts';
import type { Runtime } from './runtime.ts';

export type Value = null | boolean | number | bigint | string | PyObject;

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '&' | '|' | '^' | '<<' | '>>';
export type CompareOperator = '<' | '<=' | '==' | '!=' | '>' | '>=';
export type UnaryOperator = '-' | '+' | '~';

/** Keyword arguments of a call. */
export type Keywords = ReadonlyMap<string, Value> | null;

/** Everything that is not a JavaScript primitive. */
export abstract class PyObject {
  abstract get cls(): PyClass;
}

export interface ClassOptions {
  readonly bases?: readonly PyClass[];
  readonly namespace?: Map<string, Value>;
  /** Module that defines it, for `repr`. */
  readonly module?: string;
  readonly qualname?: string;
  /** Makes an instance; without it the class cannot be called from Python unless it is a Python class. */
  readonly construct?: (cls: PyClass, args: readonly Value[], keywords: Keywords, runtime: Runtime) => Value;
  /** Overrides `isinstance` (for instance `torch.LongTensor`). */
  readonly instanceCheck?: (value: Value) => boolean;
  /** Made by Python code: attributes may be set. Classes from TypeScript are immutable. */
  readonly mutable?: boolean;
  /** Python code may not derive from it. */
  readonly final?: boolean;
}

/** A class; C3 linearisation, with a lookup cache. */
export class PyClass extends PyObject {
  readonly name: string;
  readonly qualname: string;
  readonly module: string;
  readonly bases: readonly PyClass[];
  readonly mro: readonly PyClass[];
  readonly namespace: Map<string, Value>;
  readonly mutable: boolean;
  readonly final: boolean;
  /** Set once for built-in types when they get their methods. */
  construct: ClassOptions['construct'];
  readonly instanceCheck: ClassOptions['instanceCheck'];
  private readonly cache = new Map<string, Value | undefined>();
  private readonly derived: PyClass[] = [];

  constructor(name: string, options: ClassOptions = {}) {
    super();
    this.name = name;
    this.qualname = options.qualname ?? name;
    this.module = options.module ?? 'builtins';
    this.bases = options.bases ?? (name === 'object' ? [] : [objectClass]);
    this.namespace = options.namespace ?? new Map();
    this.mutable = options.mutable ?? false;
    this.final = options.final ?? false;
    this.mro = linearise(this);
    this.construct =
      options.construct ?? this.mro.find((c, i) => i > 0 && c.construct !== undefined)?.construct;
    this.instanceCheck = options.instanceCheck;
    for (const base of this.bases) if (base.mutable) base.derived.push(this);
  }

  override get cls(): PyClass {
    return typeClass;
  }

  /** Attribute in this class or its bases, unbound. */
  lookup(name: string): Value | undefined {
    const hit = this.cache.get(name);
    if (hit !== undefined || this.cache.has(name)) return hit;
    let found: Value | undefined;
    for (const cls of this.mro) {
      found = cls.namespace.get(name);
      if (found !== undefined) break;
    }
    this.cache.set(name, found);
    return found;
  }

  set(name: string, value: Value): void {
    this.namespace.set(name, value);
    this.forget(name);
  }

  delete(name: string): boolean {
    const had = this.namespace.delete(name);
    this.forget(name);
    return had;
  }

  isSubclassOf(other: PyClass): boolean {
    return this === other || this.mro.includes(other);
  }

  private forget(name: string): void {
    this.cache.delete(name);
    for (const cls of this.derived) cls.forget(name);
  }
}

function linearise(cls: PyClass): PyClass[] {
  const lists = [...cls.bases.map(base => [...base.mro]), [...cls.bases]];
  const result: PyClass[] = [cls];
  for (;;) {
    const open = lists.filter(list => list.length > 0);
    if (open.length === 0) return result;
    const next = open.find(list => !open.some(other => other.indexOf(list[0]!) > 0))?.[0];
    if (!next) throw raise('TypeError', 'Cannot create a consistent method resolution order (MRO) for bases');
    result.push(next);
    for (const list of lists) if (list[0] === next) list.shift();
  }
}

export const objectClass: PyClass = new PyClass('object');
export const typeClass = new PyClass('type');
export const noneClass = new PyClass('NoneType', { final: true });
export const intClass = new PyClass('int');
export const boolClass = new PyClass('bool', { bases: [intClass], final: true });
export const floatClass = new PyClass('float');
export const complexClass = new PyClass('complex', { final: true });
export const strClass = new PyClass('str');
export const bytesClass = new PyClass('bytes');
export const tupleClass = new PyClass('tuple');
export const listClass = new PyClass('list');
export const dictClass = new PyClass('dict');
export const setClass = new PyClass('set');
export const frozensetClass = new PyClass('frozenset');
export const sliceClass = new PyClass('slice', { final: true });
export const rangeClass = new PyClass('range', { final: true });
export const ellipsisClass = new PyClass('ellipsis', { final: true });
export const notImplementedClass = new PyClass('NotImplementedType', { final: true });
export const functionClass = new PyClass('function', { final: true });
export const methodClass = new PyClass('method', { final: true });
export const nativeFunctionClass = new PyClass('builtin_function_or_method', { final: true });
export const propertyClass = new PyClass('property');
export const staticMethodClass = new PyClass('staticmethod');
export const classMethodClass = new PyClass('classmethod');
export const moduleClass = new PyClass('module', { final: true });
export const iteratorClass = new PyClass('iterator', { final: true });
export const generatorClass = new PyClass('generator', { final: true });
export const superClass = new PyClass('super', { final: true });

class Singleton extends PyObject {
  readonly cls: PyClass;
  readonly text: string;
  constructor(cls: PyClass, text: string) {
    super();
    this.cls = cls;
    this.text = text;
  }
}

/** `...` */
export const ellipsis: PyObject = new Singleton(ellipsisClass, 'Ellipsis');
/** What an operator hook returns when it does not know the other operand. */
export const notImplemented: PyObject = new Singleton(notImplementedClass, 'NotImplemented');

/** A Python float. */
export class PyFloat extends PyObject {
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
  override get cls(): PyClass {
    return floatClass;
  }
}

/** Makes a Python float. */
export function float(value: number): PyFloat {
  return new PyFloat(value);
}

/** A Python int from any integral number or bigint; small ones come back as `number`. */
export function integer(value: number | bigint): number | bigint {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : BigInt(value);
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** An instance of a Python class (or of a native class without state of its own). */
export class PyInstance extends PyObject {
  cls: PyClass;
  readonly attributes = new Map<string, Value>();
  /** What an `int`, `float` or `str` subclass wraps (enum members with a mixed-in type, for instance). */
  payload: Value | undefined;

  constructor(cls: PyClass) {
    super();
    this.cls = cls;
  }
}

/** Containers may be of a subclass (`class ModelOutput(OrderedDict)`) and then carry attributes. */
export abstract class PyContainer extends PyObject {
  abstract override cls: PyClass;
  attributes: Map<string, Value> | undefined;
}

export class PyTuple extends PyContainer {
  override cls: PyClass;
  readonly items: readonly Value[];
  constructor(items: readonly Value[], cls: PyClass = tupleClass) {
    super();
    this.items = items;
    this.cls = cls;
  }
}

export class PyList extends PyContainer {
  override cls: PyClass = listClass;
  items: Value[];
  constructor(items: Value[]) {
    super();
    this.items = items;
  }
}

/** What a dict is keyed by in JavaScript; equal for Python values that are equal. */
export type HashKey = null | number | bigint | string | object;

const identities = new WeakMap<object, number>();
const identityCounter = { next: 1 };

/** `id(x)` of an object: a running number, not an address. */
export function identity(value: object): number {
  let id = identities.get(value);
  if (id === undefined) {
    id = identityCounter.next++;
    identities.set(value, id);
  }
  return id;
}

/** Key of a hashable value. Throws TypeError for lists, dicts and sets. */
export function hashKey(value: Value): HashKey {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === 0 ? `\u0000s${value}` : value;
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
  }
  if (value === null) return null;
  if (value instanceof PyFloat) return Number.isNaN(value.value) ? value : value.value;
  if (value instanceof PyTuple) return `\u0000(${value.items.map(keyText).join(',')})`;
  if (value instanceof PySet && value.frozen)
    return `\u0000{${[...value.entries.keys()].map(text).sort().join(',')}}`;
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet)
    throw raise('TypeError', `unhashable type: '${value.cls.name}'`);
  if (value instanceof PySlice) throw raise('TypeError', "unhashable type: 'slice'");
  if (value instanceof NativeObject) return value.hashKey();
  if (value instanceof PyInstance) {
    const hash = value.cls.lookup('__hash__');
    if (hash === null) throw raise('TypeError', `unhashable type: '${value.cls.name}'`);
    const own = hash instanceof PyObject && 'hashBy' in hash ? hash.hashBy : undefined;
    if (typeof own === 'function') {
      return `\u0000h${identity(value.cls)}:${text(hashKey(own.call(hash, value) as Value))}`;
    }
    if (value.payload !== undefined) return hashKey(value.payload);
  }
  return value;
}

function keyText(value: Value): string {
  return text(hashKey(value));
}

function text(key: HashKey): string {
  if (typeof key === 'string') return `s${key.length}:${key}`;
  if (key === null) return 'n';
  if (typeof key === 'object') return `o${identity(key)}`;
  return String(key);
}

export interface DictEntry {
  readonly key: Value;
  value: Value;
}

/** Insertion-ordered. `get`/`set` take Python values as keys; strings are the usual case. */
export class PyDict extends PyContainer {
  override cls: PyClass = dictClass;
  /** Made with the first entry: most dicts of a module (hooks, buffers) stay empty. */
  private table: Map<HashKey, DictEntry> | undefined;
  /** Of a `defaultdict`. */
  defaultFactory: Value | undefined;

  static of(pairs: Iterable<readonly [Value, Value]>): PyDict {
    const dict = new PyDict();
    for (const [key, value] of pairs) dict.set(key, value);
    return dict;
  }

  get entries(): Map<HashKey, DictEntry> {
    this.table ??= new Map();
    return this.table;
  }
  get size(): number {
    return this.table === undefined ? 0 : this.table.size;
  }
  get(key: Value): Value | undefined {
    const hash = hashKey(key);
    return this.table?.get(hash)?.value;
  }
  has(key: Value): boolean {
    const hash = hashKey(key);
    return this.table?.has(hash) ?? false;
  }
  set(key: Value, value: Value): void {
    const hash = hashKey(key);
    const entry = this.entries.get(hash);
    if (entry) entry.value = value;
    else this.entries.set(hash, { key, value });
  }
  delete(key: Value): boolean {
    const hash = hashKey(key);
    return this.table?.delete(hash) ?? false;
  }
  keys(): Value[] {
    return this.table === undefined ? [] : Array.from(this.table.values(), entry => entry.key);
  }
  values(): Value[] {
    return this.table === undefined ? [] : Array.from(this.table.values(), entry => entry.value);
  }
}

export class PySet extends PyContainer {
  override cls: PyClass;
  readonly frozen: boolean;
  /** As a dict's: made with the first item. */
  private table: Map<HashKey, Value> | undefined;

  constructor(items: Iterable<Value> = [], frozen = false) {
    super();
    this.frozen = frozen;
    this.cls = frozen ? frozensetClass : setClass;
    for (const item of items) this.add(item);
  }
  get entries(): Map<HashKey, Value> {
    this.table ??= new Map();
    return this.table;
  }
  get size(): number {
    return this.table === undefined ? 0 : this.table.size;
  }
  has(value: Value): boolean {
    const key = hashKey(value);
    return this.table?.has(key) ?? false;
  }
  add(value: Value): void {
    const key = hashKey(value);
    if (!this.entries.has(key)) this.entries.set(key, value);
  }
  delete(value: Value): boolean {
    const key = hashKey(value);
    return this.table?.delete(key) ?? false;
  }
  items(): Value[] {
    return this.table === undefined ? [] : [...this.table.values()];
  }
}

export class PySlice extends PyObject {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
  constructor(start: Value, stop: Value, step: Value) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  override get cls(): PyClass {
    return sliceClass;
  }
}

export class PyRange extends PyObject {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
  override get cls(): PyClass {
    return rangeClass;
  }
}

export class PyBytes extends PyObject {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
  override get cls(): PyClass {
    return bytesClass;
  }
}

/** Anything one can ask for the next item; `undefined` when exhausted. */
export abstract class PyIterator extends PyObject {
  override get cls(): PyClass {
    return iteratorClass;
  }
  abstract next(): Value | undefined;
}

/** An iterator over a JavaScript one. */
export class NativeIterator extends PyIterator {
  private readonly source: Iterator<Value>;
  constructor(source: Iterator<Value>) {
    super();
    this.source = source;
  }
  override next(): Value | undefined {
    const step = this.source.next();
    return step.done ? undefined : step.value;
  }
}

/** `obj.method` as a value. */
export class PyBoundMethod extends PyObject {
  readonly self: Value;
  readonly target: Value;
  constructor(self: Value, target: Value) {
    super();
    this.self = self;
    this.target = target;
  }
  override get cls(): PyClass {
    return methodClass;
  }
}

export class PyStaticMethod extends PyObject {
  readonly target: Value;
  constructor(target: Value) {
    super();
    this.target = target;
  }
  override get cls(): PyClass {
    return staticMethodClass;
  }
}

export class PyClassMethod extends PyObject {
  readonly target: Value;
  constructor(target: Value) {
    super();
    this.target = target;
  }
  override get cls(): PyClass {
    return classMethodClass;
  }
}

export class PyProperty extends PyObject {
  readonly getter: Value;
  readonly setter: Value;
  readonly deleter: Value;
  /** Remembers its value per instance (`functools.cached_property`) under this attribute name. */
  cacheAs: string | undefined;
  constructor(getter: Value, setter: Value = null, deleter: Value = null) {
    super();
    this.getter = getter;
    this.setter = setter;
    this.deleter = deleter;
  }
  override get cls(): PyClass {
    return propertyClass;
  }
}

/** Names of a module that come into being when they are first asked for: a run uses few of a library's. */
export interface LateNames {
  define(name: string): Value | undefined;
  names(): Iterable<string>;
}

class NamesWithout implements LateNames {
  readonly #rest: LateNames;
  readonly #gone: string;
  constructor(rest: LateNames, gone: string) {
    this.#rest = rest;
    this.#gone = gone;
  }
  define(name: string): Value | undefined {
    return name === this.#gone ? undefined : this.#rest.define(name);
  }
  names(): Iterable<string> {
    return [...this.#rest.names()].filter(name => name !== this.#gone);
  }
}

/** A module object. `missing` is asked for names that are not there yet: lazy packages, or a library that refuses. */
export class PyModule extends PyObject {
  readonly name: string;
  readonly file: string | undefined;
  readonly attributes = new Map<string, Value>();
  /** Names whose top-level statement failed, with what it said. */
  readonly poisoned = new Map<string, Error>();
  /** What else it has: each name becomes an attribute when somebody asks for it. */
  late: LateNames | undefined;
  /** Returns the value, `undefined` for AttributeError, or throws a Refusal (unknown library functions). */
  missing: ((name: string) => Value | undefined) | undefined;

  constructor(name: string, file?: string, missing?: (name: string) => Value | undefined) {
    super();
    this.name = name;
    this.file = file;
    this.missing = missing;
  }
  override get cls(): PyClass {
    return moduleClass;
  }

  /** An attribute that was not asked for before. */
  define(name: string): Value | undefined {
    const value = this.late?.define(name);
    if (value !== undefined) this.attributes.set(name, value);
    return value;
  }

  /** For those who look at all names at once. */
  defineAll(): void {
    if (this.late) for (const name of this.late.names()) if (!this.attributes.has(name)) this.define(name);
  }

  /** `del module.name` */
  delete(name: string): boolean {
    const had = this.attributes.delete(name) || this.late?.define(name) !== undefined;
    if (had && this.late) this.late = new NamesWithout(this.late, name);
    return had;
  }
}

/**
 * Base of everything implemented in TypeScript: tensors, dtypes, devices, library objects. Override what makes sense;
 * what is not overridden behaves as a plain Python object (identity, always true, no operators).
 */
export abstract class NativeObject extends PyObject {
  abstract override get cls(): PyClass;

  /** Attribute beyond those of the class namespace; asked first. `undefined`: look in the class. */
  getAttribute(_name: string, _runtime: Runtime): Value | undefined {
    return undefined;
  }
  /** `x.name = value`; return false for AttributeError. */
  setAttribute(_name: string, _value: Value, _runtime: Runtime): boolean {
    return false;
  }
  /** `self OP other`, or `other OP self` when `reflected`. Return `notImplemented` for foreign operands. */
  binary(_operator: BinaryOperator, _other: Value, _reflected: boolean, _runtime: Runtime): Value {
    return notImplemented;
  }
  /** `self OP= other`. The default falls back to `binary`. */
  inplace(operator: BinaryOperator, other: Value, runtime: Runtime): Value {
    return this.binary(operator, other, false, runtime);
  }
  /** `self OP other`; the interpreter mirrors the operator when self stands on the right. */
  compare(_operator: CompareOperator, _other: Value, _runtime: Runtime): Value {
    return notImplemented;
  }
  unary(operator: UnaryOperator, _runtime: Runtime): Value {
    throw raise('TypeError', `bad operand type for unary ${operator}: '${this.cls.name}'`);
  }
  /** `self[key]`; key is as written: int, PySlice, null, ellipsis, PyTuple of these, tensors, lists. */
  getItem(_key: Value, _runtime: Runtime): Value {
    throw raise('TypeError', `'${this.cls.name}' object is not subscriptable`);
  }
  setItem(_key: Value, _value: Value, _runtime: Runtime): void {
    throw raise('TypeError', `'${this.cls.name}' object does not support item assignment`);
  }
  deleteItem(_key: Value, _runtime: Runtime): void {
    throw raise('TypeError', `'${this.cls.name}' object doesn't support item deletion`);
  }
  /** `item in self`; `undefined`: iterate and compare. */
  contains(_item: Value, _runtime: Runtime): boolean | undefined {
    return undefined;
  }
  truth(_runtime: Runtime): boolean {
    return true;
  }
  length(_runtime: Runtime): number {
    throw raise('TypeError', `object of type '${this.cls.name}' has no len()`);
  }
  iterate(_runtime: Runtime): PyIterator {
    throw raise('TypeError', `'${this.cls.name}' object is not iterable`);
  }
  call(_args: readonly Value[], _keywords: Keywords, _runtime: Runtime): Value {
    throw raise('TypeError', `'${this.cls.name}' object is not callable`);
  }
  /** `int(self)` */
  toInt(_runtime: Runtime): number | bigint {
    throw raise(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${this.cls.name}'`,
    );
  }
  /** `float(self)` */
  toFloat(_runtime: Runtime): number {
    throw raise('TypeError', `float() argument must be a string or a real number, not '${this.cls.name}'`);
  }
  /** Where Python needs an int (`range(t)`, `xs[t]`): `__index__`. `undefined`: has none. */
  toIndex(_runtime: Runtime): number | undefined {
    return undefined;
  }
  repr(_runtime: Runtime): string {
    return `<${this.cls.name} object>`;
  }
  /** `str(self)` */
  str(runtime: Runtime): string {
    return this.repr(runtime);
  }
  /** `format(self, spec)`, in f-strings. */
  format(spec: string, runtime: Runtime): string {
    if (spec === '') return this.repr(runtime);
    throw raise('TypeError', `unsupported format string passed to ${this.cls.name}.__format__`);
  }
  /** Equal for equal values; identity by default. */
  hashKey(): HashKey {
    return this;
  }
  /** Enters/leaves a `with` block (`torch.no_grad()`); return true from `exit` to swallow the exception. */
  enter(_runtime: Runtime): Value {
    throw new Refusal({
      construct: `with ${this.cls.name}`,
      message: `'${this.cls.name}' cannot be used in a with statement.`,
    });
  }
  exit(_error: Value, _runtime: Runtime): boolean {
    return false;
  }
  /**
   * The value as it is now, for captures: cheap (a reference), and unaffected by later in-place writes.
   * A tensor returns a new handle on its current immutable graph value.
   */
  snapshot(): NativeObject {
    return this;
  }
}

/** Class of any value. */
export function classOf(value: Value): PyClass {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return intClass;
    case 'string':
      return strClass;
    case 'boolean':
      return boolClass;
    default:
      return value === null ? noneClass : value.cls;
  }
}

/** True for Python ints, bools not included. */
export function isInt(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The number in an int, bool or float; `undefined` for everything else. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

/** The items of a list or tuple; `undefined` for everything else. */
export function sequenceItems(value: Value): readonly Value[] | undefined {
  return value instanceof PyList || value instanceof PyTuple ? value.items : undefined;
}
