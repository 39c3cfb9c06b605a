/** `enum`: members are made when the class statement ends. */
import { Refusal, raise } from '../interpreter/errors.ts';
import { PyFunction } from '../interpreter/frame.ts';
import { NativeFunction, nativeProperty } from '../interpreter/native.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import {
  floatClass,
  intClass,
  NativeIterator,
  NativeObject,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  type PyModule,
  PyProperty,
  PyStaticMethod,
  PyTuple,
  strClass,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

const autoClass = new PyClass('auto', { module: 'enum', construct: () => new Auto() });

class Auto extends NativeObject {
  override get cls(): PyClass {
    return autoClass;
  }
}

const membersOf = new WeakMap<PyClass, readonly PyInstance[]>();

/** Distinct members, in order of definition. */
function members(cls: Value | undefined): readonly PyInstance[] {
  return (cls instanceof PyClass && membersOf.get(cls)) || [];
}

function makeMembers(cls: PyClass, runtime: Runtime): void {
  const list: PyInstance[] = [];
  const all = new Map<string, PyInstance>();
  const mixed = cls.mro.find(base => base === intClass || base === strClass || base === floatClass);
  const isFlag = cls.mro.some(base => base.name === 'Flag' || base.name === 'IntFlag');
  const isStr = cls.mro.some(base => base.name === 'StrEnum');
  let last: Value = 0;
  for (const [name, raw] of [...cls.namespace]) {
    if (name.startsWith('_') || name.startsWith('$')) continue;
    if (
      raw instanceof PyFunction ||
      raw instanceof NativeFunction ||
      raw instanceof PyProperty ||
      raw instanceof PyStaticMethod ||
      raw instanceof PyClassMethod
    )
      continue;
    let value: Value = raw;
    if (raw instanceof Auto) {
      if (isStr) value = name.toLowerCase();
      else if (isFlag) value = all.size === 0 ? 1 : Number(last) * 2;
      else value = typeof last === 'number' ? last + 1 : 1;
    }
    last = value;
    const same = list.find(member => runtime.equals(member.attributes.get('_value_')!, value));
    if (same) {
      all.set(name, same);
      cls.set(name, same);
      continue;
    }
    const member = new PyInstance(cls);
    member.attributes.set('_name_', name);
    member.attributes.set('_value_', value);
    if (mixed) member.payload = value;
    const init = cls.lookup('__init__');
    if (init instanceof PyFunction)
      runtime.call(init, [member, ...(value instanceof PyTuple ? value.items : [value])]);
    list.push(member);
    all.set(name, member);
    cls.set(name, member);
  }
  membersOf.set(cls, list);
  cls.set('__members__', PyDict.of(all));
}

function find(cls: PyClass, value: Value, runtime: Runtime): Value {
  const member = members(cls).find(m => m === value || runtime.equals(m.attributes.get('_value_')!, value));
  if (member) return member;
  const missing = cls.lookup('_missing_');
  if (missing !== undefined) {
    const found = runtime.call(missing instanceof PyClassMethod ? missing.target : missing, [cls, value]);
    if (found !== null) return found;
  }
  throw raise('ValueError', `${runtime.repr(value)} is not a valid ${cls.qualname}`);
}

const attribute = (name: string) =>
  nativeProperty(name, self => (self as PyInstance).attributes.get(`_${name}_`)!);

const enumClass: PyClass = new PyClass('Enum', {
  module: 'enum',
  namespace: new Map<string, Value>([
    ['name', attribute('name')],
    ['value', attribute('value')],
    [
      '__init_subclass__',
      std('__init_subclass__(cls, /, **keywords)', ([cls], r) => makeMembers(cls as PyClass, r)),
    ],
    [
      '__repr__',
      std(
        '__repr__(self)',
        ([self], r) =>
          `<${(self as PyInstance).cls.name}.${nameOf(self)}: ${r.repr((self as PyInstance).attributes.get('_value_')!)}>`,
      ),
    ],
    ['__str__', std('__str__(self)', ([self]) => `${(self as PyInstance).cls.name}.${nameOf(self)}`)],
    [
      '__hash__',
      std('__hash__(self)', ([self], r) =>
        r.call(r.getAttribute(r.importModule('builtins'), 'hash'), [nameOf(self)]),
      ),
    ],
    [
      '$call',
      std('Enum(cls, value, /, *rest, **keywords)', ([cls, value, rest], r) => {
        if ((rest as PyTuple).items.length > 0)
          throw new Refusal({ construct: 'Enum(…)', message: 'Enums made by a call are not supported.' });
        return find(cls as PyClass, value!, r);
      }),
    ],
    ['$iter', std('__iter__(cls)', ([cls]) => new NativeIterator([...members(cls)][Symbol.iterator]()))],
    ['$len', std('__len__(cls)', ([cls]) => members(cls).length)],
    [
      '$getitem',
      std('__getitem__(cls, name)', ([cls, name], r) => {
        const all = (cls as PyClass).namespace.get('__members__') as PyDict;
        const found = all.get(name!);
        if (found === undefined) throw raise('KeyError', r.str(name!));
        return found;
      }),
    ],
  ]),
});

function nameOf(self: Value | undefined): string {
  return (self as PyInstance).attributes.get('_name_') as string;
}

function derived(name: string, base: PyClass): PyClass {
  return new PyClass(name, {
    module: 'enum',
    bases: [base, enumClass],
    namespace: new Map<string, Value>([
      ['__str__', std('__str__(self)', ([self], r) => r.str((self as PyInstance).payload!))],
    ]),
  });
}

const flagClass: PyClass = new PyClass('Flag', {
  module: 'enum',
  bases: [enumClass],
  namespace: new Map<string, Value>(
    ['__or__', '__and__', '__xor__', '__contains__'].map(name => [
      name,
      std(`${name}(self, other, /)`, () => {
        throw new Refusal({ construct: `Flag.${name}`, message: 'Combining enum flags is not supported.' });
      }),
    ]),
  ),
});

export function enumModule(): PyModule {
  return moduleOf(
    'enum',
    [
      std('unique(cls, /)', ([cls]) => cls!),
      std('verify(*conditions)', () => std('verify(cls)', ([cls]) => cls!)),
    ],
    [
      ['Enum', enumClass],
      ['IntEnum', derived('IntEnum', intClass)],
      ['StrEnum', derived('StrEnum', strClass)],
      ['Flag', flagClass],
      ['IntFlag', derived('IntFlag', intClass)],
      ['auto', autoClass],
      ['EnumMeta', new PyClass('EnumMeta', { module: 'enum' })],
      ['EnumType', new PyClass('EnumType', { module: 'enum' })],
    ],
  );
}
