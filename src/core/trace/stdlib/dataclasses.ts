import { hashOf } from '../interpreter/builtinTypes.ts';
import { Raised, raise } from '../interpreter/errors.ts';
import type { NativeFunction } from '../interpreter/native.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { textOf } from '../interpreter/strMethods.ts';
import {
  type Keywords,
  NativeObject,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  type PyModule,
  PySet,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

const fieldClass = new PyClass('Field', { module: 'dataclasses', final: true });
const missing: Value = new PyInstance(new PyClass('MISSING', { module: 'dataclasses' }));
const keywordOnlyMark: Value = new PyInstance(new PyClass('KW_ONLY', { module: 'dataclasses' }));

/** What `field(…)` returns, completed with its name by the decorator. */
class Field extends NativeObject {
  name = '';
  initOnly = false;
  readonly fallback: Value | undefined;
  readonly factory: Value | undefined;
  readonly init: boolean;
  readonly shown: boolean;
  readonly compared: boolean;
  readonly keywordOnly: boolean;
  readonly metadata: Value;

  constructor(options: {
    fallback?: Value | undefined;
    factory?: Value | undefined;
    init?: boolean;
    shown?: boolean;
    compared?: boolean;
    keywordOnly?: boolean;
    metadata?: Value;
  }) {
    super();
    this.fallback = options.fallback;
    this.factory = options.factory;
    this.init = options.init ?? true;
    this.shown = options.shown ?? true;
    this.compared = options.compared ?? true;
    this.keywordOnly = options.keywordOnly ?? false;
    this.metadata = options.metadata ?? new PyDict();
  }
  override get cls(): PyClass {
    return fieldClass;
  }
  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.name;
      case 'default':
        return this.fallback ?? (this.fallback === null ? null : missing);
      case 'default_factory':
        return this.factory ?? missing;
      case 'init':
        return this.init;
      case 'metadata':
        return this.metadata;
      default:
        return undefined;
    }
  }
}

const fieldsByClass = new WeakMap<PyClass, readonly Field[]>();

function fieldsOf(cls: PyClass): readonly Field[] | undefined {
  for (const base of cls.mro) {
    const fields = fieldsByClass.get(base);
    if (fields) return fields;
  }
  return undefined;
}

interface Options {
  readonly init: boolean;
  readonly repr: boolean;
  readonly eq: boolean;
  readonly order: boolean;
  readonly frozen: boolean;
  readonly keywordOnly: boolean;
}

function process(cls: Value, options: Options, runtime: Runtime): PyClass {
  if (!(cls instanceof PyClass)) throw raise('TypeError', 'dataclass() should be called on a class');
  const fields = new Map<string, Field>();
  for (const base of [...cls.mro].reverse()) {
    if (base === cls) continue;
    for (const field of fieldsByClass.get(base) ?? []) fields.set(field.name, field);
  }
  const annotations = cls.namespace.get('__annotations__');
  let keywordOnly = options.keywordOnly;
  for (const entry of annotations instanceof PyDict ? annotations.entries.values() : []) {
    const name = textOf(entry.key);
    const annotation = textOf(entry.value).replaceAll(/['"\s]/g, '');
    if (/^(typing\.)?ClassVar\b/.test(annotation)) continue;
    if (/^(dataclasses\.)?KW_ONLY$/.test(annotation)) {
      keywordOnly = true;
      continue;
    }
    const value = cls.namespace.get(name);
    if (value instanceof PyList || value instanceof PyDict || (value instanceof PySet && !value.frozen)) {
      throw raise(
        'ValueError',
        `mutable default ${value.cls.name} for field ${name} is not allowed: use default_factory`,
      );
    }
    const field = new Field(
      value instanceof Field
        ? {
            ...value,
            fallback: value.fallback,
            factory: value.factory,
            keywordOnly: value.keywordOnly || keywordOnly,
          }
        : { fallback: value, keywordOnly },
    );
    field.name = name;
    field.initOnly = /^(dataclasses\.)?InitVar\b/.test(annotation);
    fields.set(name, field);
    if (value instanceof Field) {
      if (value.fallback !== undefined) cls.set(name, value.fallback);
      else cls.delete(name);
    }
  }
  const list = [...fields.values()];
  fieldsByClass.set(cls, list);
  let defaulted: string | undefined;
  for (const field of list) {
    if (!field.init || field.keywordOnly) continue;
    if (field.fallback !== undefined || field.factory !== undefined) defaulted = field.name;
    else if (defaulted !== undefined)
      throw raise('TypeError', `non-default argument '${field.name}' follows default argument`);
  }
  if (options.init && !cls.namespace.has('__init__'))
    cls.set('__init__', initialiser(cls, list, options.frozen));
  if (options.repr && !cls.namespace.has('__repr__')) {
    cls.set(
      '__repr__',
      std('__repr__(self)', ([self], r) => {
        const shown = list.filter(field => field.shown && !field.initOnly);
        return `${(self as PyInstance).cls.qualname}(${shown.map(field => `${field.name}=${r.repr(r.getAttribute(self!, field.name))}`).join(', ')})`;
      }),
    );
  }
  const key = (value: Value, r: Runtime) =>
    new PyTuple(
      list.filter(field => field.compared && !field.initOnly).map(field => r.getAttribute(value, field.name)),
    );
  if (options.eq && !cls.namespace.has('__eq__')) {
    cls.set(
      '__eq__',
      std('__eq__(self, other, /)', ([self, other], r) => {
        if (!(other instanceof PyInstance) || (self as PyInstance).cls !== other.cls) return false;
        return r.equals(key(self!, r), key(other, r));
      }),
    );
    if (options.frozen) {
      const hash = std('__hash__(self)', ([self], r) => hashOf(key(self!, r), r));
      hash.hashBy = self => key(self, runtime);
      cls.set('__hash__', hash);
    } else if (!cls.namespace.has('__hash__')) cls.set('__hash__', null);
  }
  if (options.order) {
    for (const [name, operator] of [
      ['__lt__', '<'],
      ['__le__', '<='],
      ['__gt__', '>'],
      ['__ge__', '>='],
    ] as const) {
      cls.set(
        name,
        std(`${name}(self, other, /)`, ([self, other], r) =>
          r.compare(operator, key(self!, r), key(other!, r)),
        ),
      );
    }
  }
  if (options.frozen) {
    const refuse = (signature: string) =>
      std(signature, ([, name]) => {
        throw new Raised('AttributeError', `cannot assign to field '${textOf(name)}'`, [
          `cannot assign to field '${textOf(name)}'`,
        ]);
      });
    cls.set('__setattr__', refuse('__setattr__(self, name, value, /)'));
    cls.set('__delattr__', refuse('__delattr__(self, name, /)'));
  }
  cls.set(
    '__match_args__',
    new PyTuple(list.filter(field => field.init && !field.keywordOnly).map(field => field.name)),
  );
  cls.set('__dataclass_fields__', PyDict.of(list.map(field => [field.name, field] as const)));
  return cls;
}

function initialiser(cls: PyClass, fields: readonly Field[], frozen: boolean): NativeFunction {
  const taken = fields.filter(field => field.init);
  const positional = taken.filter(field => !field.keywordOnly);
  return std('__init__(self, /, *args, **keywords)', ([self, argsTuple, keywordsDict], r) => {
    const { items: args } = argsTuple as PyTuple;
    const keywords = keywordsDict as PyDict;
    if (args.length > positional.length) {
      throw raise(
        'TypeError',
        `${cls.name}.__init__() takes ${positional.length + 1} positional arguments but ${args.length + 1} were given`,
      );
    }
    const assign = (name: string, value: Value) => {
      if (frozen && self instanceof PyInstance) self.attributes.set(name, value);
      else r.setAttribute(self!, name, value);
    };
    const initOnly: Value[] = [];
    const lacking: string[] = [];
    let used = 0;
    for (const field of fields) {
      const index = positional.indexOf(field);
      let value: Value | undefined;
      if (field.init) {
        const keyword = keywords.get(field.name);
        if (keyword !== undefined) used++;
        if (index >= 0 && index < args.length) {
          if (keyword !== undefined)
            throw raise(
              'TypeError',
              `${cls.name}.__init__() got multiple values for argument '${field.name}'`,
            );
          value = args[index]!;
        } else value = keyword;
      }
      if (value === undefined)
        value = field.factory !== undefined ? r.call(field.factory, []) : field.fallback;
      if (value === undefined) {
        if (field.init) lacking.push(`'${field.name}'`);
        continue;
      }
      if (field.initOnly) initOnly.push(value);
      else assign(field.name, value);
    }
    if (lacking.length > 0) {
      const names =
        lacking.length === 1
          ? lacking[0]
          : `${lacking.slice(0, -1).join(', ')}${lacking.length > 2 ? ',' : ''} and ${lacking.at(-1)}`;
      throw raise(
        'TypeError',
        `${cls.name}.__init__() missing ${lacking.length} required positional argument${lacking.length === 1 ? '' : 's'}: ${names}`,
      );
    }
    if (used < keywords.size) {
      const unknown = keywords.keys().find(name => !taken.some(field => field.name === name));
      throw raise(
        'TypeError',
        `${cls.name}.__init__() got an unexpected keyword argument '${textOf(unknown)}'`,
      );
    }
    const post = r.findAttribute(self!, '__post_init__');
    if (post !== undefined) r.call(post, initOnly);
  });
}

function optionsOf(keywords: Keywords | PyDict, runtime: Runtime): Options {
  const given = (name: string, fallback: boolean) => {
    const value = keywords instanceof PyDict ? keywords.get(name) : keywords?.get(name);
    return value === undefined ? fallback : runtime.truth(value);
  };
  return {
    init: given('init', true),
    repr: given('repr', true),
    eq: given('eq', true),
    order: given('order', false),
    frozen: given('frozen', false),
    keywordOnly: given('kw_only', false),
  };
}

function requireFields(value: Value | undefined): readonly Field[] {
  const cls =
    value instanceof PyClass
      ? value
      : value instanceof PyInstance || value instanceof PyDict
        ? value.cls
        : undefined;
  const fields = cls && fieldsOf(cls);
  if (!fields) throw raise('TypeError', 'must be called with a dataclass type or instance');
  return fields.filter(field => !field.initOnly);
}

function asDict(value: Value, runtime: Runtime, tuple: boolean): Value {
  if (value instanceof PyInstance && fieldsOf(value.cls)) {
    const pairs = requireFields(value).map(
      field => [field.name, asDict(runtime.getAttribute(value, field.name), runtime, tuple)] as const,
    );
    return tuple ? new PyTuple(pairs.map(([, inner]) => inner)) : PyDict.of(pairs);
  }
  if (value instanceof PyList) return new PyList(value.items.map(item => asDict(item, runtime, tuple)));
  if (value instanceof PyTuple)
    return new PyTuple(
      value.items.map(item => asDict(item, runtime, tuple)),
      value.cls,
    );
  if (value instanceof PyDict)
    return PyDict.of([...value.entries.values()].map(e => [e.key, asDict(e.value, runtime, tuple)] as const));
  return value;
}

export function dataclassesModule(): PyModule {
  return moduleOf(
    'dataclasses',
    [
      std('dataclass(cls=None, /, **options)', ([cls, given], r) => {
        const options = optionsOf(given as PyDict, r);
        if (cls !== null) return process(cls!, options, r);
        return std('dataclass(cls)', ([inner]) => process(inner!, options, r));
      }),
      std(
        'field(*, default=..., default_factory=..., init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False)',
        ([fallback, factory, init, shown, , compared, metadata, keywordOnly], r) =>
          new Field({
            fallback: fallback === missing ? undefined : fallback,
            factory: factory === missing ? undefined : factory,
            init: r.truth(init!),
            shown: r.truth(shown!),
            compared: r.truth(compared!),
            keywordOnly: keywordOnly === missing ? false : r.truth(keywordOnly!),
            metadata: metadata ?? new PyDict(),
          }),
      ),
      std('fields(object)', ([object]) => new PyTuple(requireFields(object))),
      std('is_dataclass(object)', ([object]) => {
        const cls =
          object instanceof PyClass
            ? object
            : object instanceof PyInstance || object instanceof PyDict
              ? object.cls
              : undefined;
        return cls !== undefined && fieldsOf(cls) !== undefined;
      }),
      std('asdict(object, *, dict_factory=None)', ([object], r) => asDict(object!, r, false)),
      std('astuple(object)', ([object], r) => asDict(object!, r, true)),
      std('replace(object, /, **changes)', ([object, changes], r) => {
        const keywords = new Map<string, Value>();
        for (const field of requireFields(object))
          if (field.init) keywords.set(field.name, r.getAttribute(object!, field.name));
        for (const entry of (changes as PyDict).entries.values())
          keywords.set(textOf(entry.key), entry.value);
        return r.call((object as PyInstance).cls, [], keywords);
      }),
    ],
    [
      ['MISSING', missing],
      ['KW_ONLY', keywordOnlyMark],
      ['Field', fieldClass],
      ['InitVar', new PyClass('InitVar', { module: 'dataclasses' })],
      ['FrozenInstanceError', new PyClass('FrozenInstanceError', { module: 'dataclasses' })],
    ],
  );
}
