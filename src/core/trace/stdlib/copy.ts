import type { Runtime } from '../interpreter/runtime.ts';
import {
  NativeObject,
  PyDict,
  PyInstance,
  PyList,
  type PyModule,
  PySet,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

/** Tensors and other native objects copy themselves with their `clone`; what has none is immutable and stays. */
function copyNative(value: NativeObject, runtime: Runtime): Value {
  const own = runtime.findAttribute(value, '__deepcopy__');
  if (own !== undefined) return runtime.call(own, [new PyDict()]);
  return value;
}

function deepCopy(value: Value, memo: Map<object, Value>, runtime: Runtime): Value {
  if (typeof value !== 'object' || value === null) return value;
  const known = memo.get(value);
  if (known !== undefined) return known;
  runtime.budget.step();
  const remember = <T extends Value>(copy: T): T => {
    memo.set(value, copy);
    return copy;
  };
  if (value instanceof NativeObject) return remember(copyNative(value, runtime));
  if (value instanceof PyList) {
    const copy = remember(new PyList([]));
    copy.cls = value.cls;
    copy.items = value.items.map(item => deepCopy(item, memo, runtime));
    copyAttributes(value.attributes, copy, memo, runtime);
    return copy;
  }
  if (value instanceof PyTuple)
    return remember(
      new PyTuple(
        value.items.map(item => deepCopy(item, memo, runtime)),
        value.cls,
      ),
    );
  if (value instanceof PyDict) {
    const copy = remember(new PyDict());
    copy.cls = value.cls;
    copy.defaultFactory = value.defaultFactory;
    for (const entry of value.entries.values())
      copy.set(deepCopy(entry.key, memo, runtime), deepCopy(entry.value, memo, runtime));
    copyAttributes(value.attributes, copy, memo, runtime);
    return copy;
  }
  if (value instanceof PySet) {
    const copy = remember(
      new PySet(
        value.items().map(item => deepCopy(item, memo, runtime)),
        value.frozen,
      ),
    );
    copy.cls = value.cls;
    return copy;
  }
  if (value instanceof PyInstance) {
    const own = value.cls.lookup('__deepcopy__');
    if (own !== undefined) return remember(runtime.call(own, [value, new PyDict()]));
    // Enum members are one of a kind.
    if (value.attributes.has('_value_') && value.attributes.has('_name_')) return value;
    const copy = remember(new PyInstance(value.cls));
    copy.payload = value.payload;
    for (const [name, inner] of value.attributes) copy.attributes.set(name, deepCopy(inner, memo, runtime));
    return copy;
  }
  return value;
}

function copyAttributes(
  from: Map<string, Value> | undefined,
  to: PyList | PyDict,
  memo: Map<object, Value>,
  runtime: Runtime,
): void {
  if (!from) return;
  to.attributes = new Map();
  for (const [name, value] of from) to.attributes.set(name, deepCopy(value, memo, runtime));
}

function shallowCopy(value: Value, runtime: Runtime): Value {
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet)
    return runtime.call(runtime.getAttribute(value, 'copy'), []);
  if (value instanceof PyInstance) {
    const own = value.cls.lookup('__copy__');
    if (own !== undefined) return runtime.call(own, [value]);
    if (value.attributes.has('_value_') && value.attributes.has('_name_')) return value;
    const copy = new PyInstance(value.cls);
    copy.payload = value.payload;
    for (const [name, inner] of value.attributes) copy.attributes.set(name, inner);
    return copy;
  }
  return value;
}

export function copyModule(): PyModule {
  return moduleOf('copy', [
    std('copy(x)', ([x], r) => shallowCopy(x!, r)),
    std('deepcopy(x, memo=None)', ([x], r) => deepCopy(x!, new Map(), r)),
  ]);
}
