import { nativeProperty } from '../interpreter/native.ts';
import { PyClass, PyTuple, tupleClass, type Value } from '../interpreter/values.ts';

/** A tuple class with named fields, as `torch.return_types`. */
export function namedTuple(name: string, ...fields: readonly string[]): (...items: Value[]) => PyTuple {
  const namespace = new Map<string, Value>(
    fields.map((field, i) => [field, nativeProperty(field, self => (self as PyTuple).items[i]!)]),
  );
  const cls = new PyClass(name, { bases: [tupleClass], module: 'torch.return_types', namespace });
  return (...items) => new PyTuple(items, cls);
}
