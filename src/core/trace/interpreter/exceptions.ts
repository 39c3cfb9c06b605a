/** The exception classes, and exceptions as Python sees them. */
import { type ExceptionName, Raised } from './errors.ts';
import { native } from './native.ts';
import type { Runtime } from './runtime.ts';
import { PyClass, PyInstance, PyList, PyTuple, type Value } from './values.ts';

const parents: Readonly<
  Record<Exclude<ExceptionName, 'BaseException' | 'IOError' | 'EnvironmentError'>, ExceptionName>
> = {
  Exception: 'BaseException',
  GeneratorExit: 'BaseException',
  KeyboardInterrupt: 'BaseException',
  SystemExit: 'BaseException',
  ArithmeticError: 'Exception',
  AssertionError: 'Exception',
  AttributeError: 'Exception',
  BufferError: 'Exception',
  EOFError: 'Exception',
  ImportError: 'Exception',
  LookupError: 'Exception',
  MemoryError: 'Exception',
  NameError: 'Exception',
  OSError: 'Exception',
  ReferenceError: 'Exception',
  RuntimeError: 'Exception',
  StopIteration: 'Exception',
  StopAsyncIteration: 'Exception',
  SyntaxError: 'Exception',
  SystemError: 'Exception',
  TypeError: 'Exception',
  ValueError: 'Exception',
  Warning: 'Exception',
  FloatingPointError: 'ArithmeticError',
  OverflowError: 'ArithmeticError',
  ZeroDivisionError: 'ArithmeticError',
  ModuleNotFoundError: 'ImportError',
  IndexError: 'LookupError',
  KeyError: 'LookupError',
  UnboundLocalError: 'NameError',
  FileNotFoundError: 'OSError',
  PermissionError: 'OSError',
  TimeoutError: 'OSError',
  ConnectionError: 'OSError',
  FileExistsError: 'OSError',
  NotADirectoryError: 'OSError',
  IsADirectoryError: 'OSError',
  InterruptedError: 'OSError',
  ProcessLookupError: 'OSError',
  ChildProcessError: 'OSError',
  BlockingIOError: 'OSError',
  BrokenPipeError: 'ConnectionError',
  ConnectionAbortedError: 'ConnectionError',
  ConnectionRefusedError: 'ConnectionError',
  ConnectionResetError: 'ConnectionError',
  NotImplementedError: 'RuntimeError',
  RecursionError: 'RuntimeError',
  IndentationError: 'SyntaxError',
  TabError: 'IndentationError',
  UnicodeError: 'ValueError',
  UnicodeDecodeError: 'UnicodeError',
  UnicodeEncodeError: 'UnicodeError',
  UnicodeTranslateError: 'UnicodeError',
  DeprecationWarning: 'Warning',
  FutureWarning: 'Warning',
  RuntimeWarning: 'Warning',
  UserWarning: 'Warning',
  ImportWarning: 'Warning',
  PendingDeprecationWarning: 'Warning',
  SyntaxWarning: 'Warning',
  ResourceWarning: 'Warning',
  BytesWarning: 'Warning',
  UnicodeWarning: 'Warning',
};

function makeInstance(cls: PyClass, args: readonly Value[]): PyInstance {
  const instance = new PyInstance(cls);
  instance.attributes.set('args', new PyTuple(args));
  instance.attributes.set('__cause__', null);
  instance.attributes.set('__context__', null);
  instance.attributes.set('__traceback__', null);
  if (cls.mro.some(c => c.name === 'StopIteration')) instance.attributes.set('value', args[0] ?? null);
  return instance;
}

export const baseException = new PyClass('BaseException', {
  construct: (cls, args) => makeInstance(cls, args),
  namespace: new Map<string, Value>([
    [
      '__init__',
      native(
        '__init__(self, /, *args, **keywords)',
        ([self, args]) => {
          if (self instanceof PyInstance) self.attributes.set('args', args!);
        },
        { unknown: 'raise' },
      ),
    ],
    ['__str__', native('__str__(self)', ([self], runtime) => exceptionText(self!, runtime))],
    [
      '__repr__',
      native('__repr__(self)', ([self], runtime) => {
        const args = (self as PyInstance).attributes.get('args');
        const items = args instanceof PyTuple ? args.items : [];
        return `${(self as PyInstance).cls.name}(${items.map(item => runtime.repr(item)).join(', ')})`;
      }),
    ],
    ['with_traceback', native('with_traceback(self, tb)', ([self]) => self!)],
    [
      'add_note',
      native('add_note(self, note)', ([self, note]) => {
        const attributes = (self as PyInstance).attributes;
        const notes = attributes.get('__notes__');
        if (notes instanceof PyList) notes.items.push(note!);
        else attributes.set('__notes__', new PyList([note!]));
      }),
    ],
  ]),
});

/** Every built-in exception class by name. */
export const exceptionClasses: ReadonlyMap<string, PyClass> = (() => {
  const classes = new Map<string, PyClass>([['BaseException', baseException]]);
  const make = (name: ExceptionName): PyClass => {
    const known = classes.get(name);
    if (known) return known;
    const made = new PyClass(name, { bases: [make(parents[name as keyof typeof parents])] });
    classes.set(name, made);
    return made;
  };
  for (const name of Object.keys(parents)) make(name as ExceptionName);
  classes.set('IOError', classes.get('OSError')!);
  classes.set('EnvironmentError', classes.get('OSError')!);
  return classes;
})();

/** `str(exception)` */
export function exceptionText(exception: Value, runtime: Runtime): string {
  if (!(exception instanceof PyInstance)) return '';
  const args = exception.attributes.get('args');
  const items = args instanceof PyTuple ? args.items : [];
  if (items.length === 0) return '';
  if (items.length > 1) return runtime.repr(new PyTuple(items));
  return exception.cls.mro.some(c => c.name === 'KeyError')
    ? runtime.repr(items[0]!)
    : runtime.str(items[0]!);
}

/** The instance of an exception on its way, made when it is looked at. */
export function exceptionOf(raised: Raised): PyInstance {
  if (!(raised.exception instanceof PyInstance)) {
    raised.exception = makeInstance(exceptionClasses.get(raised.className) ?? baseException, raised.args);
  }
  return raised.exception as PyInstance;
}

/** True where the exception is of the class (or of one in a tuple of classes). */
export function raisedIs(raised: Raised, name: ExceptionName): boolean {
  const cls =
    raised.exception instanceof PyInstance ? raised.exception.cls : exceptionClasses.get(raised.className);
  return cls?.mro.some(c => c.name === name && c.module === 'builtins') ?? false;
}

/** An exception instance as something to throw. */
export function raisedOf(instance: PyInstance, runtime: Runtime): Raised {
  let message = '';
  try {
    message = runtime.str(instance);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
  }
  return new Raised(instance.cls.name, message, [], instance);
}
