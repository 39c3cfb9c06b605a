/** What a `try` does with an exception. */
import type { Handler } from './ast.ts';
import { Raised, raise, type TraceError } from './errors.ts';
import { exceptionOf } from './exceptions.ts';
import type { Frame, RunExpression, RunStatement, Signal } from './frame.ts';
import { NativeObject, PyClass, PyTuple, type Value } from './values.ts';

/** An `except` clause. */
export interface CompiledHandler {
  readonly type: RunExpression | undefined;
  readonly at: { readonly start: number; readonly end: number };
  readonly store: ((f: Frame, value: Value) => void) | undefined;
  readonly forget: ((f: Frame) => void) | undefined;
  readonly body: RunStatement;
  readonly node: Handler;
}

/** A Python exception, its traceback noted and this frame in force again. Everything else goes on its way. */
export function catchable(f: Frame, thrown: unknown): Raised {
  const error: TraceError = f.interpreter.noteFrames(thrown);
  f.interpreter.frame = f;
  if (!(error instanceof Raised)) throw error;
  return error;
}

export function findHandler<T extends CompiledHandler>(
  f: Frame,
  handlers: readonly T[],
  error: Raised,
): T | undefined {
  const instance = exceptionOf(error);
  return handlers.find(handler => {
    if (!handler.type) return true;
    const type = handler.type(f);
    f.at = handler.at;
    const classes = type instanceof PyTuple ? type.items : [type];
    return classes.some(cls => {
      if (cls instanceof PyClass) return instance.cls.isSubclassOf(cls);
      if (cls instanceof PyTuple)
        return cls.items.some(inner => inner instanceof PyClass && instance.cls.isSubclassOf(inner));
      // An exception class of a module that is not there cannot have been raised.
      if (cls instanceof NativeObject) return false;
      throw raise('TypeError', 'catching classes that do not inherit from BaseException is not allowed');
    });
  });
}

export function handle(f: Frame, handler: CompiledHandler, error: Raised, body: () => Signal): Signal {
  const before = f.handling;
  f.handling = error;
  handler.store?.(f, exceptionOf(error));
  const signal = body();
  f.handling = before;
  forget(f, handler);
  return signal;
}

export function forget(f: Frame, handler: CompiledHandler): void {
  try {
    handler.forget?.(f);
  } catch (thrown) {
    // The handler deleted its name itself.
    if (!(thrown instanceof Raised)) throw thrown;
  }
}
