import { PyDictView } from '../interpreter/containerMethods.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import { PyFunction } from '../interpreter/frame.ts';
import { NativeFunction } from '../interpreter/native.ts';
import {
  classOf,
  dictClass,
  listClass,
  NativeObject,
  PyBoundMethod,
  PyBytes,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  type PyModule,
  PyRange,
  PySet,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';
import { namedtuple } from './namedtuple.ts';
import { abstractClass } from './typing.ts';

export const orderedDictClass = new PyClass('OrderedDict', {
  bases: [dictClass],
  module: 'collections',
  construct: (cls, args, keywords, runtime) => {
    const dict = new PyDict();
    dict.cls = cls;
    if (!cls.mutable)
      (dictClass.lookup('__init__') as NativeFunction).invoke([dict, ...args], keywords, runtime);
    return dict;
  },
});

const defaultDictClass = new PyClass('defaultdict', {
  bases: [dictClass],
  module: 'collections',
  construct: (cls, args, keywords, runtime) => {
    const dict = new PyDict();
    dict.cls = cls;
    dict.defaultFactory = args[0] ?? null;
    (dictClass.lookup('__init__') as NativeFunction).invoke([dict, ...args.slice(1)], keywords, runtime);
    return dict;
  },
});

const counterClass = new PyClass('Counter', {
  bases: [dictClass],
  module: 'collections',
  construct: (cls, args, keywords, runtime) => {
    const dict = new PyDict();
    dict.cls = cls;
    const [source] = args;
    if (source instanceof PyDict)
      for (const entry of source.entries.values()) dict.set(entry.key, entry.value);
    else if (source !== undefined && source !== null) {
      for (const item of runtime.list(source)) dict.set(item, runtime.binary('+', dict.get(item) ?? 0, 1));
    }
    for (const [key, value] of keywords ?? []) dict.set(key, value);
    return dict;
  },
  namespace: new Map<string, Value>([
    ['__missing__', std('__missing__(self, key)', () => 0)],
    [
      '__getitem__',
      std('__getitem__(self, key)', ([self, key]) => {
        const found = (self as PyDict).get(key!);
        return found === undefined ? 0 : found;
      }),
    ],
    [
      'most_common',
      std('most_common(self, n=None)', ([self, n], r) => {
        const entries = [...(self as PyDict).entries.values()].map(e => ({ key: e.key, value: e.value }));
        entries.sort((a, b) =>
          r.truth(r.compare('>', a.value, b.value)) ? -1 : r.truth(r.compare('<', a.value, b.value)) ? 1 : 0,
        );
        return new PyList(
          (n === null ? entries : entries.slice(0, r.index(n!))).map(e => new PyTuple([e.key, e.value])),
        );
      }),
    ],
    [
      'elements',
      std('elements(self)', ([self], r) =>
        r.iterate(
          new PyList(
            [...(self as PyDict).entries.values()].flatMap(e => {
              const count = Math.max(0, r.index(e.value));
              r.budget.elements(count);
              r.budget.memory(count * 8);
              return new Array<Value>(count).fill(e.key);
            }),
          ),
        ),
      ),
    ],
    [
      'update',
      std('update(self, iterable=None, /)', ([self, iterable], r) => {
        const dict = self as PyDict;
        if (iterable instanceof PyDict)
          for (const e of iterable.entries.values())
            dict.set(e.key, r.binary('+', dict.get(e.key) ?? 0, e.value));
        else if (iterable !== null)
          for (const item of r.list(iterable!)) dict.set(item, r.binary('+', dict.get(item) ?? 0, 1));
      }),
    ],
  ]),
});

/** A list with two ends. */
const dequeClass: PyClass = new PyClass('deque', {
  bases: [listClass],
  module: 'collections',
  construct: (cls, args, keywords, runtime) => {
    const list = new PyList([]);
    list.cls = cls;
    const most = args[1] ?? keywords?.get('maxlen') ?? null;
    list.attributes = new Map<string, Value>([['maxlen', most]]);
    if (args[0] !== undefined) for (const item of runtime.list(args[0])) push(list, item, 'right');
    return list;
  },
});

function push(list: PyList, item: Value, end: 'left' | 'right'): void {
  const most = list.attributes?.get('maxlen');
  if (end === 'right') list.items.push(item);
  else list.items.unshift(item);
  if (typeof most === 'number' && list.items.length > most) {
    if (end === 'right') list.items.shift();
    else list.items.pop();
  }
}

const asList = (value: Value | undefined) => value as PyList;
for (const fn of [
  std('append(self, value, /)', ([self, value], r) => {
    push(asList(self), value!, 'right');
    r.budget.memory(8);
  }),
  std('appendleft(self, value, /)', ([self, value], r) => {
    push(asList(self), value!, 'left');
    r.budget.memory(8);
  }),
  std('extend(self, iterable, /)', ([self, iterable], r) => {
    for (const item of r.list(iterable!)) push(asList(self), item, 'right');
  }),
  std('extendleft(self, iterable, /)', ([self, iterable], r) => {
    for (const item of r.list(iterable!)) push(asList(self), item, 'left');
  }),
  std('popleft(self)', ([self]) => {
    const item = asList(self).items.shift();
    if (item === undefined) throw raise('IndexError', 'pop from an empty deque');
    return item;
  }),
  std('rotate(self, n=1, /)', ([self, n], r) => {
    const { items } = asList(self);
    if (items.length === 0) return;
    const by = ((r.index(n!) % items.length) + items.length) % items.length;
    asList(self).items = [...items.slice(items.length - by), ...items.slice(0, items.length - by)];
  }),
  std('__repr__(self)', ([self], r) => `deque(${r.repr(new PyList(asList(self).items))})`),
])
  dequeClass.set(fn.name, fn);

const can = (value: Value, name: string): boolean =>
  value instanceof PyObjectLike && classOf(value).lookup(name) !== undefined;
const PyObjectLike = PyInstance;

/** Concrete built-in values that count for the abstract classes of `collections.abc`. */
const abstract: ReadonlyMap<string, (value: Value) => boolean> = new Map<string, (value: Value) => boolean>([
  ['Iterable', v => isIterable(v)],
  ['Iterator', v => v instanceof PyIterator || can(v, '__next__')],
  ['Generator', v => v instanceof PyIterator],
  [
    'Sequence',
    v =>
      v instanceof PyList ||
      v instanceof PyTuple ||
      typeof v === 'string' ||
      v instanceof PyRange ||
      v instanceof PyBytes,
  ],
  ['MutableSequence', v => v instanceof PyList],
  ['Mapping', v => v instanceof PyDict],
  ['MutableMapping', v => v instanceof PyDict],
  ['Set', v => v instanceof PySet || (v instanceof PyDictView && v.kind === 'dict_keys')],
  ['MutableSet', v => v instanceof PySet && !v.frozen],
  ['Sized', v => isIterable(v) && !(v instanceof PyIterator)],
  ['Container', v => isIterable(v) && !(v instanceof PyIterator)],
  ['Collection', v => isIterable(v) && !(v instanceof PyIterator)],
  ['Hashable', v => !(v instanceof PyList || v instanceof PyDict || (v instanceof PySet && !v.frozen))],
  [
    'Callable',
    v =>
      v instanceof PyFunction ||
      v instanceof NativeFunction ||
      v instanceof PyBoundMethod ||
      v instanceof PyClass ||
      can(v, '__call__'),
  ],
]);

function isIterable(value: Value): boolean {
  if (value instanceof NativeObject) return value.iterate !== NativeObject.prototype.iterate;
  return (
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    value instanceof PySet ||
    value instanceof PyRange ||
    value instanceof PyIterator ||
    value instanceof PyBytes ||
    typeof value === 'string' ||
    can(value, '__iter__') ||
    can(value, '__getitem__')
  );
}

export function collectionsAbcModule(): PyModule {
  return moduleOf(
    'collections.abc',
    [],
    [...abstract].map(([name, check]) => [name, abstractClass(name, check)] as const),
  );
}

export function collectionsModule(abc: PyModule): PyModule {
  const module = moduleOf(
    'collections',
    [namedtuple],
    [
      ['OrderedDict', orderedDictClass],
      ['defaultdict', defaultDictClass],
      ['Counter', counterClass],
      ['deque', dequeClass],
      ['abc', abc],
    ],
  );
  module.missing = name => {
    if (name.startsWith('__')) return undefined;
    throw new Refusal({ construct: `collections.${name}`, message: `collections.${name} is not supported.` });
  };
  return module;
}
