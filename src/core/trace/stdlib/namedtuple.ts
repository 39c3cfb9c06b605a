/** `collections.namedtuple` and `typing.NamedTuple`. */
import { raise } from '../interpreter/errors.ts';
import { nativeProperty } from '../interpreter/native.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { textOf } from '../interpreter/strMethods.ts';
import {
  type Keywords,
  PyClass,
  PyClassMethod,
  PyDict,
  PyTuple,
  tupleClass,
  type Value,
} from '../interpreter/values.ts';
import { std } from './module.ts';

function makeInstance(
  cls: PyClass,
  fields: readonly string[],
  defaults: ReadonlyMap<string, Value>,
  args: readonly Value[],
  keywords: Keywords,
): PyTuple {
  if (args.length > fields.length) {
    throw raise(
      'TypeError',
      `${cls.name}.__new__() takes ${fields.length + 1} positional arguments but ${args.length + 1} were given`,
    );
  }
  const values = fields.map((field, i) => {
    const keyword = keywords?.get(field);
    if (i < args.length) {
      if (keyword !== undefined)
        throw raise('TypeError', `${cls.name}.__new__() got multiple values for argument '${field}'`);
      return args[i]!;
    }
    const value = keyword !== undefined ? keyword : defaults.get(field);
    if (value === undefined)
      throw raise('TypeError', `${cls.name}.__new__() missing 1 required positional argument: '${field}'`);
    return value;
  });
  if (keywords) {
    for (const name of keywords.keys()) {
      if (!fields.includes(name))
        throw raise('TypeError', `${cls.name}.__new__() got an unexpected keyword argument '${name}'`);
    }
  }
  return new PyTuple(values, cls);
}

/** Gives a tuple class its fields. */
function equip(cls: PyClass, fields: readonly string[], defaults: ReadonlyMap<string, Value>): void {
  fields.forEach((field, i) => {
    cls.set(
      field,
      nativeProperty(field, self => (self as PyTuple).items[i]!),
    );
  });
  cls.set('_fields', new PyTuple(fields));
  cls.set('_field_defaults', PyDict.of(defaults));
  cls.set('__match_args__', new PyTuple(fields));
  cls.construct = (made, args, keywords) => makeInstance(made, fields, defaults, args, keywords);
  cls.set(
    '_asdict',
    std('_asdict(self)', ([self]) =>
      PyDict.of(fields.map((field, i) => [field, (self as PyTuple).items[i]!] as const)),
    ),
  );
  cls.set(
    '_replace',
    std('_replace(self, /, **changes)', ([self, changes]) => {
      const tuple = self as PyTuple;
      return new PyTuple(
        fields.map((field, i) => (changes as PyDict).get(field) ?? tuple.items[i]!),
        tuple.cls,
      );
    }),
  );
  cls.set(
    '_make',
    new PyClassMethod(
      std('_make(cls, iterable)', ([made, iterable], r) =>
        makeInstance(made as PyClass, fields, defaults, r.list(iterable!), null),
      ),
    ),
  );
  if (!cls.namespace.has('__repr__')) {
    cls.set(
      '__repr__',
      std('__repr__(self)', ([self], r) => {
        const { items, cls: own } = self as PyTuple;
        return `${own.name}(${fields.map((field, i) => `${field}=${r.repr(items[i]!)}`).join(', ')})`;
      }),
    );
  }
}

export const namedtuple = std(
  'namedtuple(typename, field_names, *, rename=False, defaults=None, module=None)',
  ([name, names, , defaults], runtime: Runtime) => {
    const fields =
      typeof names === 'string'
        ? names.replaceAll(',', ' ').split(' ').filter(Boolean)
        : runtime.list(names!).map(field => textOf(field));
    const given = defaults === null ? [] : runtime.list(defaults!);
    const cls = new PyClass(textOf(name), { bases: [tupleClass], mutable: true, module: '__main__' });
    equip(
      cls,
      fields,
      new Map(given.map((value, i) => [fields[fields.length - given.length + i]!, value] as const)),
    );
    return cls;
  },
);

/** `class Point(NamedTuple): x: int` */
export const namedTupleBase: PyClass = new PyClass('NamedTuple', {
  // `NamedTuple('Point', [('x', int)])`
  construct: (_cls, [name, fields], _keywords, runtime) => {
    const names = runtime.list(fields ?? null).map(field => textOf(runtime.getItem(field, 0)));
    const made = new PyClass(textOf(name), { bases: [tupleClass], mutable: true, module: '__main__' });
    equip(made, names, new Map());
    return made;
  },
  bases: [tupleClass],
  module: 'typing',
  namespace: new Map<string, Value>([
    [
      '__init_subclass__',
      std('__init_subclass__(cls, /, **keywords)', ([cls]) => {
        const made = cls as PyClass;
        // A class derived from a finished one keeps its fields.
        if (made.bases.some(base => base !== namedTupleBase && base.isSubclassOf(namedTupleBase))) return;
        const annotations = made.namespace.get('__annotations__');
        const fields = annotations instanceof PyDict ? annotations.keys().map(key => textOf(key)) : [];
        const defaults = new Map<string, Value>();
        for (const field of fields) {
          const value = made.namespace.get(field);
          if (value !== undefined) defaults.set(field, value);
        }
        equip(made, fields, defaults);
      }),
    ],
  ]),
});
