import { raise } from './errors.ts';
import { exceptionClasses, exceptionOf } from './exceptions.ts';
import type { Interpreter } from './interpreter.ts';
import { isAstral } from './isAstral.ts';
import type { Budget } from './limits.ts';
import {
  classOf,
  dictClass,
  listClass,
  NativeObject,
  PyBytes,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  setClass,
  tupleClass,
  type Value,
} from './values.ts';

/** `iter(value)`: of built-in containers their own, else by `__iter__` or the old protocol of `__getitem__`. */
export function iteratorOf(interpreter: Interpreter, value: Value): PyIterator {
  if (value instanceof PyList) {
    if (value.cls === listClass || interpreter.special(value, '__iter__') === undefined)
      return new ListIterator(value, interpreter.budget);
  } else if (value instanceof PyTuple) {
    if (value.cls === tupleClass || interpreter.special(value, '__iter__') === undefined)
      return new ItemsIterator(value.items, interpreter.budget);
  } else if (value instanceof PyDict) {
    if (value.cls === dictClass || interpreter.special(value, '__iter__') === undefined)
      return new DictIterator(value, interpreter.budget);
  } else if (value instanceof PySet) {
    if (value.cls === setClass || interpreter.special(value, '__iter__') === undefined)
      return new SetIterator(value, interpreter.budget);
  } else if (value instanceof PyIterator) return value;
  else if (value instanceof PyRange) return new RangeIterator(value, interpreter.budget);
  else if (typeof value === 'string')
    return new ItemsIterator(isAstral(value) ? [...value] : value.split(''), interpreter.budget);
  else if (value instanceof NativeObject) return value.iterate(interpreter);
  else if (value instanceof PyBytes) return new ItemsIterator([...value.bytes], interpreter.budget);
  else if (value instanceof PyClass) {
    const members = value.lookup('$iter');
    if (members !== undefined)
      return iteratorOf(interpreter, interpreter.callFunction(members, [value], null));
    throw raise('TypeError', `'type' object is not iterable`);
  }
  const own = interpreter.callSpecial(value, '__iter__', []);
  if (own !== undefined) {
    if (own instanceof PyIterator) return own;
    if (own instanceof PyInstance && own.cls.lookup('__next__') !== undefined)
      return new ProtocolIterator(interpreter, 'StopIteration', () =>
        interpreter.call(interpreter.getAttribute(own, '__next__'), []),
      );
    throw raise('TypeError', `iter() returned non-iterator of type '${classOf(own).name}'`);
  }
  if (value instanceof PyInstance && value.cls.lookup('__getitem__') !== undefined) {
    let index = 0;
    return new ProtocolIterator(interpreter, 'IndexError', () => interpreter.getItem(value, index++));
  }
  if (value instanceof PyInstance && value.payload !== undefined)
    return iteratorOf(interpreter, value.payload);
  throw raise('TypeError', `'${classOf(value).name}' object is not iterable`);
}

class ListIterator extends PyIterator {
  private index = 0;
  private readonly source: PyList;
  private readonly budget: Budget;
  constructor(source: PyList, budget: Budget) {
    super();
    this.source = source;
    this.budget = budget;
  }
  override next(): Value | undefined {
    if (--this.budget.fuel < 0) this.budget.refuel();
    return this.source.items[this.index++];
  }
}

class ItemsIterator extends PyIterator {
  private index = 0;
  private readonly items: readonly Value[];
  private readonly budget: Budget;
  constructor(items: readonly Value[], budget: Budget) {
    super();
    this.items = items;
    this.budget = budget;
  }
  override next(): Value | undefined {
    if (--this.budget.fuel < 0) this.budget.refuel();
    return this.items[this.index++];
  }
}

class RangeIterator extends PyIterator {
  private index = 0;
  private readonly range: PyRange;
  private readonly budget: Budget;
  constructor(range: PyRange, budget: Budget) {
    super();
    this.range = range;
    this.budget = budget;
  }
  override next(): Value | undefined {
    if (--this.budget.fuel < 0) this.budget.refuel();
    const { range } = this;
    return this.index < range.length ? range.start + range.step * this.index++ : undefined;
  }
}

class DictIterator extends PyIterator {
  private readonly keys: IterableIterator<{ readonly key: Value }>;
  private readonly dict: PyDict;
  private readonly size: number;
  private readonly budget: Budget;
  constructor(dict: PyDict, budget: Budget) {
    super();
    this.dict = dict;
    this.size = dict.size;
    this.keys = dict.entries.values();
    this.budget = budget;
  }
  override next(): Value | undefined {
    if (--this.budget.fuel < 0) this.budget.refuel();
    if (this.dict.size !== this.size) throw raise('RuntimeError', 'dictionary changed size during iteration');
    const step = this.keys.next();
    return step.done ? undefined : step.value.key;
  }
}

class SetIterator extends PyIterator {
  private readonly items: IterableIterator<Value>;
  private readonly set: PySet;
  private readonly size: number;
  private readonly budget: Budget;
  constructor(set: PySet, budget: Budget) {
    super();
    this.set = set;
    this.size = set.size;
    this.items = set.entries.values();
    this.budget = budget;
  }
  override next(): Value | undefined {
    if (--this.budget.fuel < 0) this.budget.refuel();
    if (this.set.size !== this.size) throw raise('RuntimeError', 'Set changed size during iteration');
    const step = this.items.next();
    return step.done ? undefined : step.value;
  }
}

/** What a Python class gives one by one, until it raises what ends it. */
class ProtocolIterator extends PyIterator {
  private readonly interpreter: Interpreter;
  private readonly give: () => Value;
  private readonly end: string;
  constructor(interpreter: Interpreter, end: 'StopIteration' | 'IndexError', give: () => Value) {
    super();
    this.interpreter = interpreter;
    this.end = end;
    this.give = give;
  }
  override next(): Value | undefined {
    return this.interpreter.attempt<Value | undefined>(this.give, error => {
      if (exceptionOf(error).cls.mro.includes(exceptionClasses.get(this.end)!)) return undefined;
      throw error;
    });
  }
}
