/**
 * Short cuts past `nn.Module.__getattr__` and `__setattr__` of the Python stand-in, with the same result: they run for every
 * attribute of every module, and most calls need a look into three dicts and no more.
 */
import { PyFunction } from './frame.ts';
import { NativeObject, PyDict, PyInstance, PySet, type Value } from './values.ts';

const stores = ['_modules', '_parameters', '_buffers'] as const;

function isOf(hook: Value | undefined, qualname: string): boolean {
  return hook instanceof PyFunction && hook.code.file.internal && hook.code.qualname === qualname;
}

/** What `Module.__getattr__` finds in its stores; `undefined`: ask the real one. */
export function storedAttribute(self: Value, hook: Value, name: string): Value | undefined {
  if (!(self instanceof PyInstance) || !isOf(hook, 'Module.__getattr__')) return undefined;
  for (const store of stores) {
    const dict = self.attributes.get(store);
    if (!(dict instanceof PyDict)) return undefined;
    const found = dict.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Plain values and submodules under names that are new to the stores.
 * @returns `plain`: set it as any object would; `done`: it is set; `undefined`: ask the real one
 */
export function storeAttribute(
  self: Value,
  hook: Value,
  name: string,
  value: Value,
): 'plain' | 'done' | undefined {
  if (!(self instanceof PyInstance) || !isOf(hook, 'Module.__setattr__')) return undefined;
  // Tensors and parameters have rules of their own.
  if (value instanceof NativeObject) return undefined;
  for (const store of stores) {
    const dict = self.attributes.get(store);
    if (!(dict instanceof PyDict) || dict.has(name)) return undefined;
  }
  if (!(value instanceof PyInstance) || value.cls.lookup('__setattr__') !== hook) return 'plain';
  const hidden = self.attributes.get('_non_persistent_buffers_set');
  if (self.attributes.has(name) || !(hidden instanceof PySet) || hidden.has(name)) return undefined;
  (self.attributes.get('_modules') as PyDict).set(name, value);
  return 'done';
}
