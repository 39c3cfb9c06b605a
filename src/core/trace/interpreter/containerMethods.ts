/** Methods of list, tuple, dict, set, frozenset, range, slice, iterators and generators. */
import { Raised, raise } from './errors.ts';
import type { PyGenerator } from './frame.ts';
import type { Interpreter } from './interpreter.ts';
import { type NativeBody, NativeFunction } from './native.ts';
import type { Runtime } from './runtime.ts';
import { sliceOf } from './slicing.ts';
import {
  classOf,
  hashKey,
  NativeIterator,
  PyClass,
  PyDict,
  PyInstance,
  type PyIterator,
  PyList,
  type PyRange,
  PySet,
  PySlice,
  PyTuple,
  type Value,
} from './values.ts';

const def = (signature: string, body: NativeBody) =>
  new NativeFunction(signature, body, { unknown: 'raise' });

/** A method that walks through the whole container: the walk counts as steps. */
const walk = (signature: string, body: NativeBody) =>
  def(signature, (args, runtime) => {
    const [self] = args;
    if (self instanceof PyList || self instanceof PyTuple) runtime.budget.work(self.items.length);
    else if (self instanceof PyDict || self instanceof PySet) runtime.budget.work(self.size);
    return body(args, runtime);
  });

/** A copy of so many items. */
const copied = (length: number, runtime: Runtime) => {
  if (length >= 1024) runtime.budget.items(length);
};

const listOf = (self: Value | undefined): PyList => {
  if (self instanceof PyList) return self;
  throw raise(
    'TypeError',
    `descriptor requires a 'list' object but received '${classOf(self ?? null).name}'`,
  );
};
const dictOf = (self: Value | undefined): PyDict => {
  if (self instanceof PyDict) return self;
  throw raise(
    'TypeError',
    `descriptor requires a 'dict' object but received '${classOf(self ?? null).name}'`,
  );
};
const setOf = (self: Value | undefined): PySet => {
  if (self instanceof PySet) return self;
  throw raise('TypeError', `descriptor requires a 'set' object but received '${classOf(self ?? null).name}'`);
};
const itemsOf = (self: Value | undefined): readonly Value[] => {
  if (self instanceof PyList || self instanceof PyTuple) return self.items;
  throw raise('TypeError', 'descriptor requires a sequence');
};

/** Stable sort by `key`, `<` alone, as CPython does. */
export function sorted(items: readonly Value[], key: Value, reverse: boolean, runtime: Runtime): Value[] {
  const keyed = items.map(item => ({ item, key: key === null ? item : runtime.call(key, [item]) }));
  if (reverse) keyed.reverse();
  keyed.sort((a, b) => {
    runtime.budget.step();
    if (runtime.truth(runtime.compare('<', a.key, b.key))) return -1;
    return runtime.truth(runtime.compare('<', b.key, a.key)) ? 1 : 0;
  });
  if (reverse) keyed.reverse();
  return keyed.map(entry => entry.item);
}

function indexOf(
  items: readonly Value[],
  value: Value,
  start: Value,
  stop: Value,
  runtime: Runtime,
  what: string,
): number {
  const clamp = (n: number) => Math.max(0, n < 0 ? n + items.length : n);
  const from = start === null ? 0 : clamp(runtime.index(start));
  const to = stop === null ? items.length : Math.min(items.length, clamp(runtime.index(stop)));
  for (let i = from; i < to; i++) if (runtime.equals(items[i]!, value)) return i;
  throw raise('ValueError', `${runtime.repr(value)} is not in ${what}`);
}

const sequenceMethods = (what: string): NativeFunction[] => [
  walk('index(self, value, start=None, stop=None, /)', ([self, value, start, stop], r) =>
    indexOf(itemsOf(self), value!, start!, stop!, r, what),
  ),
  walk(
    'count(self, value, /)',
    ([self, value], r) => itemsOf(self).filter(item => r.equals(item, value!)).length,
  ),
  def('__len__(self)', ([self]) => itemsOf(self).length),
  def('__iter__(self)', ([self]) => new NativeIterator(itemsOf(self)[Symbol.iterator]())),
  def('__getitem__(self, key, /)', ([self, key], r) => (r as Interpreter).builtinItem(self as PyList, key!)),
  walk('__contains__(self, value, /)', ([self, value], r) =>
    itemsOf(self).some(item => r.equals(item, value!)),
  ),
  walk('__add__(self, other, /)', ([self, other], r) => {
    copied(itemsOf(self).length + itemsOf(other).length, r);
    if (self instanceof PyList && other instanceof PyList) return new PyList([...self.items, ...other.items]);
    return new PyTuple([...itemsOf(self), ...itemsOf(other)]);
  }),
  walk('__eq__(self, other, /)', ([self, other], r) => {
    const a = itemsOf(self);
    if (!(other instanceof PyList || other instanceof PyTuple) || a.length !== other.items.length)
      return false;
    return a.every((item, i) => r.equals(item, other.items[i]!));
  }),
  def('__hash__(self)', ([self]) => hashNumber(hashKey(self!))),
];

function hashNumber(key: unknown): number {
  let hash = 0;
  const text = String(key);
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

export const tupleMethods: readonly NativeFunction[] = sequenceMethods('tuple');

/** Another thousand items of something that has reached that length. */
function grown(length: number, runtime: Runtime): void {
  runtime.budget.items(1024);
  if (length > runtime.budget.limits.items || length > runtime.budget.limits.elements)
    runtime.budget.items(length);
}

function grow(list: PyList, runtime: Runtime): void {
  const { length } = list.items;
  if ((length & 1023) === 0) grown(length, runtime);
}

export const listMethods: readonly NativeFunction[] = [
  ...sequenceMethods('list'),
  def('__init__(self, iterable=(), /)', ([self, iterable], r) => {
    listOf(self).items = r.list(iterable!);
  }),
  def('append(self, value, /)', ([self, value], r) => {
    const list = listOf(self);
    list.items.push(value!);
    grow(list, r);
  }),
  def('extend(self, iterable, /)', ([self, iterable], r) => {
    const list = listOf(self);
    const items = r.list(iterable!);
    copied(list.items.length + items.length, r);
    for (const item of items) list.items.push(item);
  }),
  walk('insert(self, index, value, /)', ([self, index, value], r) => {
    const { items } = listOf(self);
    const at = r.index(index!);
    items.splice(at < 0 ? Math.max(0, at + items.length) : at, 0, value!);
    grow(listOf(self), r);
  }),
  def('pop(self, index=-1, /)', ([self, index], r) => {
    const { items } = listOf(self);
    if (items.length === 0) throw raise('IndexError', 'pop from empty list');
    const at = r.index(index!);
    const position = at < 0 ? at + items.length : at;
    if (position < 0 || position >= items.length) throw raise('IndexError', 'pop index out of range');
    r.budget.work(items.length - position);
    return items.splice(position, 1)[0]!;
  }),
  walk('remove(self, value, /)', ([self, value], r) => {
    const { items } = listOf(self);
    const at = items.findIndex(item => r.equals(item, value!));
    if (at < 0) throw raise('ValueError', 'list.remove(x): x not in list');
    items.splice(at, 1);
  }),
  def('clear(self)', ([self]) => {
    listOf(self).items = [];
  }),
  def('copy(self)', ([self], r) => {
    copied(listOf(self).items.length, r);
    return new PyList(listOf(self).items.slice());
  }),
  walk('reverse(self)', ([self]) => {
    listOf(self).items.reverse();
  }),
  def('sort(self, *, key=None, reverse=False)', ([self, key, reverse], r) => {
    const list = listOf(self);
    const { items } = list;
    const isReverse = r.truth(reverse!);
    // As in CPython the list is empty while it is sorted, and whoever touches it is told.
    const meanwhile: Value[] = [];
    list.items = meanwhile;
    let result: Value[];
    try {
      result = sorted(items, key!, isReverse, r);
    } catch (error) {
      list.items = items;
      throw error;
    }
    const isTouched = list.items !== meanwhile || meanwhile.length > 0;
    list.items = result;
    if (isTouched) throw raise('ValueError', 'list modified during sort');
  }),
  def('__setitem__(self, key, value, /)', ([self, key, value], r) => {
    (r as Interpreter).setBuiltinItem(listOf(self), key!, value!);
  }),
  walk('__delitem__(self, key, /)', ([self, key], r) => {
    const list = listOf(self);
    if (key instanceof PySlice) {
      const picked = sliceOf(key, list.items.length, r);
      const gone = new Set(Array.from({ length: picked.length }, (_, i) => picked.start + i * picked.step));
      list.items = list.items.filter((_, i) => !gone.has(i));
    } else list.items.splice((r as Interpreter).position(key!, list.items.length, 'list assignment'), 1);
  }),
  def('__iadd__(self, other, /)', ([self, other], r) => {
    const items = r.list(other!);
    copied(listOf(self).items.length + items.length, r);
    for (const item of items) listOf(self).items.push(item);
    return self!;
  }),
];

/** `dict.update(other, **keywords)` */
export function update(other: Value, runtime: Runtime, set: (key: Value, value: Value) => void): void {
  if (other instanceof PyDict) {
    for (const entry of [...other.entries.values()]) set(entry.key, entry.value);
    return;
  }
  const keys = other === null ? undefined : runtime.findAttribute(other, 'keys');
  if (keys !== undefined) {
    for (const key of runtime.list(runtime.call(keys, []))) set(key, runtime.getItem(other, key));
    return;
  }
  let index = 0;
  for (const pair of runtime.list(other)) {
    const items = runtime.list(pair);
    if (items.length !== 2) {
      throw raise(
        'ValueError',
        `dictionary update sequence element #${index} has length ${items.length}; 2 is required`,
      );
    }
    set(items[0]!, items[1]!);
    index++;
  }
}

/** Fills a dict (or a subclass that overrides `__setitem__` in Python). */
function fill(self: Value, args: PyTuple, keywords: PyDict, runtime: Runtime): void {
  const dict = dictOf(self);
  // Of the built-in dicts OrderedDict alone fills itself through an overridden `__setitem__`.
  const isOrdered = dict.cls.mutable && dict.cls.mro.some(cls => cls.name === 'OrderedDict' && !cls.mutable);
  const own = isOrdered ? dict.cls.lookup('__setitem__') : undefined;
  const set = (key: Value, value: Value) => {
    if (own !== undefined && !(own instanceof NativeFunction)) runtime.setItem(dict, key, value);
    else dict.set(key, value);
    if ((dict.size & 1023) === 0) grown(dict.size, runtime);
  };
  if (args.items.length > 1)
    throw raise('TypeError', `dict expected at most 1 argument, got ${args.items.length}`);
  if (args.items.length === 1) update(args.items[0]!, runtime, set);
  for (const entry of keywords.entries.values()) set(entry.key, entry.value);
}

export const dictMethods: readonly NativeFunction[] = [
  def('__init__(self, /, *args, **keywords)', ([self, args, keywords], r) =>
    fill(self!, args as PyTuple, keywords as PyDict, r),
  ),
  def('get(self, key, default=None, /)', ([self, key, fallback]) => {
    const found = dictOf(self).get(key!);
    return found === undefined ? fallback! : found;
  }),
  def('keys(self)', ([self]) => new PyDictView(dictOf(self), 'dict_keys')),
  def('values(self)', ([self]) => new PyDictView(dictOf(self), 'dict_values')),
  def('items(self)', ([self]) => new PyDictView(dictOf(self), 'dict_items')),
  def('pop(self, key, default=..., /)', ([self, key, fallback], r) => {
    const dict = dictOf(self);
    const found = dict.get(key!);
    if (found === undefined) {
      if (fallback !== undefined) return fallback;
      throw new Raised('KeyError', r.repr(key!), [key!]);
    }
    dict.delete(key!);
    return found;
  }),
  walk('popitem(self, last=True)', ([self, last], r) => {
    const dict = dictOf(self);
    const entries = [...dict.entries.values()];
    const entry = r.truth(last!) ? entries.at(-1) : entries[0];
    if (!entry) throw raise('KeyError', 'popitem(): dictionary is empty');
    dict.delete(entry.key);
    return new PyTuple([entry.key, entry.value]);
  }),
  def('setdefault(self, key, default=None, /)', ([self, key, fallback], r) => {
    const dict = dictOf(self);
    const found = dict.get(key!);
    if (found !== undefined) return found;
    dict.set(key!, fallback!);
    if ((dict.size & 1023) === 0) grown(dict.size, r);
    return fallback!;
  }),
  def('update(self, /, *args, **keywords)', ([self, args, keywords], r) =>
    fill(self!, args as PyTuple, keywords as PyDict, r),
  ),
  def('clear(self)', ([self]) => {
    dictOf(self).entries.clear();
  }),
  def('copy(self)', ([self], r) => {
    const from = dictOf(self);
    copied(from.size, r);
    const to = new PyDict();
    to.cls = from.cls;
    to.defaultFactory = from.defaultFactory;
    for (const [hash, entry] of from.entries) to.entries.set(hash, { key: entry.key, value: entry.value });
    return to;
  }),
  def('__len__(self)', ([self]) => dictOf(self).size),
  def('__iter__(self)', ([self]) => new NativeIterator(dictOf(self).keys()[Symbol.iterator]())),
  def('__contains__(self, key, /)', ([self, key]) => dictOf(self).has(key!)),
  def('__getitem__(self, key, /)', ([self, key], r) => (r as Interpreter).builtinItem(dictOf(self), key!)),
  def('__setitem__(self, key, value, /)', ([self, key, value]) => {
    dictOf(self).set(key!, value!);
  }),
  def('__delitem__(self, key, /)', ([self, key], r) => {
    if (!dictOf(self).delete(key!)) throw new Raised('KeyError', r.repr(key!), [key!]);
  }),
  walk('move_to_end(self, key, last=True)', ([self, key, last], r) => {
    const dict = dictOf(self);
    const value = dict.get(key!);
    if (value === undefined) throw new Raised('KeyError', r.repr(key!), [key!]);
    dict.delete(key!);
    const others = [...dict.entries];
    if (!r.truth(last!)) dict.entries.clear();
    dict.set(key!, value);
    if (!r.truth(last!)) for (const [hash, entry] of others) dict.entries.set(hash, entry);
  }),
];

/** Keys, values or items of a dict, live. */
export class PyDictView extends PyInstance {
  readonly dict: PyDict;
  readonly kind: 'dict_keys' | 'dict_values' | 'dict_items';
  constructor(dict: PyDict, kind: 'dict_keys' | 'dict_values' | 'dict_items') {
    super(viewClasses[kind]);
    this.dict = dict;
    this.kind = kind;
  }
  now(): Value[] {
    if (this.kind === 'dict_keys') return this.dict.keys();
    if (this.kind === 'dict_values') return this.dict.values();
    return Array.from(this.dict.entries.values(), entry => new PyTuple([entry.key, entry.value]));
  }
}

const viewOf = (self: Value | undefined) => self as PyDictView;
const asSet = (value: Value | undefined, runtime: Runtime) =>
  new PySet(value instanceof PyDictView ? value.now() : runtime.list(value!));

class ViewIterator {
  private readonly view: PyDictView;
  private readonly size: number;
  constructor(view: PyDictView) {
    this.view = view;
    this.size = view.dict.size;
  }
  *run(): Generator<Value> {
    for (const entry of this.view.dict.entries.values()) {
      if (this.view.dict.size !== this.size)
        throw raise('RuntimeError', 'dictionary changed size during iteration');
      if (this.view.kind === 'dict_keys') yield entry.key;
      else if (this.view.kind === 'dict_values') yield entry.value;
      else yield new PyTuple([entry.key, entry.value]);
    }
    if (this.view.dict.size !== this.size)
      throw raise('RuntimeError', 'dictionary changed size during iteration');
  }
}

const viewMethods = (): Map<string, Value> =>
  new Map(
    [
      def('__iter__(self)', ([self]) => new NativeIterator(new ViewIterator(viewOf(self)).run())),
      def('__len__(self)', ([self]) => viewOf(self).dict.size),
      def('__contains__(self, value, /)', ([self, value], r) =>
        viewOf(self).kind === 'dict_keys'
          ? viewOf(self).dict.has(value!)
          : viewOf(self)
              .now()
              .some(item => r.equals(item, value!)),
      ),
      def('__eq__(self, other, /)', ([self, other], r) => {
        const a = asSet(self, r);
        if (!(other instanceof PyDictView || other instanceof PySet)) return false;
        const b = asSet(other, r);
        return a.size === b.size && a.items().every(item => b.has(item));
      }),
      def('__repr__(self)', ([self], r) => `${viewOf(self).kind}(${r.repr(new PyList(viewOf(self).now()))})`),
      def('__and__(self, other, /)', ([self, other], r) => r.binary('&', asSet(self, r), asSet(other, r))),
      def('__or__(self, other, /)', ([self, other], r) => r.binary('|', asSet(self, r), asSet(other, r))),
      def('__sub__(self, other, /)', ([self, other], r) => r.binary('-', asSet(self, r), asSet(other, r))),
      def('__rsub__(self, other, /)', ([self, other], r) => r.binary('-', asSet(other, r), asSet(self, r))),
      def('__xor__(self, other, /)', ([self, other], r) => r.binary('^', asSet(self, r), asSet(other, r))),
      def('__le__(self, other, /)', ([self, other], r) => r.compare('<=', asSet(self, r), asSet(other, r))),
      def('__ge__(self, other, /)', ([self, other], r) => r.compare('>=', asSet(self, r), asSet(other, r))),
      def(
        '__reversed__(self)',
        ([self]) => new NativeIterator(viewOf(self).now().reverse()[Symbol.iterator]()),
      ),
    ].map(fn => [fn.name, fn] as const),
  );

const viewClasses = {
  dict_keys: viewClass('dict_keys'),
  dict_values: viewClass('dict_values'),
  dict_items: viewClass('dict_items'),
};

function viewClass(name: string): PyClass {
  return new PyClass(name, { namespace: viewMethods(), final: true });
}

const others = (self: Value | undefined, args: Value | undefined, r: Runtime): PySet[] =>
  [self!, ...(args as PyTuple).items].map((value, i) =>
    i === 0 ? setOf(value) : value instanceof PySet ? value : new PySet(r.list(value)),
  );

export const setMethods: readonly NativeFunction[] = [
  def('__init__(self, iterable=(), /)', ([self, iterable], r) => {
    for (const item of r.list(iterable!)) setOf(self).add(item);
  }),
  def(
    'union(self, /, *others)',
    ([self, args], r) =>
      new PySet(
        others(self, args, r).flatMap(s => s.items()),
        setOf(self).frozen,
      ),
  ),
  def('intersection(self, /, *others)', ([self, args], r) => {
    const [first, ...rest] = others(self, args, r);
    return new PySet(
      first!.items().filter(item => rest.every(s => s.has(item))),
      setOf(self).frozen,
    );
  }),
  def('difference(self, /, *others)', ([self, args], r) => {
    const [first, ...rest] = others(self, args, r);
    return new PySet(
      first!.items().filter(item => !rest.some(s => s.has(item))),
      setOf(self).frozen,
    );
  }),
  def('symmetric_difference(self, other, /)', ([self, other], r) =>
    r.binary('^', self!, new PySet(r.list(other!))),
  ),
  def('issubset(self, other, /)', ([self, other], r) => r.compare('<=', self!, new PySet(r.list(other!)))),
  def('issuperset(self, other, /)', ([self, other], r) => r.compare('>=', self!, new PySet(r.list(other!)))),
  def(
    'isdisjoint(self, other, /)',
    ([self, other], r) => !r.list(other!).some(item => setOf(self).has(item)),
  ),
  def('copy(self)', ([self], r) => {
    copied(setOf(self).size, r);
    return new PySet(setOf(self).items(), setOf(self).frozen);
  }),
  def('__contains__(self, value, /)', ([self, value]) => setOf(self).has(value!)),
  def('__len__(self)', ([self]) => setOf(self).size),
  def('__iter__(self)', ([self]) => new NativeIterator(setOf(self).items()[Symbol.iterator]())),
];

export const mutableSetMethods: readonly NativeFunction[] = [
  def('add(self, value, /)', ([self, value], r) => {
    setOf(self).add(value!);
    if ((setOf(self).size & 1023) === 0) grown(setOf(self).size, r);
  }),
  def('remove(self, value, /)', ([self, value], r) => {
    if (!setOf(self).delete(value!)) throw new Raised('KeyError', r.repr(value!), [value!]);
  }),
  def('discard(self, value, /)', ([self, value]) => {
    setOf(self).delete(value!);
  }),
  def('pop(self)', ([self]) => {
    const first = setOf(self).entries.entries().next();
    if (first.done) throw raise('KeyError', 'pop from an empty set');
    setOf(self).entries.delete(first.value[0]);
    return first.value[1];
  }),
  def('clear(self)', ([self]) => {
    setOf(self).entries.clear();
  }),
  def('update(self, /, *others)', ([self, args], r) => {
    for (const other of (args as PyTuple).items) for (const item of r.list(other)) setOf(self).add(item);
  }),
  def('difference_update(self, /, *others)', ([self, args], r) => {
    for (const other of (args as PyTuple).items) for (const item of r.list(other)) setOf(self).delete(item);
  }),
  def('intersection_update(self, /, *others)', ([self, args], r) => {
    const kept = others(self, args, r).slice(1);
    for (const item of setOf(self).items()) if (!kept.every(s => s.has(item))) setOf(self).delete(item);
  }),
];

export const rangeMethods: readonly NativeFunction[] = [
  def('index(self, value, /)', ([self, value], r) => {
    const range = self as PyRange;
    const at = (r.index(value!) - range.start) / range.step;
    if (!Number.isInteger(at) || at < 0 || at >= range.length)
      throw raise('ValueError', `${r.repr(value!)} is not in range`);
    return at;
  }),
  def('count(self, value, /)', ([self, value], r) => (r.contains(self!, value!) ? 1 : 0)),
  def('__len__(self)', ([self]) => (self as PyRange).length),
];

export const sliceMethods: readonly NativeFunction[] = [
  def('indices(self, length, /)', ([self, length], r) => {
    const slice = self as PySlice;
    const n = r.index(length!);
    const picked = sliceOf(slice, n, r);
    const step = picked.step;
    const clampStop = slice.stop === null ? (step < 0 ? -1 : n) : clampTo(r.index(slice.stop), n, step);
    return new PyTuple([picked.start, clampStop, step]);
  }),
];

function clampTo(value: number, length: number, step: number): number {
  const low = step < 0 ? -1 : 0;
  const high = step < 0 ? length - 1 : length;
  return Math.min(Math.max(value < 0 ? value + length : value, low), high);
}

export const iteratorMethods: readonly NativeFunction[] = [
  def('__next__(self)', ([self]) => {
    const value = (self as PyIterator).next();
    if (value === undefined) throw raise('StopIteration', '');
    return value;
  }),
  def('__iter__(self)', ([self]) => self!),
];

export const generatorMethods: readonly NativeFunction[] = [
  ...iteratorMethods.slice(1),
  def('__next__(self)', ([self]) => {
    const generator = self as PyGenerator;
    const value = generator.next();
    if (value === undefined) throw stop(generator);
    return value;
  }),
  def('send(self, value, /)', ([self, value]) => {
    const generator = self as PyGenerator;
    const result = generator.send(value!);
    if (result === undefined) throw stop(generator);
    return result;
  }),
  def('throw(self, type, value=None, traceback=None, /)', ([self, type, value], r) => {
    const generator = self as PyGenerator;
    const result = generator.throw((r as Interpreter).toRaised(value ?? type!));
    if (result === undefined) throw stop(generator);
    return result;
  }),
  def('close(self)', ([self]) => (self as PyGenerator).close()),
];

function stop(generator: PyGenerator): Raised {
  const value = generator.returned;
  return new Raised('StopIteration', '', value === null ? [] : [value]);
}
