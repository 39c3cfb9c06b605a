import { Refusal, raise } from '../interpreter/errors.ts';
import { PyFunction } from '../interpreter/frame.ts';
import { NativeFunction, nativeProperty } from '../interpreter/native.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import {
  type Keywords,
  NativeObject,
  PyBoundMethod,
  PyClass,
  PyDict,
  PyInstance,
  type PyModule,
  PyProperty,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

/** `functools.partial` */
class Partial extends NativeObject {
  readonly fn: Value;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  private readonly attributes = new Map<string, Value>();

  constructor(fn: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value>) {
    super();
    this.fn = fn;
    this.args = args;
    this.keywords = keywords;
  }
  override get cls(): PyClass {
    return partialClass;
  }
  override getAttribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }
  override setAttribute(name: string, value: Value): boolean {
    this.attributes.set(name, value);
    return true;
  }
  override call(args: readonly Value[], keywords: Keywords, runtime: Runtime): Value {
    return runtime.call(
      this.fn,
      [...this.args, ...args],
      keywords ? new Map([...this.keywords, ...keywords]) : this.keywords,
    );
  }
  override repr(runtime: Runtime): string {
    return `functools.partial(${runtime.repr(this.fn)})`;
  }
}

const partialClass = new PyClass('partial', {
  module: 'functools',
  construct: (_cls, args, keywords) => {
    if (args.length === 0) throw raise('TypeError', "type 'partial' takes at least one argument");
    const [fn, ...rest] = args as [Value, ...Value[]];
    if (fn instanceof Partial)
      return new Partial(fn.fn, [...fn.args, ...rest], new Map([...fn.keywords, ...(keywords ?? [])]));
    return new Partial(fn, rest, keywords ?? new Map());
  },
  namespace: new Map<string, Value>([
    ['func', nativeProperty('func', self => (self as Partial).fn)],
    ['args', nativeProperty('args', self => new PyTuple((self as Partial).args))],
    ['keywords', nativeProperty('keywords', self => PyDict.of((self as Partial).keywords))],
  ]),
});

/** A function that remembers its results by arguments. */
class Cached extends NativeObject {
  private readonly fn: Value;
  private readonly results = new PyDict();
  private readonly most: number;

  constructor(fn: Value, most: number) {
    super();
    this.fn = fn;
    this.most = most;
  }
  override get cls(): PyClass {
    return cachedClass;
  }
  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    if (name === '__wrapped__') return this.fn;
    if (name === '__get__') return undefined;
    if (name === 'cache_clear') return std('cache_clear()', () => this.results.entries.clear());
    return runtime.findAttribute(this.fn, name);
  }
  override call(args: readonly Value[], keywords: Keywords, runtime: Runtime): Value {
    const named = keywords ? [...keywords].flat() : [];
    const key = new PyTuple([new PyTuple(args), new PyTuple(named)]);
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const result = runtime.call(this.fn, args, keywords);
    if (this.results.size >= this.most) this.results.delete(this.results.keys()[0]!);
    this.results.set(key, result);
    return result;
  }
}
const cachedClass = new PyClass('_lru_cache_wrapper', { module: 'functools', final: true });

/** Copies name and attributes of a wrapped function; decorators need no more. */
function copyIdentity(wrapper: Value, wrapped: Value, runtime: Runtime): Value {
  if (!(wrapper instanceof PyFunction)) return wrapper;
  wrapper.attributes ??= new Map();
  if (wrapped instanceof PyFunction && wrapped.attributes)
    for (const [key, value] of wrapped.attributes) wrapper.attributes.set(key, value);
  for (const name of ['__name__', '__qualname__', '__module__', '__doc__']) {
    const value = runtime.findAttribute(wrapped, name);
    if (value !== undefined) wrapper.attributes.set(name, value);
  }
  wrapper.attributes.set('__wrapped__', wrapped);
  return wrapper;
}

/** The comparison methods that follow from the one a class defines. */
function totalOrdering(cls: Value): Value {
  if (!(cls instanceof PyClass)) throw raise('TypeError', 'total_ordering needs a class');
  const root = ['__lt__', '__le__', '__gt__', '__ge__'].find(name => cls.namespace.has(name));
  if (root === undefined) throw raise('ValueError', 'must define at least one ordering operation: < > <= >=');
  const ask = (self: Value, other: Value, r: Runtime) => r.truth(r.call(r.getAttribute(self, root), [other]));
  const rules: Record<string, (self: Value, other: Value, r: Runtime) => boolean> = {
    __lt__: (a, b, r) =>
      root === '__le__'
        ? ask(a, b, r) && !r.equals(a, b)
        : root === '__gt__'
          ? !ask(a, b, r) && !r.equals(a, b)
          : !ask(a, b, r),
    __gt__: (a, b, r) =>
      root === '__lt__'
        ? !ask(a, b, r) && !r.equals(a, b)
        : root === '__ge__'
          ? ask(a, b, r) && !r.equals(a, b)
          : !ask(a, b, r),
    __le__: (a, b, r) =>
      root === '__lt__'
        ? ask(a, b, r) || r.equals(a, b)
        : root === '__gt__'
          ? !ask(a, b, r)
          : !ask(a, b, r) || r.equals(a, b),
    __ge__: (a, b, r) =>
      root === '__gt__'
        ? ask(a, b, r) || r.equals(a, b)
        : root === '__lt__'
          ? !ask(a, b, r)
          : !ask(a, b, r) || r.equals(a, b),
  };
  for (const [name, rule] of Object.entries(rules)) {
    if (!cls.namespace.has(name))
      cls.set(
        name,
        std(`${name}(self, other, /)`, ([self, other], r) => rule(self!, other!, r)),
      );
  }
  return cls;
}

const comparedClass = new PyClass('K', { module: 'functools', final: true });

function cached(fn: Value, most: number): Value {
  return new Cached(fn, most);
}

export function functoolsModule(): PyModule {
  return moduleOf(
    'functools',
    [
      std('wraps(wrapped, assigned=None, updated=None)', ([wrapped]) =>
        std('wraps(wrapper)', ([wrapper], r) => copyIdentity(wrapper!, wrapped!, r)),
      ),
      std('update_wrapper(wrapper, wrapped, assigned=None, updated=None)', ([wrapper, wrapped], r) =>
        copyIdentity(wrapper!, wrapped!, r),
      ),
      std('reduce(function, sequence, initial=..., /)', ([fn, sequence, initial], r) => {
        const items = r.list(sequence!);
        if (items.length === 0 && initial === undefined)
          throw raise('TypeError', 'reduce() of empty iterable with no initial value');
        let result: Value = initial === undefined ? items.shift()! : initial;
        for (const item of items) result = r.call(fn!, [result, item]);
        return result;
      }),
      std('lru_cache(maxsize=128, typed=False)', ([size], r) => {
        if (size instanceof PyFunction || size instanceof NativeFunction || size instanceof PyBoundMethod)
          return cached(size, 128);
        const most = size === null ? Infinity : r.index(size!);
        return std('lru_cache(function)', ([fn]) => cached(fn!, most));
      }),
      std('cache(function, /)', ([fn]) => cached(fn!, Infinity)),
      std('cached_property(function)', ([fn], r) => {
        const property = new PyProperty(fn!);
        property.cacheAs = r.str(r.getAttribute(fn!, '__name__'));
        return property;
      }),
      std('total_ordering(cls, /)', ([cls]) => totalOrdering(cls!)),
      std('cmp_to_key(function)', ([fn]) =>
        std('K(object)', ([object]) => {
          const key = new PyInstance(comparedClass);
          key.attributes.set('object', object!);
          key.attributes.set('compare', fn!);
          return key;
        }),
      ),
      std('singledispatch(function)', () => {
        throw new Refusal({
          construct: 'functools.singledispatch',
          message: 'singledispatch is not supported.',
        });
      }),
    ],
    [['partial', partialClass]],
  );
}

comparedClass.set(
  '__lt__',
  std('__lt__(self, other, /)', ([self, other], r) => {
    const result = r.call((self as PyInstance).attributes.get('compare')!, [
      (self as PyInstance).attributes.get('object')!,
      (other as PyInstance).attributes.get('object')!,
    ]);
    return r.truth(r.compare('<', result, 0));
  }),
);
