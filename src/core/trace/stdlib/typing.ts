/** `typing`: forms that may be subscripted, called and derived from, and mean nothing at run time. */
import { Refusal } from '../interpreter/errors.ts';
import { PyUnion } from '../interpreter/special.ts';
import {
  type BinaryOperator,
  dictClass,
  frozensetClass,
  type HashKey,
  type Keywords,
  listClass,
  NativeObject,
  PyClass,
  PyModule,
  PyTuple,
  setClass,
  tupleClass,
  type Value,
} from '../interpreter/values.ts';
import { std } from './module.ts';
import { namedTupleBase } from './namedtuple.ts';

const formClass = new PyClass('_SpecialForm', { module: 'typing', final: true });

/** `Optional`, `Union[int, str]`, `TypeVar('T')`, … */
class TypingForm extends NativeObject {
  private readonly name: string;
  /** What `isinstance` and `class X(form)` take it for. */
  private readonly runtimeClass: PyClass | undefined;
  private readonly members: readonly Value[] | undefined;

  constructor(name: string, runtimeClass?: PyClass, members?: readonly Value[]) {
    super();
    this.name = name;
    this.runtimeClass = runtimeClass;
    this.members = members;
  }
  override get cls(): PyClass {
    return formClass;
  }
  override getAttribute(name: string): Value | undefined {
    if (name === '$base') return this.runtimeClass ?? null;
    if (name === '__name__' || name === '_name') return this.name;
    if (name === '__origin__') return this.runtimeClass ?? this;
    if (name === '__args__') return new PyTuple(this.members ?? []);
    if (name === '__instancecheck__') {
      return std('__instancecheck__(self, value)', ([, value], r) => {
        if (this.name === 'Union' || this.name === 'Optional') {
          return (
            (this.members ?? []).some(member => r.isInstance(value!, member)) ||
            (this.name === 'Optional' && value === null)
          );
        }
        if (this.name === 'Callable') return r.truth(r.call(callableOf(r), [value!]));
        if (this.runtimeClass) return r.isInstance(value!, this.runtimeClass);
        throw new Refusal({
          construct: `isinstance(…, ${this.name})`,
          message: `isinstance with typing.${this.name} is not supported.`,
        });
      });
    }
    return undefined;
  }
  override getItem(key: Value): Value {
    return new TypingForm(this.name, this.runtimeClass, key instanceof PyTuple ? key.items : [key]);
  }
  override call(
    args: readonly Value[],
    keywords: Keywords,
    runtime: Parameters<NativeObject['call']>[2],
  ): Value {
    if (this.name === 'TypedDict') return dictClass;
    if (this.runtimeClass) return runtime.call(this.runtimeClass, args, keywords);
    if (this.name === 'TypeVar' || this.name === 'ParamSpec' || this.name === 'TypeVarTuple')
      return new TypingForm('T');
    if (this.name === 'NewType') return std('NewType(x)', ([x]) => x!);
    if (this.name === 'ForwardRef') return new TypingForm('ForwardRef');
    throw new Refusal({
      construct: `typing.${this.name}(…)`,
      message: `typing.${this.name} cannot be called here.`,
    });
  }
  override binary(operator: BinaryOperator, other: Value): Value {
    if (operator === '|') return new PyUnion([this, other]);
    return super.binary(operator, other, false, undefined as never);
  }
  override repr(): string {
    return `typing.${this.name}`;
  }
  override hashKey(): HashKey {
    return this;
  }
}

function callableOf(runtime: Parameters<NativeObject['call']>[2]): Value {
  return runtime.getAttribute(runtime.importModule('builtins'), 'callable');
}

const concrete: ReadonlyMap<string, PyClass> = new Map([
  ['List', listClass],
  ['Dict', dictClass],
  ['Tuple', tupleClass],
  ['Set', setClass],
  ['FrozenSet', frozensetClass],
  ['OrderedDict', dictClass],
  ['DefaultDict', dictClass],
  ['TypedDict', dictClass],
]);

const identity = (name: string) =>
  std(`${name}(function=None, *args, **keywords)`, ([fn]) =>
    fn === null ? std(`${name}(function)`, ([inner]) => inner!) : fn!,
  );

/** @param name `typing` or `typing_extensions` */
export function typingModule(name: string): PyModule {
  const module = new PyModule(name, undefined, key => {
    if (key.startsWith('_')) return undefined;
    const form = new TypingForm(key, concrete.get(key));
    module.attributes.set(key, form);
    return form;
  });
  const set = (key: string, value: Value) => module.attributes.set(key, value);
  set('TYPE_CHECKING', false);
  set(
    'cast',
    std('cast(type, value)', ([, value]) => value!),
  );
  for (const decorator of [
    'final',
    'no_type_check',
    'runtime_checkable',
    'override',
    'dataclass_transform',
    'deprecated',
  ]) {
    set(decorator, identity(decorator));
  }
  set(
    'overload',
    std('overload(function)', ([fn]) => fn!),
  );
  set(
    'get_origin',
    std('get_origin(form)', ([form], r) =>
      form instanceof TypingForm ? r.getAttribute(form, '__origin__') : null,
    ),
  );
  set(
    'get_args',
    std('get_args(form)', ([form], r) =>
      form instanceof TypingForm ? r.getAttribute(form, '__args__') : new PyTuple([]),
    ),
  );
  set(
    'get_type_hints',
    std('get_type_hints(object, *args, **keywords)', () => {
      throw new Refusal({
        construct: 'typing.get_type_hints',
        message: 'Annotations are not evaluated by the tracer.',
      });
    }),
  );
  set('NamedTuple', namedTupleBase);
  return module;
}

/** For `collections.abc`: abstract classes by what their instances can do. */
export function abstractClass(name: string, check: (value: Value) => boolean): PyClass {
  return new PyClass(name, { module: 'collections.abc', instanceCheck: check });
}
