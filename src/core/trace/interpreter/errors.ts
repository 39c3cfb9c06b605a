/**
 * The three ways in which a traced program stops.
 *
 * - `Raised`: a Python exception. Python code can catch it. Native code throws `raise('TypeError', 'message')`; the
 *   exception instance is made when somebody looks at it. The message is what CPython or PyTorch would say.
 * - `Refusal`: the tracer does not know how to do this *truthfully*: an unknown function, argument or construct. Python
 *   code can NOT catch it, because `except` would then choose a path that PyTorch would not have taken.
 *   Throw `new Refusal({ construct: 'torch.svd', message: '…', hint: '…' })`; the interpreter fills in the place.
 * - `LimitError`: a limit of `limits.ts` was reached, or the run was cancelled. Not catchable either.
 *
 * Nobody needs to know where they are in the Python program: the interpreter attaches the traceback (`frames`, outermost
 * first) from its own frame chain when the error arrives.
 */
import type { Value } from './values.ts';

/** A place in a Python file. Lines and columns count from 0, as positions in a document do; half-open. */
export interface Span {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One line of a traceback. */
export interface TracebackFrame extends Span {
  /** Qualified name of the function, `<module>` at top level. */
  readonly function: string;
  /** The source line, trimmed. */
  readonly text: string;
}

/**
 * What is common to everything that stops a traced program. An `Error` by its prototype chain, but made without
 * JavaScript's stack, which costs more than all the rest: Python code raises and catches thousands of these.
 */
export abstract class TraceError {
  abstract readonly name: string;
  readonly message: string;
  private told: readonly TracebackFrame[] | undefined;
  private tell: (() => readonly TracebackFrame[]) | undefined;

  constructor(message: string) {
    this.message = message;
  }

  /** Outermost call first. Empty until the interpreter has seen the error. */
  get frames(): readonly TracebackFrame[] {
    this.told ??= this.tell?.();
    return this.told ?? [];
  }

  /** True once the interpreter has said where it happened. */
  get placed(): boolean {
    return this.tell !== undefined;
  }

  /** @param tell works the traceback out when somebody asks */
  place(tell: () => readonly TracebackFrame[]): void {
    this.tell ??= tell;
  }

  toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

Object.setPrototypeOf(TraceError.prototype, Error.prototype);

export interface RefusalDetails {
  /** What was met, as in the source: `torch.svd`, `conv2d(padding_mode=…)`, `async def`. */
  readonly construct: string;
  /** One sentence: what is not possible. */
  readonly message: string;
  /** One sentence: what would help. */
  readonly hint?: string | undefined;
}

/** Not known how to do this truthfully. */
export class Refusal extends TraceError {
  override readonly name = 'Refusal';
  readonly construct: string;
  readonly hint: string | undefined;

  constructor(details: RefusalDetails) {
    super(details.message);
    this.construct = details.construct;
    this.hint = details.hint;
  }
}

export type LimitKind =
  | 'steps'
  | 'depth'
  | 'elements'
  | 'nodes'
  | 'bytes'
  | 'milliseconds'
  | 'nesting'
  | 'sourceLength'
  | 'cancelled';

const limitSentences: Readonly<Record<LimitKind, (limit: string, asked: string) => string>> = {
  steps: limit => `The program takes more than ${limit} steps; is there an endless loop?`,
  depth: limit => `Calls are nested more than ${limit} deep; is there an endless recursion?`,
  elements: (limit, asked) =>
    `A tensor or sequence of ${asked} elements is asked for; at most ${limit} are allowed.`,
  nodes: limit => `The traced graph grows beyond ${limit} operations.`,
  bytes: limit => `The run needs more than ${limit} bytes of memory.`,
  milliseconds: limit => `The run takes longer than ${limit} ms.`,
  nesting: limit => `The source is nested more than ${limit} levels deep.`,
  sourceLength: limit => `The file is longer than ${limit} characters.`,
  cancelled: () => 'The run was cancelled.',
};

/** A limit was reached, or the run was cancelled. */
export class LimitError extends TraceError {
  override readonly name = 'LimitError';
  readonly kind: LimitKind;

  constructor(kind: LimitKind, limit: number, asked?: number) {
    const text = (n: number | undefined) => (n === undefined ? 'many' : n.toLocaleString('en-US'));
    super(limitSentences[kind](text(limit), text(asked)));
    this.kind = kind;
  }
}

/** Names of the exception classes that exist without any import. */
export type ExceptionName =
  | 'BaseException'
  | 'Exception'
  | 'ArithmeticError'
  | 'AssertionError'
  | 'AttributeError'
  | 'EOFError'
  | 'FileNotFoundError'
  | 'FloatingPointError'
  | 'GeneratorExit'
  | 'ImportError'
  | 'IndexError'
  | 'KeyError'
  | 'KeyboardInterrupt'
  | 'LookupError'
  | 'ModuleNotFoundError'
  | 'NameError'
  | 'NotImplementedError'
  | 'OSError'
  | 'IOError'
  | 'OverflowError'
  | 'PermissionError'
  | 'RecursionError'
  | 'RuntimeError'
  | 'StopIteration'
  | 'SyntaxError'
  | 'SystemExit'
  | 'TimeoutError'
  | 'TypeError'
  | 'UnboundLocalError'
  | 'UnicodeError'
  | 'ValueError'
  | 'Warning'
  | 'DeprecationWarning'
  | 'FutureWarning'
  | 'RuntimeWarning'
  | 'UserWarning'
  | 'ZeroDivisionError'
  | 'EnvironmentError'
  | 'UnicodeDecodeError'
  | 'UnicodeEncodeError'
  | 'StopAsyncIteration'
  | 'MemoryError'
  | 'BufferError'
  | 'ConnectionError'
  | 'FileExistsError'
  | 'NotADirectoryError'
  | 'IsADirectoryError'
  | 'ImportWarning'
  | 'PendingDeprecationWarning'
  | 'SyntaxWarning'
  | 'ResourceWarning'
  | 'BytesWarning'
  | 'UnicodeWarning'
  | 'IndentationError'
  | 'SystemError'
  | 'ReferenceError'
  | 'InterruptedError'
  | 'ProcessLookupError'
  | 'ChildProcessError'
  | 'BlockingIOError'
  | 'BrokenPipeError'
  | 'ConnectionAbortedError'
  | 'ConnectionRefusedError'
  | 'ConnectionResetError'
  | 'TabError'
  | 'UnicodeTranslateError';

/** A Python exception on its way. */
export class Raised extends TraceError {
  override readonly name = 'Raised';
  /** Either the instance, or class name and arguments from which `exceptionOf` makes it. */
  exception: Value | undefined;
  readonly className: string;
  readonly args: readonly Value[];

  constructor(className: string, message: string, args: readonly Value[], exception?: Value) {
    super(message);
    this.className = className;
    this.args = args;
    this.exception = exception;
  }
}

/** For native code: `throw raise('ValueError', 'math domain error')`. */
export function raise(className: ExceptionName, message: string): Raised {
  return new Raised(className, message, message === '' ? [] : [message]);
}
