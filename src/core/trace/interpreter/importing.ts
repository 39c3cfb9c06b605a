/** `import` and `from … import` as statements do them. */
import { Raised, Refusal, raise } from './errors.ts';
import type { Frame } from './frame.ts';
import { UnknownImport } from './special.ts';
import { PyList, type PyModule, PyTuple, type Value } from './values.ts';

/** Where modules come from; implemented by the loader of the tracer. */
export interface Importer {
  /** A module by absolute name, `undefined` when there is none. `from`: path of the importing file. */
  find(name: string, from: string | undefined): PyModule | undefined;
  /** Absolute module for a relative import from a file. */
  findRelative(level: number, name: string, from: PyModule): PyModule | undefined;
}

const importers = new WeakMap<object, Importer>();

/** Ties an importer to a run. */
export function setImporter(interpreter: object, importer: Importer): void {
  importers.set(interpreter, importer);
}

function importerOf(f: Frame): Importer {
  return importers.get(f.interpreter)!;
}

/** `import a.b.c` gives `a`; with `as`, `c`. */
export function importName(f: Frame, name: string, whole: boolean): Value {
  const importer = importerOf(f);
  const module = importer.find(name, f.module.file);
  if (module === undefined) return unknown(f, name, whole ? name : name.split('.')[0]!);
  if (whole || !name.includes('.')) return module;
  return importer.find(name.split('.')[0]!, f.module.file) ?? module;
}

/** @param names undefined: star import */
export function importFrom(
  f: Frame,
  level: number,
  name: string,
  names: readonly string[] | undefined,
  store: (name: string, value: Value) => void,
): void {
  const importer = importerOf(f);
  const module =
    level > 0 ? importer.findRelative(level, name, f.module) : importer.find(name, f.module.file);
  const display = '.'.repeat(level) + name;
  if (module === undefined) {
    if (!names) {
      unknown(f, display, display);
      return;
    }
    for (const wanted of names) store(wanted, unknown(f, display, `${display}.${wanted}`));
    return;
  }
  if (!names) {
    if (f.code.file.internal && f.namespace === null && module.late && module.file === undefined) {
      addLateNames(f.module, module);
      return;
    }
    for (const [key, value] of publicNames(f, module)) store(key, value);
    return;
  }
  let failure: unknown;
  for (const wanted of names) {
    try {
      store(wanted, attributeOf(f, module, wanted, display));
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      // The others are still good for those who need no more than them.
      f.interpreter.noteFrames(error);
      f.interpreter.frame = f;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

/** A star import of a native module: what nobody needed yet goes on waiting. */
function addLateNames(module: PyModule, from: PyModule): void {
  const fromThere = (name: string): Value | undefined => {
    if (name.startsWith('_')) return undefined;
    const known = from.attributes.get(name);
    return known === undefined ? from.define(name) : known;
  };
  // The files of a package are attributes before its `__init__` runs, and make way for what that binds.
  for (const name of module.attributes.keys()) {
    const value = fromThere(name);
    if (value !== undefined) module.attributes.set(name, value);
  }
  const { late } = module;
  module.late = {
    // What the module itself defines stands below the import, which comes first in our files.
    define: name => {
      const own = late?.define(name);
      return own === undefined ? fromThere(name) : own;
    },
    names: () => [
      ...(late?.names() ?? []),
      ...[...(from.late?.names() ?? [])].filter(name => !name.startsWith('_')),
    ],
  };
}

function attributeOf(f: Frame, module: PyModule, name: string, display: string): Value {
  let own = module.attributes.get(name);
  if (own === undefined) own = module.define(name);
  if (own !== undefined) return own;
  // What could not be defined there fails where it is used here.
  const poison = module.poisoned.get(name);
  if (poison)
    return new UnusableImport(
      `${module.name}.${name}`,
      f.code.file.path,
      f.interpreter.poisoned(poison, name),
    );
  let found: Value | undefined;
  try {
    found = f.interpreter.findAttribute(module, name);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new UnusableImport(`${module.name}.${name}`, f.code.file.path, error);
  }
  if (found !== undefined) return found;
  throw raise(
    'ImportError',
    `cannot import name '${name}' from '${display}' (${module.file ?? 'unknown location'})`,
  );
}

function publicNames(f: Frame, module: PyModule): [string, Value][] {
  // Forces a lazy package to run.
  f.interpreter.findAttribute(module, '__all__');
  module.defineAll();
  const all = module.attributes.get('__all__');
  if (all instanceof PyList || all instanceof PyTuple) {
    const items: readonly Value[] = all.items;
    const names = items.filter((item): item is string => typeof item === 'string');
    return names.flatMap((name): [string, Value][] => {
      const value = module.attributes.get(name);
      if (value !== undefined) return [[name, value]];
      const poison = module.poisoned.get(name);
      return poison
        ? [
            [
              name,
              new UnusableImport(
                `${module.name}.${name}`,
                f.code.file.path,
                f.interpreter.poisoned(poison, name),
              ),
            ],
          ]
        : [];
    });
  }
  const result = [...module.attributes].filter(([name]) => !name.startsWith('_'));
  for (const [name, error] of module.poisoned) {
    if (!name.startsWith('_')) {
      result.push([
        name,
        new UnusableImport(`${module.name}.${name}`, f.code.file.path, f.interpreter.poisoned(error, name)),
      ]);
    }
  }
  return result;
}

/** In a `try` that handles ImportError the honest answer is that error; elsewhere a stub that fails when used. */
function unknown(f: Frame, module: string, path: string): Value {
  if (f.importGuard > 0)
    throw new Raised('ModuleNotFoundError', `No module named '${module}'`, [`No module named '${module}'`]);
  return new UnknownImport(path, f.code.file.path);
}

/** Imported from a module that is there, but could not be defined: fails with what stopped it. */
class UnusableImport extends UnknownImport {
  private readonly reason: Refusal;
  constructor(path: string, importer: string, reason: Error) {
    super(path, importer);
    this.reason =
      reason instanceof Refusal ? reason : new Refusal({ construct: path, message: reason.message });
  }
  override refuse(): Refusal {
    const { construct, message, hint } = this.reason;
    return new Refusal({ construct, message, hint });
  }
  override getAttribute(name: string): Value | undefined {
    if (name === '__name__') return this.path;
    throw this.refuse();
  }
}
