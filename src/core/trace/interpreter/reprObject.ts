import { bytesText } from './formatting.ts';
import { PyFunction } from './frame.ts';
import type { Interpreter } from './interpreter.ts';
import { NativeFunction } from './native.ts';
import {
  classOf,
  dictClass,
  ellipsis,
  identity,
  NativeObject,
  notImplemented,
  PyBoundMethod,
  PyBytes,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyModule,
  type PyObject,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  tupleClass,
  type Value,
} from './values.ts';

/** `repr()` of anything but plain numbers, texts and truth values. */
export function reprObject(interpreter: Interpreter, value: PyObject): string {
  const own = interpreter.callSpecial(value, '__repr__', []);
  if (typeof own === 'string') return own;
  const many = (items: readonly Value[]) => {
    interpreter.budget.step(items.length);
    const text = items.map(item => interpreter.repr(item)).join(', ');
    interpreter.budget.memory(text.length);
    return text;
  };
  if (value instanceof PyList) return `[${many(value.items)}]`;
  if (value instanceof PyTuple) {
    // Native tuple classes (torch.Size) have their own text.
    const text = value.cls === tupleClass ? undefined : value.cls.namespace.get('__repr__');
    if (text instanceof NativeFunction) return text.invoke([value], null, interpreter) as string;
    return `(${many(value.items)}${value.items.length === 1 ? ',' : ''})`;
  }
  if (value instanceof PyDict) {
    const text = [...value.entries.values()]
      .map(e => `${interpreter.repr(e.key)}: ${interpreter.repr(e.value)}`)
      .join(', ');
    interpreter.budget.memory(text.length);
    if (value.cls === dictClass) return `{${text}}`;
    if (value.cls.name === 'OrderedDict') {
      const pairs = [...value.entries.values()]
        .map(e => `(${interpreter.repr(e.key)}, ${interpreter.repr(e.value)})`)
        .join(', ');
      return value.size === 0 ? 'OrderedDict()' : `OrderedDict([${pairs}])`;
    }
    if (value.cls.name === 'defaultdict')
      return `defaultdict(${interpreter.repr(value.defaultFactory ?? null)}, {${text}})`;
    return value.cls.mutable ? `{${text}}` : `${value.cls.name}({${text}})`;
  }
  if (value instanceof PySet) {
    const text = many(value.items());
    if (value.frozen) return value.size === 0 ? 'frozenset()' : `frozenset({${text}})`;
    return value.size === 0 ? 'set()' : `{${text}}`;
  }
  if (value instanceof PyRange)
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  if (value instanceof PySlice)
    return `slice(${interpreter.repr(value.start)}, ${interpreter.repr(value.stop)}, ${interpreter.repr(value.step)})`;
  if (value instanceof PyBytes) return bytesText(value);
  if (value === ellipsis) return 'Ellipsis';
  if (value === notImplemented) return 'NotImplemented';
  if (value instanceof PyClass) {
    return `<class '${value.module === 'builtins' ? '' : `${value.module}.`}${value.qualname}'>`;
  }
  if (value instanceof PyFunction) return `<function ${value.code.qualname} at ${address(value)}>`;
  if (value instanceof NativeFunction) return `<built-in function ${value.name}>`;
  if (value instanceof PyBoundMethod) return `<bound method ${classOf(value.self).name}>`;
  if (value instanceof PyModule) return `<module '${value.name}'>`;
  if (value instanceof NativeObject) return value.repr(interpreter);
  if (value instanceof PyInstance && value.payload !== undefined) return interpreter.repr(value.payload);
  const { cls } = value;
  return `<${cls.module === 'builtins' ? '' : `${cls.module}.`}${cls.qualname} object at ${address(value)}>`;
}

function address(value: object): string {
  return `0x${identity(value).toString(16).padStart(12, '0')}`;
}
