/** What a running function is made of. Internal to the interpreter. */
import type { CallRecord } from './captures.ts';
import { LimitError, Raised, raise } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import type { SourceFile } from './sourceFile.ts';
import {
  functionClass,
  generatorClass,
  type PyClass,
  PyIterator,
  type PyModule,
  PyObject,
  type Value,
} from './values.ts';

/** A variable that nested functions share. */
export class Cell {
  value: Value | undefined;
  constructor(value?: Value) {
    this.value = value;
  }
}

/** What a compiled body tells the block around it. */
export enum Signal {
  Next = 0,
  Break = 1,
  Continue = 2,
  Return = 3,
}

export type RunExpression = (frame: Frame) => Value;
export type RunStatement = (frame: Frame) => Signal;
/** Yields what Python yields, is sent what Python sends. */
export type RunGenerator = (frame: Frame) => Generator<Value, Signal, Value>;

/** A compiled function, module or class body; shared between runs. */
export interface Code {
  readonly name: string;
  readonly qualname: string;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** Positional parameters first, then keyword-only ones, `*args`, `**kwargs`: slots 0, 1, 2, … */
  readonly positional: readonly string[];
  readonly positionalOnly: number;
  readonly keywordOnly: readonly string[];
  readonly star: boolean;
  readonly doubleStar: boolean;
  readonly isAsync: boolean;
  /** Positional parameters and nothing else, none of them a cell. */
  readonly simple: boolean;
  /** Slot of each variable, compiled with the body. */
  readonly layout: () => Layout;
}

export interface Layout {
  readonly names: readonly string[];
  /** Slots of this function's own variables that are cells. */
  readonly cells: readonly number[];
  /** Closure: slot here ← slot in the frame around. */
  readonly free: readonly { readonly slot: number; readonly from: number }[];
  readonly isGenerator: boolean;
  readonly run: RunStatement;
  readonly generate: RunGenerator | undefined;
}

/** One activation. */
export class Frame {
  readonly vars: (Value | Cell | undefined)[];
  readonly code: Code;
  readonly interpreter: Interpreter;
  readonly module: PyModule;
  /** The caller. */
  back: Frame | null;
  readonly depth: number;
  /** Where it is: start and end offset of the construct at work. */
  at: { readonly start: number; readonly end: number };
  result: Value = null;
  /** Class of which the function is a method, for `super()`. */
  classCell: Cell | null;
  /** Names of a class body. */
  namespace: Map<string, Value> | null = null;
  record: CallRecord | null = null;
  /** Depth of `try` blocks that handle ImportError: an unknown import raises there. */
  importGuard = 0;
  /** Exceptions being handled, for a bare `raise`. */
  handling: Raised | null = null;

  constructor(
    code: Code,
    interpreter: Interpreter,
    module: PyModule,
    slots: number,
    back: Frame | null,
    classCell: Cell | null,
  ) {
    this.code = code;
    this.interpreter = interpreter;
    this.module = module;
    this.vars = new Array<Value | Cell | undefined>(slots).fill(undefined);
    this.back = back;
    this.depth = back === null ? 1 : back.depth + 1;
    this.at = code;
    this.classCell = classCell;
    if (this.depth > interpreter.budget.limits.depth)
      throw new LimitError('depth', interpreter.budget.limits.depth);
  }
}

/** A function defined in Python. */
export class PyFunction extends PyObject {
  readonly code: Code;
  readonly interpreter: Interpreter;
  readonly module: PyModule;
  /** By positional parameter; undefined where there is none. */
  readonly defaults: readonly (Value | undefined)[];
  readonly keywordDefaults: readonly (Value | undefined)[];
  readonly closure: readonly (Value | Cell | undefined)[];
  readonly classCell: Cell | null;
  attributes: Map<string, Value> | undefined;

  constructor(
    code: Code,
    frame: Frame,
    defaults: readonly (Value | undefined)[],
    keywordDefaults: readonly (Value | undefined)[],
    closure: readonly (Value | Cell | undefined)[],
  ) {
    super();
    this.code = code;
    this.interpreter = frame.interpreter;
    this.module = frame.module;
    this.classCell = frame.classCell;
    this.defaults = defaults;
    this.keywordDefaults = keywordDefaults;
    this.closure = closure;
  }

  override get cls(): PyClass {
    return functionClass;
  }

  /** Used by `hashKey` for a Python `__hash__`. */
  hashBy(self: Value): Value {
    return this.interpreter.call(this, [self]);
  }
}

/** A running generator function or generator expression. */
export class PyGenerator extends PyIterator {
  readonly frame: Frame;
  private readonly steps: Generator<Value, Signal, Value>;
  private state: 'new' | 'suspended' | 'running' | 'done' = 'new';

  constructor(frame: Frame, generate: RunGenerator) {
    super();
    this.frame = frame;
    this.steps = generate(frame);
  }

  override get cls(): PyClass {
    return generatorClass;
  }

  get returned(): Value {
    return this.frame.result;
  }

  override next(): Value | undefined {
    return this.resume(() => this.steps.next(null));
  }

  send(value: Value): Value | undefined {
    if (this.state === 'new' && value !== null)
      throw raise('TypeError', "can't send non-None value to a just-started generator");
    return this.resume(() => this.steps.next(value));
  }

  /** Raises inside the generator, at the yield. */
  throw(error: unknown): Value | undefined {
    if (this.state === 'new') {
      this.state = 'done';
      throw error;
    }
    return this.resume(() => this.steps.throw(error));
  }

  close(): void {
    if (this.state === 'suspended') {
      try {
        const yielded = this.throw(raise('GeneratorExit', ''));
        if (yielded !== undefined) throw raise('RuntimeError', 'generator ignored GeneratorExit');
      } catch (error) {
        if (
          !(error instanceof Raised) ||
          (error.className !== 'GeneratorExit' && error.className !== 'StopIteration')
        )
          throw error;
      }
    }
    this.state = 'done';
  }

  private resume(step: () => IteratorResult<Value, Signal>): Value | undefined {
    if (this.state === 'done') return undefined;
    if (this.state === 'running') throw raise('ValueError', 'generator already executing');
    const { interpreter } = this.frame;
    const caller = interpreter.frame;
    if (caller !== null && caller.depth + 1 > interpreter.budget.limits.depth) {
      throw new LimitError('depth', interpreter.budget.limits.depth);
    }
    this.state = 'running';
    this.frame.back = caller;
    interpreter.frame = this.frame;
    try {
      const { value, done } = step();
      interpreter.frame = caller;
      if (done) {
        this.state = 'done';
        return undefined;
      }
      this.state = 'suspended';
      return value;
    } catch (error) {
      this.state = 'done';
      interpreter.noteFrames(error);
      interpreter.frame = caller;
      throw error;
    }
  }
}
