/**
 * What native code (the torch library, the standard library) may ask of the interpreter. One `Runtime` belongs to one run.
 */
import type { Budget } from './limits.ts';
import type {
  BinaryOperator,
  CompareOperator,
  Keywords,
  PyClass,
  PyIterator,
  PyModule,
  UnaryOperator,
  Value,
} from './values.ts';

export interface Runtime {
  /** Charge elements, nodes, bytes and steps here before using them. */
  readonly budget: Budget;
  /** A place for per-run state of libraries (the graph under construction), by a key object of theirs. */
  readonly state: WeakMap<object, unknown>;

  call(callee: Value, args: readonly Value[], keywords?: Keywords): Value;
  /** `value.name`; AttributeError when missing. */
  getAttribute(value: Value, name: string): Value;
  /** `undefined` when missing (`hasattr`, `getattr` with default). */
  findAttribute(value: Value, name: string): Value | undefined;
  setAttribute(value: Value, name: string, to: Value): void;
  getItem(container: Value, key: Value): Value;
  setItem(container: Value, key: Value, value: Value): void;
  binary(operator: BinaryOperator, left: Value, right: Value): Value;
  compare(operator: CompareOperator, left: Value, right: Value): Value;
  unary(operator: UnaryOperator, operand: Value): Value;
  /** `==` as a boolean, with the identity shortcut of containers. */
  equals(left: Value, right: Value): boolean;
  truth(value: Value): boolean;
  length(value: Value): number;
  iterate(value: Value): PyIterator;
  /** Everything an iterable gives. */
  list(value: Value): Value[];
  contains(container: Value, item: Value): boolean;
  /** An int where Python wants `__index__`; TypeError otherwise. */
  index(value: Value): number;
  repr(value: Value): string;
  str(value: Value): string;
  format(value: Value, spec: string): string;
  isInstance(value: Value, cls: Value): boolean;
  /** Imports a module by its absolute dotted name. */
  importModule(name: string): PyModule;
  /** An exception class by name, for `except` and `raise` in native code. */
  exceptionClass(name: string): PyClass;
  /** What `print` and warnings write. */
  log(text: string): void;
}
