/** Constructors and methods of the built-in types, put into their classes once. */

import {
  dictMethods,
  generatorMethods,
  iteratorMethods,
  listMethods,
  mutableSetMethods,
  rangeMethods,
  setMethods,
  sliceMethods,
  tupleMethods,
} from './containerMethods.ts';
import { Refusal, raise } from './errors.ts';
import { formatValue } from './formatting.ts';
import type { Interpreter } from './interpreter.ts';
import { type NativeBody, NativeFunction, nativeProperty } from './native.ts';
import type { Runtime } from './runtime.ts';
import { bytesMethods, hashText, strMethods, textOf } from './strMethods.ts';
import {
  boolClass,
  bytesClass,
  classMethodClass,
  classOf,
  complexClass,
  dictClass,
  float,
  floatClass,
  frozensetClass,
  generatorClass,
  hashKey,
  identity,
  intClass,
  integer,
  iteratorClass,
  type Keywords,
  listClass,
  NativeObject,
  numberOf,
  objectClass,
  PyBytes,
  PyClass,
  PyClassMethod,
  PyContainer,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  PyProperty,
  PyRange,
  PySet,
  PySlice,
  PyStaticMethod,
  PyTuple,
  propertyClass,
  rangeClass,
  setClass,
  sliceClass,
  staticMethodClass,
  strClass,
  tupleClass,
  typeClass,
  type Value,
} from './values.ts';

const def = (signature: string, body: NativeBody) =>
  new NativeFunction(signature, body, { unknown: 'raise' });

type Construct = NonNullable<PyClass['construct']>;

function equip(cls: PyClass, construct: Construct | undefined, functions: readonly NativeFunction[]): void {
  for (const fn of functions) cls.set(fn.name, fn);
  if (construct) cls.construct = construct;
}

function one(args: readonly Value[], keywords: Keywords, name: string): Value | undefined {
  if (args.length > 1 || (keywords !== null && keywords.size > 0))
    throw raise(
      'TypeError',
      `${name} expected at most 1 argument, got ${args.length + (keywords?.size ?? 0)}`,
    );
  return args[0];
}

function needed(args: readonly Value[], name: string): Value {
  if (args.length !== 1) throw raise('TypeError', `${name} expected 1 argument, got ${args.length}`);
  return args[0]!;
}

/** A value of a subclass of int, float or str. */
function wrap(cls: PyClass, base: PyClass, payload: Value): Value {
  if (cls === base) return payload;
  const instance = new PyInstance(cls);
  instance.payload = payload;
  return instance;
}

/** `int(x)`, `int(text, base)` */
export function toInt(value: Value, base: Value | undefined, runtime: Runtime): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyFloat) {
    if (Number.isNaN(value.value)) throw raise('ValueError', 'cannot convert float NaN to integer');
    if (!Number.isFinite(value.value))
      throw raise('OverflowError', 'cannot convert float infinity to integer');
    const whole = Math.trunc(value.value);
    return integer(Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole));
  }
  if (typeof value === 'string') {
    const radix = base === undefined ? 10 : runtime.index(base);
    const text = value.trim().replaceAll('_', '').toLowerCase();
    const match = /^([+-]?)(0[xob])?([0-9a-z]+)$/.exec(text);
    const prefixes: Record<string, number> = { '0x': 16, '0o': 8, '0b': 2 };
    const given = match?.[2];
    const actual =
      given !== undefined && (radix === 0 || prefixes[given] === radix)
        ? prefixes[given]!
        : radix === 0
          ? 10
          : radix;
    const digits = given !== undefined && actual !== prefixes[given] ? given + match![3] : match?.[3];
    const valid = digits !== undefined && [...digits].every(d => Number.parseInt(d, 36) < actual);
    if (!match || !valid)
      throw raise('ValueError', `invalid literal for int() with base ${radix}: ${runtime.repr(value)}`);
    if (digits.length > 4300)
      throw raise('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion');
    let result = 0n;
    for (const d of digits) result = result * BigInt(actual) + BigInt(Number.parseInt(d, 36));
    return integer(match[1] === '-' ? -result : result);
  }
  if (value instanceof NativeObject) return value.toInt(runtime);
  if (value instanceof PyInstance) {
    for (const name of ['__int__', '__index__', '__trunc__']) {
      const method = value.cls.lookup(name);
      if (method !== undefined && !(method instanceof NativeFunction))
        return toInt(runtime.call(runtime.getAttribute(value, name), []), undefined, runtime);
    }
    if (value.payload !== undefined) return toInt(value.payload, base, runtime);
  }
  throw raise(
    'TypeError',
    `int() argument must be a string, a bytes-like object or a real number, not '${classOf(value).name}'`,
  );
}

/** `float(x)` */
export function toFloat(value: Value, runtime: Runtime): number {
  const number = numberOf(value);
  if (number !== undefined) {
    if (typeof value === 'bigint' && !Number.isFinite(number))
      throw raise('OverflowError', 'int too large to convert to float');
    return number;
  }
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase().replaceAll('_', '');
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text)) return Number(text);
    const special = /^([+-]?)(inf|infinity|nan)$/.exec(text);
    if (special) return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
    throw raise('ValueError', `could not convert string to float: ${runtime.repr(value)}`);
  }
  if (value instanceof NativeObject) return value.toFloat(runtime);
  if (value instanceof PyInstance) {
    for (const name of ['__float__', '__index__']) {
      const method = value.cls.lookup(name);
      if (method !== undefined && !(method instanceof NativeFunction))
        return toFloat(runtime.call(runtime.getAttribute(value, name), []), runtime);
    }
    if (value.payload !== undefined) return toFloat(value.payload, runtime);
  }
  throw raise(
    'TypeError',
    `float() argument must be a string or a real number, not '${classOf(value).name}'`,
  );
}

/** The number behind an int, float, bool or an instance of a subclass. */
const plain = (value: Value | undefined): Value =>
  value instanceof PyInstance && value.payload !== undefined ? value.payload : (value ?? null);

equip(objectClass, undefined, [
  def('__init__(self, /, *args, **keywords)', () => null),
  def('__setattr__(self, name, value, /)', ([self, name, value], r) => {
    if (self instanceof PyInstance || (self instanceof PyContainer && self.cls.mutable))
      (r as Interpreter).setInstanceAttribute(self, textOf(name), value!);
    else r.setAttribute(self!, textOf(name), value!);
  }),
  def('__delattr__(self, name, /)', ([self, name]) => {
    const gone =
      (self instanceof PyInstance || self instanceof PyContainer) && self.attributes?.delete(textOf(name));
    if (!gone) throw raise('AttributeError', textOf(name));
  }),
  def('__getattribute__(self, name, /)', ([self, name], r) => {
    // Without the `__getattr__` hook.
    const key = textOf(name);
    if (self instanceof PyInstance) {
      const found = self.cls.lookup(key);
      if (!(found instanceof PyProperty)) {
        const own = self.attributes.get(key);
        if (own !== undefined) return own;
      }
      if (found !== undefined) return (r as Interpreter).bind(found, self, self.cls);
      throw raise('AttributeError', `'${self.cls.name}' object has no attribute '${key}'`);
    }
    return r.getAttribute(self!, key);
  }),
]);
objectClass.set(
  '__init_subclass__',
  new PyClassMethod(
    def('__init_subclass__(cls, /, **keywords)', ([cls, keywords]) => {
      if (keywords instanceof PyDict && keywords.size > 0)
        throw raise('TypeError', `${(cls as PyClass).name}.__init_subclass__() takes no keyword arguments`);
    }),
  ),
);
objectClass.set(
  '__new__',
  new PyStaticMethod(
    def('__new__(cls, /, *args, **keywords)', ([cls, args, keywords], r) => {
      if (!(cls instanceof PyClass)) throw raise('TypeError', 'object.__new__(X): X is not a type object');
      if (cls.construct) {
        const rest = keywords as PyDict;
        return cls.construct(
          cls,
          (args as PyTuple).items,
          new Map([...rest.entries.values()].map(e => [e.key as string, e.value] as const)),
          r,
        );
      }
      if (!cls.mutable && cls !== objectClass)
        throw new Refusal({
          construct: `${cls.name}.__new__`,
          message: `The tracer cannot make a ${cls.name}.`,
        });
      return new PyInstance(cls);
    }),
  ),
);
/** `__new__` of `object`, which `instantiate` passes over. */
export const objectNew = objectClass.lookup('__new__');

// Shown through `obj.__repr__()` and `super().__repr__()`; the interpreter itself does not look at them for instances.
const universalMethods: readonly NativeFunction[] = [
  def('__format__(self, spec, /)', ([self, spec], r) => {
    if (textOf(spec) === '') return r.str(self!);
    throw raise('TypeError', `unsupported format string passed to ${classOf(self!).name}.__format__`);
  }),
  def('__dir__(self)', ([self], r) => r.call(directory, [self!])),
  def('__reduce__(self)', () => {
    throw new Refusal({ construct: '__reduce__', message: 'Objects cannot be pickled here.' });
  }),
];
for (const fn of universalMethods) if (fn.name === '__reduce__') objectClass.set(fn.name, fn);

/** `dir()` */
export const directory = def('dir(object=...)', ([object], r) => {
  if (object === undefined)
    throw new Refusal({ construct: 'dir()', message: 'dir() without an argument is not supported.' });
  const names = new Set<string>();
  if (object instanceof PyInstance) for (const name of object.attributes.keys()) names.add(name);
  const cls = object instanceof PyClass ? object : classOf(object);
  for (const base of cls.mro)
    for (const name of base.namespace.keys()) if (!name.startsWith('$')) names.add(name);
  const attributes = object instanceof NativeObject ? undefined : r.findAttribute(object, '__dict__');
  if (attributes instanceof PyDict)
    for (const key of attributes.keys()) if (typeof key === 'string') names.add(key);
  return new PyList([...names].sort());
});

const intMethods: readonly NativeFunction[] = [
  def('bit_length(self)', ([self]) => {
    const n = plain(self);
    const magnitude = BigInt(typeof n === 'boolean' ? Number(n) : (n as number | bigint));
    return magnitude === 0n ? 0 : (magnitude < 0n ? -magnitude : magnitude).toString(2).length;
  }),
  def('conjugate(self)', ([self]) => plain(self)),
  def('is_integer(self)', () => true),
  def('__index__(self)', ([self]) => plain(self)),
  def('__int__(self)', ([self]) => plain(self)),
  def('__float__(self)', ([self], r) => float(toFloat(self!, r))),
  def('__add__(self, other, /)', ([a, b], r) => r.binary('+', plain(a), plain(b))),
  def('__mul__(self, other, /)', ([a, b], r) => r.binary('*', plain(a), plain(b))),
  def('__eq__(self, other, /)', ([a, b], r) => r.equals(plain(a), plain(b))),
  def('__hash__(self)', ([self]) => plain(self)),
  def('__repr__(self)', ([self], r) => r.repr(plain(self))),
  def('__str__(self)', ([self], r) => r.str(plain(self))),
  def('__format__(self, spec, /)', ([self, spec]) => formatValue(plain(self) as number, textOf(spec))),
];
// Specials that would shadow the fast paths of plain numbers are only for explicit calls; they work on payloads too.
equip(
  intClass,
  (cls, args, keywords, runtime) => {
    const base = keywords?.get('base') ?? args[1];
    if (args.length === 0) return wrap(cls, intClass, 0);
    return wrap(cls, intClass, toInt(args[0]!, base, runtime));
  },
  intMethods.filter(fn => !fn.name.startsWith('__')),
);
intClass.set(
  'real',
  nativeProperty('real', self => plain(self)),
);
intClass.set(
  'imag',
  nativeProperty('imag', () => 0),
);
intClass.set(
  'numerator',
  nativeProperty('numerator', self => plain(self)),
);
intClass.set(
  'denominator',
  nativeProperty('denominator', () => 1),
);
equip(
  boolClass,
  (_cls, args, keywords, runtime) => {
    const value = one(args, keywords, 'bool');
    return value !== undefined && runtime.truth(value);
  },
  [],
);
equip(
  floatClass,
  (cls, args, keywords, runtime) =>
    wrap(cls, floatClass, float(args.length === 0 ? 0 : toFloat(one(args, keywords, 'float')!, runtime))),
  [
    def('is_integer(self)', ([self]) => Number.isInteger((plain(self) as PyFloat).value)),
    def('conjugate(self)', ([self]) => plain(self)),
    def('hex(self)', () => {
      throw new Refusal({ construct: 'float.hex', message: 'float.hex is not supported.' });
    }),
    def('as_integer_ratio(self)', ([self]) => {
      let { value } = plain(self) as PyFloat;
      if (!Number.isFinite(value)) throw raise('OverflowError', 'cannot convert Infinity to integer ratio');
      let denominator = 1n;
      while (!Number.isInteger(value)) {
        value *= 2;
        denominator *= 2n;
      }
      return new PyTuple([integer(BigInt(value)), integer(denominator)]);
    }),
  ],
);
equip(complexClass, () => {
  throw new Refusal({ construct: 'complex', message: 'Complex numbers are not supported.' });
}, []);

equip(
  strClass,
  (cls, args, _keywords, runtime) => {
    if (args.length === 0) return wrap(cls, strClass, '');
    const value = args[0]!;
    if (value instanceof PyBytes && args.length > 1) return new TextDecoder().decode(value.bytes);
    return wrap(cls, strClass, runtime.str(value));
  },
  strMethods,
);
strClass.set(
  'maketrans',
  new PyStaticMethod(
    def('maketrans(x, y=..., z=..., /)', ([x, y, z]) => {
      const table = new PyDict();
      if (y === undefined) {
        for (const entry of (x as PyDict).entries.values()) {
          table.set(typeof entry.key === 'string' ? entry.key.codePointAt(0)! : entry.key, entry.value);
        }
      } else {
        const to = [...textOf(y)];
        for (const [i, c] of [...textOf(x)].entries()) {
          table.set(c.codePointAt(0)!, to[i] === undefined ? null : to[i]!.codePointAt(0)!);
        }
        if (z !== undefined) for (const c of textOf(z)) table.set(c.codePointAt(0)!, null);
      }
      return table;
    }),
  ),
);
strClass.set(
  'translate',
  def('translate(self, table, /)', ([self, table]) => {
    let out = '';
    for (const c of textOf(self)) {
      const to = (table as PyDict).get(c.codePointAt(0)!);
      if (to === undefined) out += c;
      else if (typeof to === 'number') out += String.fromCodePoint(to);
      else if (typeof to === 'string') out += to;
    }
    return out;
  }),
);
equip(
  bytesClass,
  (_cls, args, _keywords, runtime) => {
    const [value] = args;
    if (value === undefined) return new PyBytes(new Uint8Array());
    if (typeof value === 'string') return new PyBytes(new TextEncoder().encode(value));
    if (value instanceof PyBytes) return value;
    if (typeof value === 'number') {
      runtime.budget.elements(value);
      runtime.budget.memory(value);
      if (value < 0) throw raise('ValueError', 'negative count');
      return new PyBytes(new Uint8Array(value));
    }
    return new PyBytes(
      Uint8Array.from(runtime.list(value), item => {
        const byte = runtime.index(item);
        if (byte < 0 || byte > 255) throw raise('ValueError', 'bytes must be in range(0, 256)');
        return byte;
      }),
    );
  },
  bytesMethods,
);

equip(
  listClass,
  (cls, args, keywords, runtime) => {
    const list = new PyList([]);
    list.cls = cls;
    if (cls === listClass) {
      const source = one(args, keywords, 'list');
      if (source !== undefined) list.items = runtime.list(source);
    }
    return list;
  },
  listMethods,
);
listClass.set('__hash__', null);
equip(
  tupleClass,
  (cls, args, keywords, runtime) => {
    const source = one(args, keywords, 'tuple');
    return new PyTuple(source === undefined ? [] : runtime.list(source), cls);
  },
  tupleMethods,
);
equip(
  dictClass,
  (cls, args, keywords, runtime) => {
    const dict = new PyDict();
    dict.cls = cls;
    if (cls === dictClass) {
      const init = dictClass.lookup('__init__') as NativeFunction;
      init.invoke([dict, ...args], keywords, runtime);
    }
    return dict;
  },
  dictMethods,
);
dictClass.set('__hash__', null);
dictClass.set(
  'fromkeys',
  new PyClassMethod(
    def('fromkeys(cls, iterable, value=None, /)', ([cls, iterable, value], r) => {
      const dict = new PyDict();
      dict.cls = cls as PyClass;
      for (const key of r.list(iterable!)) dict.set(key, value!);
      return dict;
    }),
  ),
);
equip(
  setClass,
  (cls, args, keywords, runtime) => {
    const source = cls === setClass ? one(args, keywords, 'set') : undefined;
    const set = new PySet(source === undefined ? [] : runtime.list(source));
    set.cls = cls;
    return set;
  },
  [...setMethods, ...mutableSetMethods],
);
setClass.set('__hash__', null);
equip(
  frozensetClass,
  (cls, args, keywords, runtime) => {
    const source = one(args, keywords, 'frozenset');
    const set = new PySet(source === undefined ? [] : runtime.list(source), true);
    set.cls = cls;
    return set;
  },
  setMethods.filter(fn => fn.name !== '__init__'),
);
equip(
  rangeClass,
  (_cls, args, keywords, runtime) => {
    if (keywords !== null || args.length === 0 || args.length > 3)
      throw raise('TypeError', `range expected at least 1 argument, got ${args.length}`);
    const numbers = args.map(arg => runtime.index(arg));
    const [first, second, step = 1] = numbers as [number, number?, number?];
    if (step === 0) throw raise('ValueError', 'range() arg 3 must not be zero');
    return second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step);
  },
  rangeMethods,
);
for (const name of ['start', 'stop', 'step'] as const) {
  rangeClass.set(
    name,
    nativeProperty(name, self => (self as PyRange)[name]),
  );
  sliceClass.set(
    name,
    nativeProperty(name, self => (self as PySlice)[name]),
  );
}
equip(
  sliceClass,
  (_cls, args) => {
    if (args.length === 1) return new PySlice(null, args[0]!, null);
    return new PySlice(args[0] ?? null, args[1] ?? null, args[2] ?? null);
  },
  sliceMethods,
);
equip(iteratorClass, undefined, iteratorMethods);
equip(generatorClass, undefined, generatorMethods);
equip(
  propertyClass,
  (_cls, args, keywords) => {
    const given = (index: number, name: string) => args[index] ?? keywords?.get(name) ?? null;
    return new PyProperty(given(0, 'fget'), given(1, 'fset'), given(2, 'fdel'));
  },
  [],
);
equip(staticMethodClass, (_cls, args) => new PyStaticMethod(needed(args, 'staticmethod')), []);
equip(classMethodClass, (_cls, args) => new PyClassMethod(needed(args, 'classmethod')), []);
equip(
  typeClass,
  (_cls, args, _keywords, runtime) => {
    if (args.length === 1) return classOf(args[0]!);
    if (args.length !== 3) throw raise('TypeError', 'type() takes 1 or 3 arguments');
    const [name, bases, namespace] = args;
    const classes = runtime.list(bases!);
    if (!classes.every((base): base is PyClass => base instanceof PyClass))
      throw raise('TypeError', 'bases must be types');
    for (const base of classes)
      if (base.final) throw raise('TypeError', `type '${base.name}' is not an acceptable base type`);
    if (!(namespace instanceof PyDict)) throw raise('TypeError', 'type() argument 3 must be dict');
    const members = new Map<string, Value>();
    for (const entry of namespace.entries.values())
      if (typeof entry.key === 'string') members.set(entry.key, entry.value);
    return new PyClass(textOf(name), {
      bases: classes.length > 0 ? classes : [objectClass],
      namespace: members,
      module: '__main__',
      mutable: true,
    });
  },
  [],
);

/** `hash(x)`: an int, equal for equal values. */
export function hashOf(value: Value, runtime: Runtime): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value === -1 ? -2 : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyInstance) {
    const own = value.cls.lookup('__hash__');
    if (own !== undefined && own !== null) return integer(runtime.call(own, [value]) as number | bigint);
  }
  const key = hashKey(value);
  if (typeof key === 'number' && Number.isInteger(key)) return integer(key);
  if (typeof key === 'object' && key !== null) return identity(key);
  return hashText(String(key));
}
