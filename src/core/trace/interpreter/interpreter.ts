/**
 * The interpreter of one run: attribute access, operators, calls and iteration as in CPython. Compiled code (`compile*.ts`)
 * and native code (through `Runtime`) both work on it.
 */

import { AttributeDict } from './attributeDict.ts';
import { builtinBinary, repeated } from './builtinBinary.ts';
import type { CallRecord, Recorder } from './captures.ts';
import { LimitError, Raised, Refusal, raise, type TracebackFrame, TraceError } from './errors.ts';
import { baseException, exceptionClasses, exceptionOf, exceptionText } from './exceptions.ts';
import { floatText, formatValue, quote } from './formatting.ts';
import { Cell, type Code, Frame, PyFunction, PyGenerator } from './frame.ts';
import { isAstral } from './isAstral.ts';
import { iteratorOf } from './iteratorOf.ts';
import type { Budget } from './limits.ts';
import { storeAttribute, storedAttribute } from './moduleShortcuts.ts';
import { NativeFunction } from './native.ts';
import { arithmetic, intOf } from './numbers.ts';
import { reprObject } from './reprObject.ts';
import type { Runtime } from './runtime.ts';
import { sliceOf } from './slicing.ts';
import { PyPoison, PySuper, PyUnion, UnknownImport } from './special.ts';
import { tryCompare } from './tryCompare.ts';
import {
  type BinaryOperator,
  type CompareOperator,
  classOf,
  dictClass,
  type Keywords,
  listClass,
  NativeObject,
  notImplemented,
  numberOf,
  objectClass,
  PyBoundMethod,
  PyBytes,
  PyClass,
  PyClassMethod,
  PyContainer,
  PyDict,
  PyFloat,
  PyInstance,
  type PyIterator,
  PyList,
  PyModule,
  type PyObject,
  PyProperty,
  PyRange,
  PySet,
  PySlice,
  PyStaticMethod,
  PyTuple,
  tupleClass,
  typeClass,
  type UnaryOperator,
  type Value,
} from './values.ts';

/** How the interpreter reaches modules and built-ins; the tracer wires it. */
export interface Surroundings {
  readonly builtins: ReadonlyMap<string, Value>;
  importModule(name: string): PyModule;
  /** An attribute that a module does not have yet: of a lazy package, or a file in it. */
  attributeOf(module: PyModule, name: string): Value | undefined;
  log(text: string): void;
}

const dunder: Readonly<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
};
const unaryDunder: Readonly<Record<UnaryOperator, string>> = {
  '-': '__neg__',
  '+': '__pos__',
  '~': '__invert__',
};

export class Interpreter implements Runtime {
  readonly budget: Budget;
  readonly state = new WeakMap<object, unknown>();
  readonly surroundings: Surroundings;
  readonly recorder: Recorder | null;
  /** The running frame. */
  frame: Frame | null = null;
  /** Set by `loadMethod`: whether the function wants an object (`receiver`) as its first argument. */
  bound = false;
  receiver: Value = null;
  private readonly objectInit = objectClass.lookup('__init__');
  private readonly objectNew = objectClass.lookup('__new__');
  private readonly objectSetattr = objectClass.lookup('__setattr__');
  /** Containers whose `repr` is under way. */
  private readonly shown = new Set<PyObject>();

  constructor(budget: Budget, surroundings: Surroundings, recorder: Recorder | null) {
    this.budget = budget;
    this.surroundings = surroundings;
    this.recorder = recorder;
  }

  // ---------------------------------------------------------------- errors

  /** What any thrown thing means to Python; internal failures become refusals. */
  normalise(error: unknown): TraceError {
    if (error instanceof TraceError) return error;
    if (error instanceof RangeError) {
      return /call stack/i.test(error.message)
        ? new LimitError('depth', this.budget.limits.depth)
        : new LimitError('elements', this.budget.limits.elements);
    }
    const text = error instanceof Error ? error.message : String(error);
    return new Refusal({ construct: 'internal', message: `The tracer itself failed here: ${text}` });
  }

  /** Attaches the traceback while the frame chain still stands. Returns the error in its Python meaning. */
  noteFrames(thrown: unknown): TraceError {
    const error = this.normalise(thrown);
    if (!error.placed) {
      const chain = this.chain();
      error.place(() => chain.map(({ code, at }) => tracebackFrame(code, at)));
    }
    return error;
  }

  private chain(): { code: Code; at: Frame['at'] }[] {
    const chain: { code: Code; at: Frame['at'] }[] = [];
    for (let f = this.frame; f !== null; f = f.back) chain.push({ code: f.code, at: f.at });
    return chain.reverse();
  }

  /** Runs native code that wants to see Python exceptions; restores the frame. */
  attempt<T>(run: () => T, caught: (error: Raised) => T): T {
    const { frame } = this;
    try {
      return run();
    } catch (thrown) {
      const error = this.normalise(thrown);
      if (!(error instanceof Raised)) throw this.noteFrames(error);
      const at = this.frame;
      this.frame = frame;
      try {
        return caught(error);
      } catch (again) {
        // Told only now: most of these are swallowed.
        if (again === error) {
          this.frame = at;
          this.noteFrames(error);
          this.frame = frame;
        }
        throw again;
      }
    }
  }

  // ---------------------------------------------------------------- names

  /** A global that is not in the module itself. */
  global(frame: Frame, name: string): Value {
    const late = frame.module.define(name);
    if (late !== undefined) return late;
    const builtin = this.surroundings.builtins.get(name);
    const poison = frame.module.poisoned.get(name);
    if (poison) throw this.poisoned(poison, name);
    if (builtin !== undefined) return builtin;
    if (name === '__name__') return frame.module.name;
    if (name === '__file__') return frame.module.file ?? '';
    throw raise('NameError', `name '${name}' is not defined`);
  }

  /** What stopped a top-level statement is told again where its name is used. */
  poisoned(error: Error, name: string): TraceError {
    const cause = this.normalise(error);
    if (cause instanceof LimitError) return cause;
    const place = cause.frames.at(-1);
    const where = place ? ` (${place.file}, line ${place.startLine + 1})` : '';
    const refusal = new Refusal({
      construct: cause instanceof Refusal ? cause.construct : name,
      message: `'${name}' could not be defined${where}: ${cause instanceof Raised ? `${cause.className}: ` : ''}${cause.message}`,
      hint: cause instanceof Refusal ? cause.hint : undefined,
    });
    return refusal;
  }

  // ---------------------------------------------------------------- attributes

  getAttribute(value: Value, name: string): Value {
    const found = this.findAttribute(value, name);
    if (found === undefined) throw this.noAttribute(value, name);
    return found;
  }

  private noAttribute(value: Value, name: string): Raised {
    if (value instanceof PyModule)
      return raise('AttributeError', `module '${value.name}' has no attribute '${name}'`);
    if (value instanceof PyClass)
      return raise('AttributeError', `type object '${value.name}' has no attribute '${name}'`);
    return raise('AttributeError', `'${classOf(value).name}' object has no attribute '${name}'`);
  }

  /** `hasattr`: an AttributeError from a property or `__getattr__` means "no". */
  findAttributeQuietly(value: Value, name: string): Value | undefined {
    return this.attempt(
      () => this.findAttribute(value, name),
      error => {
        if (exceptionOf(error).cls.mro.includes(exceptionClasses.get('AttributeError')!)) return undefined;
        throw error;
      },
    );
  }

  findAttribute(value: Value, name: string): Value | undefined {
    if (value instanceof PyInstance) return this.instanceAttribute(value, value.cls, value.attributes, name);
    if (value instanceof NativeObject) {
      const own = value.getAttribute(name, this);
      if (own !== undefined) return own;
      const found = value.cls.lookup(name);
      return found === undefined ? this.universal(value, name) : this.bind(found, value, value.cls);
    }
    if (value instanceof PyModule) return this.moduleAttribute(value, name);
    if (value instanceof PyClass) return this.classAttribute(value, name);
    if (value instanceof PySuper) return this.superAttribute(value, name);
    if (value instanceof PyFunction) {
      const own = value.attributes?.get(name);
      if (own !== undefined) return own;
      return this.functionAttribute(value, name);
    }
    if (value instanceof NativeFunction) {
      const own = value.attributes?.get(name);
      if (own !== undefined) return own;
    }
    if (value instanceof PyContainer && value.attributes !== undefined) {
      return this.instanceAttribute(value, value.cls, value.attributes, name);
    }
    const cls = classOf(value);
    const found = cls.lookup(name);
    if (found !== undefined) return this.bind(found, value, cls);
    if (value instanceof PyContainer && value.cls.mutable) {
      const hook = value.cls.lookup('__getattr__');
      if (hook !== undefined) return this.callFunction(hook, [value, name], null);
    }
    return this.universal(value, name);
  }

  private instanceAttribute(
    value: PyInstance | PyContainer,
    cls: PyClass,
    attributes: Map<string, Value>,
    name: string,
  ): Value | undefined {
    const found = cls.lookup(name);
    if (found instanceof PyProperty) return this.bind(found, value, cls);
    const own = attributes.get(name);
    if (own !== undefined) {
      if (found instanceof PyInstance && found.cls.lookup('__set__') !== undefined)
        return this.bind(found, value, cls);
      return own;
    }
    if (found !== undefined) return this.bind(found, value, cls);
    if (name.startsWith('__')) {
      const special = this.universal(value, name);
      if (special !== undefined) return special;
      if (
        value instanceof PyInstance &&
        value.payload !== undefined &&
        classOf(value.payload).lookup(name) !== undefined
      ) {
        return this.findAttribute(value.payload, name);
      }
    }
    const hook = cls.lookup('__getattr__');
    if (hook === undefined) return undefined;
    return storedAttribute(value, hook, name) ?? this.callFunction(hook, [value, name], null);
  }

  /** Attributes that every object has. */
  private universal(value: Value, name: string): Value | undefined {
    switch (name) {
      case '__class__':
        return classOf(value);
      case '__dict__':
        if (value instanceof PyInstance) return this.dictView(value.attributes);
        if (!(value instanceof PyContainer)) return undefined;
        value.attributes ??= new Map();
        return this.dictView(value.attributes);
      case '__doc__':
        return null;
      case '__name__':
      case '__qualname__':
        if (value instanceof NativeFunction) return value.name;
        if (value instanceof PyBoundMethod) return this.findAttribute(value.target, name);
        return undefined;
      case '__self__':
        return value instanceof PyBoundMethod ? value.self : undefined;
      case '__func__':
        return value instanceof PyBoundMethod ||
          value instanceof PyClassMethod ||
          value instanceof PyStaticMethod
          ? value.target
          : undefined;
      case '__wrapped__':
        return undefined;
      case 'fget':
        return value instanceof PyProperty ? value.getter : undefined;
      case '__module__':
        return classOf(value).module;
      default:
    }
    if (value instanceof PyProperty) return this.propertyDecorator(value, name);
    if (value instanceof PyBoundMethod) {
      const inner = this.findAttribute(value.target, name);
      return inner;
    }
    return undefined;
  }

  private propertyDecorator(property: PyProperty, name: string): Value | undefined {
    const make = (build: (fn: Value) => PyProperty) =>
      new NativeFunction(`${name}(function)`, ([fn]) => build(fn!), { unknown: 'raise' });
    if (name === 'setter') return make(fn => new PyProperty(property.getter, fn, property.deleter));
    if (name === 'getter') return make(fn => new PyProperty(fn, property.setter, property.deleter));
    if (name === 'deleter') return make(fn => new PyProperty(property.getter, property.setter, fn));
    return undefined;
  }

  /** `obj.__dict__`: a dict whose writes reach the object. */
  dictView(attributes: Map<string, Value>): PyDict {
    return new AttributeDict(attributes);
  }

  private moduleAttribute(module: PyModule, name: string): Value | undefined {
    let own = module.attributes.get(name);
    if (own === undefined) own = module.define(name);
    if (own !== undefined) return own;
    const poison = module.poisoned.get(name);
    if (poison) throw this.poisoned(poison, name);
    if (name === '__name__') return module.name;
    if (name === '__file__') return module.file ?? undefined;
    if (name === '__dict__') {
      module.defineAll();
      return this.dictView(module.attributes);
    }
    if (name === '__doc__') return null;
    const inner = this.surroundings.attributeOf(module, name);
    if (inner !== undefined) return inner;
    const hook = module.attributes.get('__getattr__');
    if (hook !== undefined) return this.call(hook, [name]);
    return module.missing?.(name);
  }

  private classAttribute(cls: PyClass, name: string): Value | undefined {
    const found = cls.lookup(name);
    if (found !== undefined) return this.bindToClass(found, cls);
    switch (name) {
      case '__name__':
        return cls.name;
      case '__qualname__':
        return cls.qualname;
      case '__module__':
        return cls.module;
      case '__mro__':
        return new PyTuple(cls.mro);
      case '__bases__':
        return new PyTuple(cls.bases);
      case '__dict__':
        return PyDict.of(cls.namespace);
      case '__doc__':
        return null;
      case '__class__':
        return typeClass;
      case 'mro':
        return new NativeFunction('mro()', () => new PyList([...cls.mro]), { unknown: 'raise' });
      case '__subclasses__':
        throw new Refusal({
          construct: '__subclasses__',
          message: 'Classes do not know their subclasses here.',
        });
      default:
        return undefined;
    }
  }

  private bindToClass(found: Value, cls: PyClass): Value {
    if (found instanceof PyClassMethod) return this.bindClassMethod(found, cls);
    if (found instanceof PyStaticMethod) return found.target;
    if (found instanceof PyPoison) throw this.poisoned(found.error, found.name);
    if (found instanceof PyInstance) {
      const get = found.cls.lookup('__get__');
      if (get !== undefined) return this.callFunction(get, [found, null, cls], null);
    }
    return found;
  }

  private bindClassMethod(found: PyClassMethod, cls: PyClass): Value {
    if (found.target instanceof PyProperty) return this.callFunction(found.target.getter, [cls], null);
    return new PyBoundMethod(cls, found.target);
  }

  private superAttribute(proxy: PySuper, name: string): Value | undefined {
    const found = proxy.lookup(name);
    if (found === undefined) return name === '__class__' ? proxy.cls : undefined;
    if (proxy.self instanceof PyClass) {
      // `super().__new__(cls)` and class methods.
      if (found instanceof PyClassMethod) return new PyBoundMethod(proxy.self, found.target);
      if (found instanceof PyStaticMethod) return found.target;
      return found;
    }
    if (name === '__new__') return found instanceof PyStaticMethod ? found.target : found;
    return this.bind(found, proxy.self, classOf(proxy.self));
  }

  private functionAttribute(fn: PyFunction, name: string): Value | undefined {
    switch (name) {
      case '__name__':
        return fn.code.name;
      case '__qualname__':
        return fn.code.qualname;
      case '__module__':
        return fn.module.name;
      case '__dict__':
        fn.attributes ??= new Map();
        return this.dictView(fn.attributes);
      case '__defaults__': {
        const given = fn.defaults.filter(v => v !== undefined);
        return given.length > 0 ? new PyTuple(given) : null;
      }
      case '__kwdefaults__':
      case '__doc__':
        return null;
      case '__get__':
        return new NativeFunction('__get__(instance, owner=None)', ([instance]) =>
          instance === null ? fn : new PyBoundMethod(instance!, fn),
        );
      case '__call__':
        return fn;
      case '__annotations__':
        return new PyDict();
      default:
        return this.universal(fn, name);
    }
  }

  /** An attribute found in a class, as seen from an instance. */
  bind(found: Value, self: Value, cls: PyClass): Value {
    if (typeof found !== 'object' || found === null) return found;
    if (found instanceof PyFunction || found instanceof NativeFunction) return new PyBoundMethod(self, found);
    if (found instanceof PyProperty) {
      if (found.cacheAs !== undefined) {
        const cached = self instanceof PyInstance ? self.attributes.get(found.cacheAs) : undefined;
        if (cached !== undefined) return cached;
        const value = this.callFunction(found.getter, [self], null);
        if (self instanceof PyInstance) self.attributes.set(found.cacheAs, value);
        return value;
      }
      if (found.getter === null) throw raise('AttributeError', 'unreadable attribute');
      return this.callFunction(found.getter, [self], null);
    }
    if (found instanceof PyStaticMethod) return found.target;
    if (found instanceof PyClassMethod) return this.bindClassMethod(found, cls);
    if (found instanceof PyPoison) throw this.poisoned(found.error, found.name);
    if (found instanceof PyInstance) {
      const get = found.cls.lookup('__get__');
      if (get !== undefined) return this.callFunction(get, [found, self, cls], null);
    }
    return found;
  }

  /**
   * The function behind `value.name(…)` without making a bound method. When `this.bound` is true afterwards, the object goes
   * first among the arguments.
   */
  loadMethod(value: Value, name: string): Value {
    this.bound = false;
    this.receiver = value;
    if (value instanceof PyInstance) {
      const found = value.cls.lookup(name);
      if ((found instanceof PyFunction || found instanceof NativeFunction) && !value.attributes.has(name)) {
        this.bound = true;
        return found;
      }
    } else if (value instanceof NativeObject) {
      const own = value.getAttribute(name, this);
      if (own !== undefined) return own;
      const found = value.cls.lookup(name);
      if (found instanceof NativeFunction || found instanceof PyFunction) {
        this.bound = true;
        return found;
      }
    } else if (value instanceof PySuper) {
      const found = value.lookup(name);
      if (
        (found instanceof PyFunction || found instanceof NativeFunction) &&
        !(value.self instanceof PyClass) &&
        name !== '__new__'
      ) {
        this.bound = true;
        this.receiver = value.self;
        return found;
      }
    } else if (
      typeof value === 'string' ||
      ((value instanceof PyList || value instanceof PyDict) && value.attributes === undefined)
    ) {
      const found = classOf(value).lookup(name);
      if (found instanceof NativeFunction) {
        this.bound = true;
        return found;
      }
    }
    const result = this.getAttribute(value, name);
    this.bound = false;
    return result;
  }

  setAttribute(value: Value, name: string, to: Value): void {
    if (value instanceof PyInstance || (value instanceof PyContainer && value.cls.mutable)) {
      const { cls } = value;
      const setter = cls.lookup('__setattr__');
      if (setter !== undefined && setter !== this.objectSetattr) {
        const short = storeAttribute(value, setter, name, to);
        if (short === 'done') return;
        if (short === 'plain') {
          this.setInstanceAttribute(value, name, to);
          return;
        }
        this.callFunction(setter, [value, name, to], null);
        return;
      }
      this.setInstanceAttribute(value, name, to);
      return;
    }
    if (value instanceof PyModule) {
      value.attributes.set(name, to);
      return;
    }
    if (value instanceof PyClass && value.mutable) {
      value.set(name, to);
      return;
    }
    if (value instanceof PyFunction) {
      value.attributes ??= new Map();
      value.attributes.set(name, to);
      return;
    }
    if (value instanceof NativeObject) {
      const property = value.cls.lookup(name);
      if (property instanceof PyProperty && property.setter !== null) {
        this.callFunction(property.setter, [value, to], null);
        return;
      }
      if (value.setAttribute(name, to, this)) return;
    }
    if (value instanceof PyClass)
      throw raise('TypeError', `cannot set '${name}' attribute of immutable type '${value.name}'`);
    throw raise('AttributeError', `'${classOf(value).name}' object has no attribute '${name}'`);
  }

  /** `object.__setattr__` */
  setInstanceAttribute(value: PyInstance | PyContainer, name: string, to: Value): void {
    const { cls } = value;
    const found = cls.lookup(name);
    if (found instanceof PyProperty && found.cacheAs === undefined) {
      if (found.setter === null) throw raise('AttributeError', `can't set attribute '${name}'`);
      this.callFunction(found.setter, [value, to], null);
      return;
    }
    if (found instanceof PyInstance) {
      const set = found.cls.lookup('__set__');
      if (set !== undefined) {
        this.callFunction(set, [found, value, to], null);
        return;
      }
    }
    if (name === '__class__') {
      if (!(to instanceof PyClass)) throw raise('TypeError', '__class__ must be set to a class');
      value.cls = to;
      return;
    }
    if (value instanceof PyInstance) value.attributes.set(name, to);
    else {
      value.attributes ??= new Map();
      value.attributes.set(name, to);
    }
  }

  deleteAttribute(value: Value, name: string): void {
    if (value instanceof PyInstance || value instanceof PyContainer) {
      const deleter = value.cls.lookup('__delattr__');
      if (deleter instanceof PyFunction) {
        this.callFunction(deleter, [value, name], null);
        return;
      }
      const found = value.cls.lookup(name);
      if (found instanceof PyProperty && found.deleter !== null) {
        this.callFunction(found.deleter, [value], null);
        return;
      }
      if (value.attributes?.delete(name)) return;
    } else if (value instanceof PyModule && value.delete(name)) return;
    else if (value instanceof PyClass && value.mutable && value.delete(name)) return;
    else if (value instanceof PyFunction && value.attributes?.delete(name)) return;
    throw this.noAttribute(value, name);
  }

  // ---------------------------------------------------------------- calls

  call(callee: Value, args: readonly Value[], keywords: Keywords = null): Value {
    if (keywords !== null && keywords.size === 0) return this.callFunction(callee, args, null);
    return this.callFunction(callee, args, keywords);
  }

  callFunction(callee: Value, args: readonly Value[], keywords: Keywords): Value {
    if (callee instanceof PyFunction) return this.callPython(callee, args, keywords);
    if (callee instanceof NativeFunction) {
      if (--this.budget.fuel < 0) this.budget.refuel();
      return callee.invoke(args, keywords, this);
    }
    if (callee instanceof PyBoundMethod)
      return this.callFunction(callee.target, [callee.self, ...args], keywords);
    if (callee instanceof PyClass) return this.instantiate(callee, args, keywords);
    if (callee instanceof PyInstance) {
      const method = callee.cls.lookup('__call__');
      if (method !== undefined) {
        const result =
          method instanceof PyFunction
            ? this.callPython(method, [callee, ...args], keywords)
            : this.callFunction(this.bind(method, callee, callee.cls), args, keywords);
        if (this.recorder !== null) this.recorder.called(callee, result);
        return result;
      }
    }
    if (callee instanceof NativeObject) return callee.call(args, keywords, this);
    if (callee instanceof PyContainer) {
      const method = callee.cls.lookup('__call__');
      if (method !== undefined) return this.callFunction(method, [callee, ...args], keywords);
    }
    if (callee instanceof PyStaticMethod) return this.callFunction(callee.target, args, keywords);
    throw raise('TypeError', `'${classOf(callee).name}' object is not callable`);
  }

  private callPython(fn: PyFunction, args: readonly Value[], keywords: Keywords): Value {
    const { code } = fn;
    if (--this.budget.fuel < 0) this.budget.refuel();
    if (code.isAsync) {
      throw new Refusal({
        construct: `async def ${code.name}`,
        message: 'The tracer does not run async code.',
      });
    }
    const layout = code.layout();
    const frame = new Frame(code, this, fn.module, layout.names.length, this.frame, fn.classCell);
    const { vars } = frame;
    if (code.simple && keywords === null && args.length === code.positional.length) {
      for (let i = 0; i < args.length; i++) vars[i] = args[i];
    } else this.bindArguments(fn, args, keywords, vars);
    for (const slot of layout.cells) vars[slot] = new Cell(vars[slot] as Value | undefined);
    for (let i = 0; i < layout.free.length; i++) vars[layout.free[i]!.slot] = fn.closure[i];
    if (this.recorder !== null && !code.file.internal) {
      frame.record = this.recorder.enter(code, this.frame?.record ?? null, vars);
    }
    if (layout.generate !== undefined) return new PyGenerator(frame, layout.generate);
    this.frame = frame;
    layout.run(frame);
    this.frame = frame.back;
    return frame.result;
  }

  private bindArguments(
    fn: PyFunction,
    args: readonly Value[],
    keywords: Keywords,
    vars: (Value | Cell | undefined)[],
  ): void {
    const { code } = fn;
    const { positional } = code;
    const count = Math.min(args.length, positional.length);
    for (let i = 0; i < count; i++) vars[i] = args[i];
    let slot = positional.length + code.keywordOnly.length;
    if (code.star) vars[slot++] = new PyTuple(args.slice(positional.length));
    else if (args.length > positional.length) {
      const least = fn.defaults.findIndex(value => value !== undefined);
      const range = least < 0 ? `${positional.length}` : `from ${least} to ${positional.length}`;
      throw raise(
        'TypeError',
        `${code.qualname}() takes ${range} positional argument${positional.length === 1 ? '' : 's'} but ${args.length} ${args.length === 1 ? 'was' : 'were'} given`,
      );
    }
    const rest = code.doubleStar ? new PyDict() : undefined;
    if (rest) vars[slot] = rest;
    if (keywords !== null) {
      for (const [name, value] of keywords) {
        let index = positional.indexOf(name);
        if (index >= 0 && index < code.positionalOnly) index = -1;
        if (index < 0) {
          const only = code.keywordOnly.indexOf(name);
          if (only >= 0) index = positional.length + only;
        }
        if (index < 0) {
          if (!rest && positional.indexOf(name) >= 0)
            throw raise(
              'TypeError',
              `${code.qualname}() got some positional-only arguments passed as keyword arguments: '${name}'`,
            );
          if (!rest)
            throw raise('TypeError', `${code.qualname}() got an unexpected keyword argument '${name}'`);
          rest.set(name, value);
        } else if (vars[index] !== undefined) {
          throw raise('TypeError', `${code.qualname}() got multiple values for argument '${name}'`);
        } else vars[index] = value;
      }
    }
    const missing: string[] = [];
    for (let i = count; i < positional.length; i++) {
      if (vars[i] === undefined) {
        const value = fn.defaults[i];
        if (value === undefined) missing.push(positional[i]!);
        else vars[i] = value;
      }
    }
    if (missing.length > 0) throw missingArguments(code, missing, 'positional');
    for (let i = 0; i < code.keywordOnly.length; i++) {
      const at = positional.length + i;
      if (vars[at] === undefined) {
        const value = fn.keywordDefaults[i];
        if (value === undefined) missing.push(code.keywordOnly[i]!);
        else vars[at] = value;
      }
    }
    if (missing.length > 0) throw missingArguments(code, missing, 'keyword-only');
  }

  /** `cls(*args, **keywords)` */
  instantiate(cls: PyClass, args: readonly Value[], keywords: Keywords): Value {
    if (--this.budget.fuel < 0) this.budget.refuel();
    const special = cls.lookup('$call');
    if (special !== undefined) return this.callFunction(special, [cls, ...args], keywords);
    const maker = cls.lookup('__new__');
    const init = cls.lookup('__init__');
    let made: Value;
    if (maker !== this.objectNew && (maker instanceof PyFunction || maker instanceof PyStaticMethod)) {
      made = this.callFunction(
        maker instanceof PyStaticMethod ? maker.target : maker,
        [cls, ...args],
        keywords,
      );
      if (!classOf(made).isSubclassOf(cls)) return made;
    } else if (cls.construct) {
      made = cls.construct(cls, args, keywords, this);
      if (!cls.mutable) return made;
    } else if (cls.mutable || cls === objectClass) made = new PyInstance(cls);
    else
      throw new Refusal({
        construct: `${cls.name}(…)`,
        message: `The tracer cannot make a ${cls.module}.${cls.name}.`,
      });
    if (init instanceof PyFunction) this.callPython(init, [made, ...args], keywords);
    else if (init instanceof NativeFunction && init !== this.objectInit)
      init.invoke([made, ...args], keywords, this);
    else if (init !== undefined && init !== this.objectInit)
      this.callFunction(this.bind(init, made, cls), args, keywords);
    else if (
      (args.length > 0 || (keywords !== null && keywords.size > 0)) &&
      !cls.construct &&
      !(maker instanceof PyFunction)
    ) {
      throw raise('TypeError', `${cls.name}() takes no arguments`);
    }
    return made;
  }

  /** A method of the value's class, looked up as operators do; undefined when there is none. */
  special(value: Value, name: string): Value | undefined {
    if (value instanceof PyInstance || value instanceof PyContainer) {
      const found = value.cls.lookup(name);
      return found instanceof PyFunction
        ? found
        : found === undefined || found instanceof NativeFunction
          ? undefined
          : found;
    }
    return undefined;
  }

  /** Calls a special method if a Python class defines it (or a native class for plain instances). */
  callSpecial(value: Value, name: string, args: readonly Value[]): Value | undefined {
    if (value instanceof PyInstance) {
      const found = value.cls.lookup(name);
      if (found === undefined) return undefined;
      if (found instanceof PyFunction || found instanceof NativeFunction)
        return this.callFunction(found, [value, ...args], null);
      if (found === null) return undefined;
      return this.callFunction(this.bind(found, value, value.cls), args, null);
    }
    const found = this.special(value, name);
    return found === undefined || found === null
      ? undefined
      : this.callFunction(found, [value, ...args], null);
  }

  // ---------------------------------------------------------------- operators

  binary(operator: BinaryOperator, left: Value, right: Value): Value {
    const number = arithmetic(operator, left, right);
    if (number !== undefined) return number;
    if (left instanceof NativeObject) {
      const result = left.binary(operator, right, false, this);
      if (result !== notImplemented) return result;
    }
    if (right instanceof NativeObject) {
      const result = right.binary(operator, left, true, this);
      if (result !== notImplemented) return result;
    }
    const name = dunder[operator];
    const forward = this.callSpecial(left, `__${name}__`, [right]);
    if (forward !== undefined && forward !== notImplemented) return forward;
    const builtin = builtinBinary(this, operator, left, right);
    if (builtin !== undefined) return builtin;
    const backward = this.callSpecial(right, `__r${name}__`, [left]);
    if (backward !== undefined && backward !== notImplemented) return backward;
    const a = left instanceof PyInstance ? left.payload : undefined;
    const b = right instanceof PyInstance ? right.payload : undefined;
    if (a !== undefined || b !== undefined) return this.binary(operator, a ?? left, b ?? right);
    const unknown = [left, right].find(v => v instanceof UnknownImport);
    if (unknown instanceof UnknownImport) throw unknown.refuse();
    const sign = operator === '**' ? '** or pow()' : operator;
    throw raise(
      'TypeError',
      `unsupported operand type(s) for ${sign}: '${classOf(left).name}' and '${classOf(right).name}'`,
    );
  }

  /** A string or bytes of that length. */
  charge(length: number): void {
    this.budget.elements(length);
    this.budget.memory(length);
    this.budget.work(length);
  }

  /** A list, tuple, set or dict of that length; short ones cost nothing but their step. */
  chargeItems(length: number): void {
    if (length >= 1024) this.budget.items(length);
  }

  /** Another thousand items of something that has reached that length. */
  growth(length: number): void {
    this.budget.items(1024);
    if (length > this.budget.limits.items || length > this.budget.limits.elements) this.budget.items(length);
  }

  /** `left OP= right`; returns what the target is set to. */
  inplace(operator: BinaryOperator, left: Value, right: Value): Value {
    if (left instanceof NativeObject) {
      const result = left.inplace(operator, right, this);
      if (result !== notImplemented) return result;
      return this.binary(operator, left, right);
    }
    if (left instanceof PyList) {
      if (operator === '+') {
        const items = this.list(right);
        this.chargeItems(left.items.length + items.length);
        for (const item of items) left.items.push(item);
        return left;
      }
      if (operator === '*') {
        const many = repeated(this, new PyList(left.items), Number(intOf(right) ?? Number.NaN));
        if (intOf(right) !== undefined && many instanceof PyList) {
          left.items = many.items;
          return left;
        }
      }
    } else if (left instanceof PyDict && operator === '|' && right instanceof PyDict) {
      for (const entry of right.entries.values()) left.set(entry.key, entry.value);
      return left;
    } else if (left instanceof PySet && right instanceof PySet && !left.frozen) {
      const changed = builtinBinary(this, operator, left, right);
      if (changed instanceof PySet) {
        left.entries.clear();
        for (const item of changed.items()) left.add(item);
        return left;
      }
    } else {
      const result = this.callSpecial(left, `__i${dunder[operator]}__`, [right]);
      if (result !== undefined && result !== notImplemented) return result;
    }
    return this.binary(operator, left, right);
  }

  unary(operator: UnaryOperator, operand: Value): Value {
    if (typeof operand === 'number')
      return operator === '-'
        ? 0 - operand
        : operator === '+'
          ? operand
          : ~operand === -operand - 1
            ? ~operand
            : -operand - 1;
    if (operand instanceof PyFloat) {
      if (operator === '-') return new PyFloat(-operand.value);
      if (operator === '+') return operand;
    }
    if (typeof operand === 'boolean') return this.unary(operator, operand ? 1 : 0);
    if (typeof operand === 'bigint')
      return operator === '-' ? -operand : operator === '+' ? operand : -operand - 1n;
    if (operand instanceof NativeObject) return operand.unary(operator, this);
    const result = this.callSpecial(operand, unaryDunder[operator], []);
    if (result !== undefined) return result;
    if (operand instanceof PyInstance && operand.payload !== undefined)
      return this.unary(operator, operand.payload);
    throw raise('TypeError', `bad operand type for unary ${operator}: '${classOf(operand).name}'`);
  }

  compare(operator: CompareOperator, left: Value, right: Value): Value {
    const result = tryCompare(this, operator, left, right);
    if (result !== undefined) return result;
    if (operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    throw raise(
      'TypeError',
      `'${operator}' not supported between instances of '${classOf(left).name}' and '${classOf(right).name}'`,
    );
  }

  equals(left: Value, right: Value): boolean {
    if (left === right) return true;
    if (--this.budget.fuel < 0) this.budget.refuel();
    return this.truth(this.compare('==', left, right));
  }

  /** `left is right` */
  same(left: Value, right: Value): boolean {
    if (left === right) return true;
    if (left instanceof PyFloat && right instanceof PyFloat) return left === right;
    if (left instanceof PyBoundMethod && right instanceof PyBoundMethod) return false;
    if (left instanceof PyTuple && right instanceof PyTuple)
      return left.items.length === 0 && right.items.length === 0;
    return false;
  }

  truth(value: Value): boolean {
    switch (typeof value) {
      case 'boolean':
        return value;
      case 'number':
        return value !== 0;
      case 'string':
        return value !== '';
      case 'bigint':
        return value !== 0n;
      default:
    }
    if (value === null) return false;
    if (value instanceof NativeObject) return value.truth(this);
    if (value instanceof PyFloat) return value.value !== 0;
    if (value instanceof PyInstance) {
      const bool = this.callSpecial(value, '__bool__', []);
      if (bool !== undefined) return this.truth(bool);
      const length = this.callSpecial(value, '__len__', []);
      if (length !== undefined) return this.truth(length);
      return value.payload === undefined || this.truth(value.payload);
    }
    if (value instanceof PyContainer) {
      if (value.cls.mutable) {
        const bool = this.callSpecial(value, '__bool__', []) ?? this.callSpecial(value, '__len__', []);
        if (bool !== undefined) return this.truth(bool);
      }
      if (value instanceof PyDict || value instanceof PySet) return value.size > 0;
      if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
    }
    if (value instanceof PyRange) return value.length > 0;
    if (value instanceof PyBytes) return value.bytes.length > 0;
    return true;
  }

  // ---------------------------------------------------------------- containers

  length(value: Value): number {
    if (value instanceof PyContainer) {
      if (value.cls.mutable) {
        const own = this.special(value, '__len__');
        if (own !== undefined) return this.index(this.callFunction(own, [value], null));
      }
      if (value instanceof PyList || value instanceof PyTuple) return value.items.length;
      if (value instanceof PyDict || value instanceof PySet) return value.size;
    }
    if (typeof value === 'string') return isAstral(value) ? [...value].length : value.length;
    if (value instanceof NativeObject) return value.length(this);
    if (value instanceof PyRange) return value.length;
    if (value instanceof PyBytes) return value.bytes.length;
    if (value instanceof PyClass) {
      const members = value.lookup('$len');
      if (members !== undefined) return this.index(this.callFunction(members, [value], null));
    }
    const result = this.callSpecial(value, '__len__', []);
    if (result !== undefined) return this.index(result);
    throw raise('TypeError', `object of type '${classOf(value).name}' has no len()`);
  }

  iterate(value: Value): PyIterator {
    return iteratorOf(this, value);
  }

  list(value: Value): Value[] {
    if (
      (value instanceof PyList && value.cls === listClass) ||
      (value instanceof PyTuple && value.cls === tupleClass)
    ) {
      this.chargeItems(value.items.length);
      return value.items.slice();
    }
    const iterator = this.iterate(value);
    const items: Value[] = [];
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
      items.push(item);
      if ((items.length & 1023) === 0) this.growth(items.length);
    }
    return items;
  }

  contains(container: Value, item: Value): boolean {
    if (container instanceof PyContainer && container.cls.mutable) {
      const own = this.special(container, '__contains__');
      if (own !== undefined) return this.truth(this.callFunction(own, [container, item], null));
    }
    if (container instanceof PyDict || container instanceof PySet) return container.has(item);
    if (container instanceof PyList || container instanceof PyTuple) {
      this.budget.work(container.items.length);
      return container.items.some(other => this.equals(other, item));
    }
    if (typeof container === 'string') {
      const text = item instanceof PyInstance ? item.payload : item;
      if (typeof text !== 'string')
        throw raise('TypeError', `'in <string>' requires string as left operand, not ${classOf(item).name}`);
      this.budget.work(container.length >> 4);
      return container.includes(text);
    }
    if (container instanceof PyRange) {
      const n = numberOf(item);
      if (n === undefined || !Number.isInteger(n)) return false;
      const offset = (n - container.start) / container.step;
      return Number.isInteger(offset) && offset >= 0 && offset < container.length;
    }
    if (container instanceof NativeObject) {
      const result = container.contains(item, this);
      if (result !== undefined) return result;
    }
    const own = this.callSpecial(container, '__contains__', [item]);
    if (own !== undefined) return this.truth(own);
    const iterator = this.iterate(container);
    for (let other = iterator.next(); other !== undefined; other = iterator.next())
      if (this.equals(other, item)) return true;
    return false;
  }

  getItem(container: Value, key: Value): Value {
    if (container instanceof PyContainer) {
      if (container.cls.mutable) {
        const own = this.special(container, '__getitem__');
        if (own !== undefined) return this.callFunction(own, [container, key], null);
      }
      return this.builtinItem(container, key);
    }
    if (container instanceof NativeObject) return container.getItem(key, this);
    if (typeof container === 'string') {
      const characters = isAstral(container) ? [...container] : container;
      if (key instanceof PySlice) {
        const picked = sliceOf(key, characters.length, this);
        this.charge(picked.length);
        let out = '';
        for (let i = 0; i < picked.length; i++) out += characters[picked.start + i * picked.step];
        return out;
      }
      return characters[this.position(key, characters.length, 'string')]!;
    }
    if (container instanceof PyRange) {
      if (key instanceof PySlice) {
        const picked = sliceOf(key, container.length, this);
        const start = container.start + picked.start * container.step;
        const step = picked.step * container.step;
        return new PyRange(start, start + step * picked.length, step);
      }
      return container.start + this.position(key, container.length, 'range object') * container.step;
    }
    if (container instanceof PyBytes) {
      if (key instanceof PySlice) {
        const picked = sliceOf(key, container.bytes.length, this);
        return new PyBytes(
          Uint8Array.from(
            { length: picked.length },
            (_, i) => container.bytes[picked.start + i * picked.step]!,
          ),
        );
      }
      return container.bytes[this.position(key, container.bytes.length, 'index')]!;
    }
    if (container instanceof PyClass) return this.classItem(container, key);
    const own = this.callSpecial(container, '__getitem__', [key]);
    if (own !== undefined) return own;
    if (container instanceof PyInstance && container.payload !== undefined)
      return this.getItem(container.payload, key);
    throw raise('TypeError', `'${classOf(container).name}' object is not subscriptable`);
  }

  /** Item of a list, tuple or dict without regard to overrides in subclasses. */
  builtinItem(container: PyContainer, key: Value): Value {
    if (container instanceof PyDict) {
      const found = container.get(key);
      if (found !== undefined) return found;
      if (container.defaultFactory !== undefined && container.defaultFactory !== null) {
        const value = this.call(container.defaultFactory, []);
        container.set(key, value);
        return value;
      }
      const missing = container.cls !== dictClass ? container.cls.lookup('__missing__') : undefined;
      if (missing !== undefined) return this.callFunction(missing, [container, key], null);
      throw new Raised('KeyError', this.repr(key), [key]);
    }
    if (container instanceof PyList || container instanceof PyTuple) {
      const { items } = container;
      if (typeof key === 'number') {
        const item = items[key < 0 ? key + items.length : key];
        if (item !== undefined) return item;
      }
      if (key instanceof PySlice) {
        const picked = sliceOf(key, items.length, this);
        this.chargeItems(picked.length);
        const out: Value[] = [];
        for (let i = 0; i < picked.length; i++) out.push(items[picked.start + i * picked.step]!);
        return container instanceof PyList ? new PyList(out) : new PyTuple(out);
      }
      return items[this.position(key, items.length, container instanceof PyList ? 'list' : 'tuple')]!;
    }
    throw raise('TypeError', `'${container.cls.name}' object is not subscriptable`);
  }

  private classItem(cls: PyClass, key: Value): Value {
    const members = cls.lookup('$getitem');
    if (members !== undefined) return this.callFunction(members, [cls, key], null);
    const generic = cls.lookup('__class_getitem__');
    if (generic !== undefined)
      return this.callFunction(generic instanceof PyClassMethod ? generic.target : generic, [cls, key], null);
    // `list[int]`, `Foo[T]`: parameters of types mean nothing at run time.
    return cls;
  }

  /** Index of a sequence from a Python index, range-checked. */
  position(key: Value, length: number, what: string): number {
    if (!(typeof key === 'number' || typeof key === 'boolean')) {
      const index = this.tryIndex(key);
      if (index === undefined) {
        if (what === 'string') throw raise('TypeError', `string indices must be integers`);
        throw raise('TypeError', `${what} indices must be integers or slices, not ${classOf(key).name}`);
      }
      return this.position(index, length, what);
    }
    const n = Number(key);
    const at = n < 0 ? n + length : n;
    if (!(at >= 0 && at < length)) throw raise('IndexError', `${what} index out of range`);
    return at;
  }

  setItem(container: Value, key: Value, value: Value): void {
    if (container instanceof PyContainer && container.cls.mutable) {
      const own = this.special(container, '__setitem__');
      if (own !== undefined) {
        this.callFunction(own, [container, key, value], null);
        return;
      }
    }
    if (container instanceof PyDict || container instanceof PyList) {
      this.setBuiltinItem(container, key, value);
      return;
    }
    if (container instanceof NativeObject) {
      container.setItem(key, value, this);
      return;
    }
    const own = this.callSpecial(container, '__setitem__', [key, value]);
    if (own === undefined)
      throw raise('TypeError', `'${classOf(container).name}' object does not support item assignment`);
  }

  setBuiltinItem(container: PyDict | PyList, key: Value, value: Value): void {
    if (container instanceof PyDict) {
      if (key instanceof PyTuple) this.budget.work(key.items.length);
      container.set(key, value);
      if ((container.size & 1023) === 0) this.growth(container.size);
      return;
    }
    const { items } = container;
    if (key instanceof PySlice) {
      const picked = sliceOf(key, items.length, this);
      const values = this.list(value);
      if (picked.step === 1) {
        this.chargeItems(items.length + values.length);
        container.items = [
          ...items.slice(0, picked.start),
          ...values,
          ...items.slice(picked.start + picked.length),
        ];
        return;
      }
      if (values.length !== picked.length) {
        throw raise(
          'ValueError',
          `attempt to assign sequence of size ${values.length} to extended slice of size ${picked.length}`,
        );
      }
      for (let i = 0; i < picked.length; i++) items[picked.start + i * picked.step] = values[i]!;
      return;
    }
    items[this.position(key, items.length, 'list assignment')] = value;
  }

  deleteItem(container: Value, key: Value): void {
    if (container instanceof PyContainer && container.cls.mutable) {
      const own = this.special(container, '__delitem__');
      if (own !== undefined) {
        this.callFunction(own, [container, key], null);
        return;
      }
    }
    if (container instanceof PyDict) {
      if (!container.delete(key)) throw new Raised('KeyError', this.repr(key), [key]);
      return;
    }
    if (container instanceof PyList) {
      if (key instanceof PySlice) {
        const picked = sliceOf(key, container.items.length, this);
        const gone = new Set<number>();
        for (let i = 0; i < picked.length; i++) gone.add(picked.start + i * picked.step);
        container.items = container.items.filter((_, i) => !gone.has(i));
      } else container.items.splice(this.position(key, container.items.length, 'list assignment'), 1);
      return;
    }
    if (container instanceof NativeObject) {
      container.deleteItem(key, this);
      return;
    }
    const own = this.callSpecial(container, '__delitem__', [key]);
    if (own === undefined)
      throw raise('TypeError', `'${classOf(container).name}' object doesn't support item deletion`);
  }

  /** `__index__`, undefined when the value has none. */
  tryIndex(value: Value): number | undefined {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'bigint')
      throw raise('OverflowError', 'Python int too large to convert to C ssize_t');
    if (value instanceof NativeObject) return value.toIndex(this);
    if (value instanceof PyInstance) {
      const own = this.callSpecial(value, '__index__', []);
      if (own !== undefined) return this.tryIndex(own);
      if (value.payload !== undefined) return this.tryIndex(value.payload);
    }
    return undefined;
  }

  index(value: Value): number {
    const index = this.tryIndex(value);
    if (index === undefined)
      throw raise('TypeError', `'${classOf(value).name}' object cannot be interpreted as an integer`);
    return index;
  }

  // ---------------------------------------------------------------- text

  repr(value: Value): string {
    if (--this.budget.fuel < 0) this.budget.refuel();
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'number':
      case 'bigint':
        return value.toString();
      case 'boolean':
        return value ? 'True' : 'False';
      default:
    }
    if (value === null) return 'None';
    if (value instanceof PyFloat) return floatText(value.value);
    if (!(value instanceof PyContainer)) return reprObject(this, value);
    // A container inside itself.
    if (this.shown.has(value))
      return value instanceof PyList ? '[...]' : value instanceof PyTuple ? '(...)' : '{...}';
    this.shown.add(value);
    try {
      return reprObject(this, value);
    } finally {
      this.shown.delete(value);
    }
  }

  str(value: Value): string {
    if (typeof value === 'string') return value;
    if (value instanceof NativeObject) return value.str(this);
    if (value instanceof PyInstance || (value instanceof PyContainer && value.cls.mutable)) {
      const own = this.callSpecial(value, '__str__', []);
      if (own !== undefined) {
        if (typeof own !== 'string')
          throw raise('TypeError', `__str__ returned non-string (type ${classOf(own).name})`);
        return own;
      }
      if (
        value instanceof PyInstance &&
        value.payload !== undefined &&
        this.special(value, '__repr__') === undefined
      ) {
        return this.str(value.payload);
      }
    }
    return this.repr(value);
  }

  format(value: Value, spec: string): string {
    if (
      typeof value === 'number' ||
      typeof value === 'string' ||
      value instanceof PyFloat ||
      typeof value === 'bigint' ||
      typeof value === 'boolean'
    ) {
      return formatValue(value, spec);
    }
    if (value instanceof NativeObject) return spec === '' ? this.str(value) : value.format(spec, this);
    const own = this.callSpecial(value, '__format__', [spec]);
    if (typeof own === 'string') return own;
    if (spec === '') return this.str(value);
    if (value instanceof PyInstance && value.payload !== undefined) return this.format(value.payload, spec);
    throw raise('TypeError', `unsupported format string passed to ${classOf(value).name}.__format__`);
  }

  // ---------------------------------------------------------------- classes

  isInstance(value: Value, cls: Value): boolean {
    if (cls instanceof PyClass) {
      if (cls.instanceCheck) return cls.instanceCheck(value);
      return classOf(value).isSubclassOf(cls);
    }
    if (cls instanceof PyTuple) return cls.items.some(item => this.isInstance(value, item));
    if (cls instanceof PyUnion) return cls.members.some(item => this.isInstance(value, item));
    if (cls === null) return value === null;
    // Nothing can be an instance of a class that was never there.
    if (cls instanceof UnknownImport) return false;
    if (cls instanceof NativeObject) {
      const check = cls.getAttribute('__instancecheck__', this) ?? cls.cls.lookup('__instancecheck__');
      if (check !== undefined) {
        const bound = check instanceof NativeFunction ? [cls, value] : [value];
        return this.truth(this.call(check, bound));
      }
    }
    throw raise('TypeError', 'isinstance() arg 2 must be a type, a tuple of types, or a union');
  }

  importModule(name: string): PyModule {
    return this.surroundings.importModule(name);
  }

  exceptionClass(name: string): PyClass {
    return exceptionClasses.get(name) ?? baseException;
  }

  log(text: string): void {
    this.surroundings.log(text);
  }

  /** What `raise` throws for a value. */
  toRaised(value: Value): Raised {
    let instance = value;
    if (value instanceof PyClass && value.isSubclassOf(baseException))
      instance = this.instantiate(value, [], null);
    if (value instanceof UnknownImport) throw value.refuse();
    if (!(instance instanceof PyInstance) || !instance.cls.isSubclassOf(baseException)) {
      return raise('TypeError', 'exceptions must derive from BaseException');
    }
    const { frame } = this;
    let message = '';
    try {
      message =
        instance.cls.lookup('__str__') instanceof PyFunction
          ? this.str(instance)
          : exceptionText(instance, this);
    } catch (error) {
      this.frame = frame;
      if (!(error instanceof Raised)) throw error;
    }
    return new Raised(instance.cls.name, message, [], instance);
  }

  /** Record of the calling frame, for native code that calls back. */
  get record(): CallRecord | null {
    return this.frame?.record ?? null;
  }
}

function tracebackFrame(code: Code, at: Frame['at']): TracebackFrame {
  const { file } = code;
  return { ...file.span(at), function: code.qualname, text: file.lineText(at.start) };
}

function missingArguments(code: Code, names: readonly string[], kind: string): Raised {
  const quoted = names.map(name => `'${name}'`);
  const list =
    quoted.length === 1
      ? quoted[0]
      : quoted.length === 2
        ? quoted.join(' and ')
        : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
  return raise(
    'TypeError',
    `${code.qualname}() missing ${names.length} required ${kind} argument${names.length === 1 ? '' : 's'}: ${list}`,
  );
}
