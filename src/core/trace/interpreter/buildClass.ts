/** What happens at the end of a `class` statement. */
import { Refusal, raise } from './errors.ts';
import type { Cell } from './frame.ts';
import { PyFunction } from './frame.ts';
import type { Interpreter } from './interpreter.ts';
import { NativeFunction } from './native.ts';
import { PyUnion, UnknownImport } from './special.ts';
import {
  type Keywords,
  NativeObject,
  objectClass,
  PyClass,
  PyClassMethod,
  PyInstance,
  type PyModule,
  PyStaticMethod,
  type Value,
} from './values.ts';

/** Names of metaclasses that change nothing the tracer has not built in. */
const harmlessMetaclasses: ReadonlySet<string> = new Set(['type', 'ABCMeta', 'EnumMeta', 'EnumType']);

/**
 * @param bases what stands in the parentheses; typing forms such as `Generic[T]` drop out
 * @param cell where methods find their class for `super()`
 */
export function buildClass(
  interpreter: Interpreter,
  module: PyModule,
  name: string,
  qualname: string,
  bases: readonly Value[],
  keywords: Keywords,
  namespace: Map<string, Value>,
  cell: Cell,
): PyClass {
  const classes: PyClass[] = [];
  for (const base of bases) {
    if (base instanceof UnknownImport) throw base.refuse();
    if (base instanceof PyClass) {
      if (base.final) throw raise('TypeError', `type '${base.name}' is not an acceptable base type`);
      if (base.name !== 'object' || bases.length === 1) classes.push(base);
      continue;
    }
    if (base instanceof NativeObject) {
      // `__mro_entries__`: NamedTuple and the like give a class, typing forms nothing.
      const entry = base.getAttribute('$base', interpreter);
      if (entry instanceof PyClass) classes.push(entry);
      else if (entry !== null) throw raise('TypeError', `a ${base.cls.name} object cannot be a base class`);
      continue;
    }
    if (base instanceof PyUnion || base === null || typeof base !== 'object')
      throw raise('TypeError', 'bases must be types');
    throw raise('TypeError', 'bases must be types');
  }
  const metaclass = keywords?.get('metaclass');
  if (metaclass !== undefined && !(metaclass instanceof PyClass && harmlessMetaclasses.has(metaclass.name))) {
    throw new Refusal({
      construct: `class ${name}(metaclass=…)`,
      message: `The class '${name}' has a metaclass, which the tracer does not run.`,
    });
  }
  if (namespace.has('__getattribute__')) {
    throw new Refusal({
      construct: '__getattribute__',
      message: `The class '${name}' defines __getattribute__, which the tracer does not run.`,
    });
  }
  const slots = namespace.get('__slots__');
  if (slots !== undefined) namespace.delete('__slots__');
  if (namespace.has('__eq__') && !namespace.has('__hash__')) namespace.set('__hash__', null);
  const maker = namespace.get('__new__');
  if (maker instanceof PyFunction) namespace.set('__new__', new PyStaticMethod(maker));
  for (const implicit of ['__init_subclass__', '__class_getitem__']) {
    const fn = namespace.get(implicit);
    if (fn instanceof PyFunction) namespace.set(implicit, new PyClassMethod(fn));
  }
  const cls = new PyClass(name, {
    bases: classes.length > 0 ? classes : [objectClass],
    namespace,
    module: module.name,
    qualname,
    mutable: true,
  });
  cell.value = cls;
  for (const [attribute, value] of [...namespace]) {
    if (value instanceof PyInstance) {
      const hook = value.cls.lookup('__set_name__');
      if (hook !== undefined) interpreter.callFunction(hook, [value, cls, attribute], null);
    }
  }
  // Hooks of the bases: Python's own `__init_subclass__`, and those of native classes (Enum, NamedTuple).
  for (const base of cls.mro.slice(1)) {
    const hook = base.namespace.get('__init_subclass__');
    if (hook === undefined) continue;
    const rest = keywords ? new Map([...keywords].filter(([key]) => key !== 'metaclass')) : null;
    if (hook instanceof PyClassMethod) interpreter.callFunction(hook.target, [cls], rest);
    else if (hook instanceof NativeFunction) hook.invoke([cls], rest, interpreter);
    break;
  }
  return cls;
}
