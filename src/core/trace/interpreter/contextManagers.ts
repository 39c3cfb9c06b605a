/** What a `with` asks of its context manager. */
import { type Raised, raise } from './errors.ts';
import { exceptionOf } from './exceptions.ts';
import type { Frame } from './frame.ts';
import { NativeObject, type Value } from './values.ts';

/** @returns what `as` binds */
export function enter(f: Frame, manager: Value): Value {
  if (manager instanceof NativeObject && f.interpreter.findAttribute(manager, '__enter__') === undefined)
    return manager.enter(f.interpreter);
  const method = f.interpreter.findAttribute(manager, '__enter__');
  if (method === undefined) throw raise('AttributeError', '__enter__');
  return f.interpreter.call(method, []);
}

/** @returns true where the exception is swallowed */
export function leave(f: Frame, manager: Value, error: Raised | null): boolean {
  const instance = error ? exceptionOf(error) : null;
  if (manager instanceof NativeObject && f.interpreter.findAttribute(manager, '__exit__') === undefined)
    return manager.exit(instance, f.interpreter);
  const method = f.interpreter.getAttribute(manager, '__exit__');
  const before = f.handling;
  f.handling = error;
  const result = f.interpreter.call(method, instance ? [instance.cls, instance, null] : [null, null, null]);
  f.handling = before;
  return error !== null && f.interpreter.truth(result);
}
