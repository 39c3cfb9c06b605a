/**
 * Modules: finds files for `import`, runs them, keeps what fails to itself.
 *
 * Order: the standard library of the tracer, the reader's files, native library modules (`torch._native`), Python stand-ins.
 * An absolute import is looked for in the folders around the importing file, the nearest one that is no package first, and in
 * the provider's roots. A package's `__init__` runs when a name of it is needed, not because a file inside was imported.
 * Functions and classes of the stand-ins are defined when somebody asks for them: a run uses few. A top-level statement that
 * fails poisons the names it would have bound.
 */
import type { ImportFrom, Statement } from './interpreter/ast.ts';
import { builtins } from './interpreter/builtins.ts';
import type { Recorder } from './interpreter/captures.ts';
import { CompileScope } from './interpreter/compileScope.ts';
import { StatementCompiler } from './interpreter/compileStatement.ts';
import { LimitError, Refusal } from './interpreter/errors.ts';
import { type Code, Frame, type RunStatement } from './interpreter/frame.ts';
import { type Importer, importFrom, setImporter } from './interpreter/importing.ts';
import { Interpreter, type Surroundings } from './interpreter/interpreter.ts';
import { isNothing } from './interpreter/isNothing.ts';
import type { Budget } from './interpreter/limits.ts';
import { namesBoundBy } from './interpreter/scope.ts';
import type { SourceFile } from './interpreter/sourceFile.ts';
import { type LateNames, PyModule, type Value } from './interpreter/values.ts';
import type { Library } from './library.ts';
import type { SourceProvider } from './sourceProvider.ts';
import { standardNames, stdlib } from './stdlib/stdlib.ts';

/** A file, parsed and compiled; holds nothing of a run. */
export class CompiledFile {
  readonly file: SourceFile;
  readonly statements: readonly Statement[];
  private readonly scope: CompileScope;
  private readonly compiler: StatementCompiler;
  private readonly runs: (RunStatement | undefined)[] = [];
  private bound: ReadonlySet<string> | undefined;
  private late: CompiledFile['waiting'] | undefined;

  constructor(file: SourceFile, statements: readonly Statement[]) {
    this.file = file;
    this.statements = statements.filter(statement => !isNothing(statement));
    this.scope = new CompileScope('module', null, '<module>', null, null);
    this.compiler = new StatementCompiler(file, this.scope);
  }

  get slots(): number {
    return this.scope.names.length;
  }

  /** Statements are compiled when they first run: an error of compilation is one of that statement. */
  run(index: number, frame: Frame): void {
    let run = this.runs[index];
    if (!run) {
      run = this.compiler.statement(this.statements[index]!);
      this.runs[index] = run;
    }
    run(frame);
  }

  /** True where some statement binds the name at top level. */
  binds(name: string): boolean {
    this.bound ??= new Set(this.statements.flatMap(statement => [...namesBoundBy(statement)]));
    return this.bound.has(name);
  }

  /**
   * Functions, classes and imported names that one statement binds, which does nothing else: by name, its index. With them the
   * indices, for whoever runs the others.
   */
  get waiting(): { readonly byName: ReadonlyMap<string, number>; readonly indices: ReadonlySet<number> } {
    if (this.late) return this.late;
    const times = new Map<string, number>();
    for (const name of this.statements.flatMap(statement => [...namesBoundBy(statement)]))
      times.set(name, (times.get(name) ?? 0) + 1);
    const byName = new Map<string, number>();
    for (const [index, statement] of this.statements.entries()) {
      const names = namesBoundLate(statement);
      // Nobody asks for `__getattr__` by name: whatever a module lacks is asked of it.
      if (names.every(name => times.get(name) === 1 && !name.startsWith('__')))
        for (const name of names) byName.set(name, index);
    }
    this.late = { byName, indices: new Set(byName.values()) };
    return this.late;
  }

  get hasStarImport(): boolean {
    return this.statements.some(s => s.kind === 'ImportFrom' && s.names === undefined);
  }
}

/** Parses and compiles, cached by text. */
export interface FileCompiler {
  compile(path: string, text: string, internal: boolean): CompiledFile;
}

/** Prefix of the paths of the stand-ins. */
export const pylibRoot = '<tracer>';

/** Stand-ins whose inside is captured like the reader's own files. */
const shownLibraryFiles: ReadonlySet<string> = new Set([`${pylibRoot}/torch/nn/modules/attention.py`]);

interface ModuleState {
  /** Folder of a package; undefined for plain modules. */
  readonly folder: string | undefined;
  readonly compiled: CompiledFile | undefined;
  phase: 'new' | 'running' | 'done';
  /** Driver code: errors end the run instead of poisoning names. */
  readonly strict: boolean;
}

/** A top-level statement that failed. */
export interface LoadProblem {
  readonly module: string;
  readonly names: readonly string[];
  readonly error: Error;
}

export class ModuleLoader implements Importer, Surroundings {
  readonly builtins = builtins;
  readonly interpreter: Interpreter;
  readonly problems: LoadProblem[] = [];
  readonly lines: string[] = [];
  private readonly provider: SourceProvider;
  private readonly library: Library;
  private readonly files: FileCompiler;
  private readonly byPath = new Map<string, PyModule>();
  private readonly native = new Map<string, PyModule>();
  private readonly namespaces = new Map<string, PyModule>();
  private readonly states = new WeakMap<PyModule, ModuleState>();
  private readonly texts = new Map<string, string | undefined>();
  private logged = 0;

  constructor(
    provider: SourceProvider,
    library: Library,
    files: FileCompiler,
    budget: Budget,
    recorder: Recorder | null,
  ) {
    this.provider = provider;
    this.library = library;
    this.files = files;
    this.interpreter = new Interpreter(budget, this, recorder);
    setImporter(this.interpreter, this);
  }

  log(text: string): void {
    // The log is for people: what nobody can read is dropped.
    this.logged += text.length;
    if (this.logged < 200_000) this.lines.push(text);
  }

  /** The module of a file of the reader, run. `undefined` when there is no such file. */
  loadFile(path: string): PyModule | undefined {
    const text = this.read(path);
    if (text === undefined) return undefined;
    const module = this.moduleOf(path, this.nameOf(path));
    this.execute(module);
    return module;
  }

  /** A module from text that is no file; absolute imports in it start at the provider's roots. */
  loadText(path: string, text: string, strict: boolean): PyModule {
    const module = new PyModule('__main__', path);
    this.states.set(module, {
      folder: undefined,
      compiled: this.files.compile(path, text, false),
      phase: 'new',
      strict,
    });
    this.execute(module);
    return module;
  }

  // ---------------------------------------------------------------- Importer

  find(name: string, from: string | undefined): PyModule | undefined {
    const standard = this.nativeModule(name, stdlib);
    if (standard) return standard;
    if (standardNames.has(name.split('.')[0]!)) {
      const python = this.resolve(pylibRoot, name.split('.'));
      if (python) return this.finish(python);
    }
    const fromLibrary = from?.startsWith(`${pylibRoot}/`) ?? false;
    if (!fromLibrary) {
      const own = this.findInWorkspace(name, from);
      if (own) return this.finish(own);
    }
    const found = this.nativeModule(name, this.library.native) ?? this.resolve(pylibRoot, name.split('.'));
    return found && this.finish(found);
  }

  findRelative(level: number, name: string, from: PyModule): PyModule | undefined {
    const path = from.file;
    if (path === undefined) return undefined;
    let folder = path.slice(0, path.lastIndexOf('/'));
    for (let i = 1; i < level; i++) {
      if (!folder.includes('/')) return undefined;
      folder = folder.slice(0, folder.lastIndexOf('/'));
    }
    if (folder.startsWith(pylibRoot)) {
      const dotted = [...folder.split('/').slice(1), ...(name ? name.split('.') : [])].join('.');
      const native = this.nativeModule(dotted, this.library.native);
      if (native) return native;
    }
    if (!name) return this.packageOf(folder);
    const found = this.resolve(folder, name.split('.'));
    return found && this.finish(found);
  }

  // ---------------------------------------------------------------- Surroundings

  importModule(name: string): PyModule {
    const module = this.find(name, undefined);
    if (!module) throw new Refusal({ construct: name, message: `There is no module '${name}'.` });
    return module;
  }

  /** An attribute that a module does not have yet: of its lazy `__init__`, or a file in the package. */
  attributeOf(parent: PyModule, name: string): Value | undefined {
    const state = this.states.get(parent);
    const inner = this.findSubmodule(parent, name);
    if (inner && (state?.phase !== 'new' || !state.compiled?.binds(name))) return this.finish(inner);
    if (state?.phase === 'new') {
      this.execute(parent);
      let value = parent.attributes.get(name);
      if (value === undefined) value = parent.define(name);
      if (value !== undefined) return value;
      const poison = parent.poisoned.get(name);
      if (poison) throw this.interpreter.poisoned(poison, name);
    }
    return inner && this.finish(inner);
  }

  // ---------------------------------------------------------------- finding

  private read(path: string): string | undefined {
    if (path.startsWith(`${pylibRoot}/`)) return this.library.pylib.get(path.slice(pylibRoot.length + 1));
    if (this.texts.has(path)) return this.texts.get(path);
    const text = this.provider.read(path);
    this.texts.set(path, text);
    return text;
  }

  private exists(path: string): boolean {
    return this.byPath.has(path) || this.read(path) !== undefined;
  }

  private nativeModule(name: string, from: Library['native']): PyModule | undefined {
    const known = this.native.get(name);
    if (known) return known;
    const make = from.get(name);
    if (!make) return undefined;
    const module = make(this.interpreter);
    this.native.set(name, module);
    return module;
  }

  private findInWorkspace(name: string, from: string | undefined): PyModule | undefined {
    const parts = name.split('.');
    const plain: string[] = [];
    const packages: string[] = [];
    if (from !== undefined) {
      for (let folder = parentOf(from); folder !== ''; folder = parentOf(folder)) {
        if (!this.allowed(folder)) break;
        (this.exists(`${folder}/__init__.py`) ? packages : plain).push(folder);
      }
    }
    const folders = new Set([
      ...plain,
      ...this.provider.roots,
      ...this.provider.roots.map(root => `${root}/src`),
      ...packages,
    ]);
    for (const folder of folders) {
      const found = this.resolve(folder, parts);
      if (found) return found;
    }
    return undefined;
  }

  private allowed(folder: string): boolean {
    return (
      this.provider.roots.length === 0 ||
      this.provider.roots.some(root => folder === root || folder.startsWith(`${root}/`))
    );
  }

  /** The module at `folder/a/b/c`, with its packages around it. */
  private resolve(folder: string, parts: readonly string[]): PyModule | undefined {
    const base = `${folder}/${parts.join('/')}`;
    const path = [`${base}.py`, `${base}/__init__.py`].find(candidate => this.exists(candidate));
    if (path === undefined) return undefined;
    const inLibrary = folder === pylibRoot || folder.startsWith(`${pylibRoot}/`);
    let parent: PyModule | undefined;
    for (let i = 1; i <= parts.length; i++) {
      const here = `${folder}/${parts.slice(0, i).join('/')}`;
      const dotted = inLibrary ? here.slice(pylibRoot.length + 1).replaceAll('/', '.') : undefined;
      const module =
        i === parts.length ? this.moduleOf(path, dotted ?? this.nameOf(path)) : this.packageOf(here);
      // As in Python, importing a.b.c binds c in a.b; a name that the package defines itself comes later and wins.
      if (parent && module && !parent.attributes.has(parts[i - 1]!))
        parent.attributes.set(parts[i - 1]!, module);
      parent = module;
    }
    return parent;
  }

  /** The (possibly not yet run) package of a folder; one without `__init__` has no names of its own. */
  private packageOf(folder: string): PyModule | undefined {
    const init = `${folder}/__init__.py`;
    const inLibrary = folder.startsWith(`${pylibRoot}/`);
    const dotted = inLibrary ? folder.slice(pylibRoot.length + 1).replaceAll('/', '.') : undefined;
    if (dotted !== undefined) {
      const native = this.nativeModule(dotted, this.library.native);
      if (native) return native;
    }
    if (this.exists(init)) return this.moduleOf(init, dotted ?? this.nameOf(init));
    let module = this.namespaces.get(folder);
    if (!module) {
      module = new PyModule(dotted ?? folder.slice(folder.lastIndexOf('/') + 1), init);
      this.states.set(module, { folder, compiled: undefined, phase: 'done', strict: false });
      this.namespaces.set(folder, module);
    }
    return module;
  }

  private findSubmodule(parent: PyModule, name: string): PyModule | undefined {
    const dotted = `${parent.name}.${name}`;
    const native = this.nativeModule(dotted, stdlib) ?? this.nativeModule(dotted, this.library.native);
    if (native) return native;
    const state = this.states.get(parent);
    const folder = state ? state.folder : `${pylibRoot}/${parent.name.replaceAll('.', '/')}`;
    return folder === undefined ? undefined : this.resolve(folder, [name]);
  }

  private moduleOf(path: string, name: string): PyModule {
    const known = this.byPath.get(path);
    if (known) return known;
    const text = this.read(path)!;
    const internal = path.startsWith(`${pylibRoot}/`) && !shownLibraryFiles.has(path);
    const module = new PyModule(name, path);
    this.byPath.set(path, module);
    const compiled = this.files.compile(path, text, internal);
    const isPackage = path.endsWith('/__init__.py');
    this.states.set(module, {
      folder: isPackage ? parentOf(path) : undefined,
      compiled,
      phase: 'new',
      strict: false,
    });
    return module;
  }

  /** Dotted name: the folders above belong to it as long as they are packages. */
  private nameOf(path: string): string {
    const isPackage = path.endsWith('/__init__.py');
    const own = isPackage ? parentOf(path) : path.slice(0, -3);
    const parts = [own.slice(own.lastIndexOf('/') + 1)];
    for (
      let folder = parentOf(own);
      folder !== '' && this.exists(`${folder}/__init__.py`);
      folder = parentOf(folder)
    ) {
      parts.unshift(folder.slice(folder.lastIndexOf('/') + 1));
    }
    return parts.join('.');
  }

  // ---------------------------------------------------------------- running

  /** Runs a plain module at once; a package waits until a name of it is needed. */
  private finish(module: PyModule): PyModule {
    const state = this.states.get(module);
    if (state && state.folder === undefined) this.execute(module);
    return module;
  }

  private execute(module: PyModule): void {
    const state = this.states.get(module);
    if (!state?.compiled || state.phase !== 'new') return;
    state.phase = 'running';
    const { interpreter } = this;
    const { compiled } = state;
    const caller = interpreter.frame;
    const frame = new Frame(moduleCode(compiled.file), interpreter, module, compiled.slots, caller, null);
    interpreter.frame = frame;
    const waiting = compiled.file.internal ? compiled.waiting : undefined;
    if (waiting) module.late = this.waitingNames(module, compiled, waiting.byName);
    for (let i = 0; i < compiled.statements.length; i++) {
      if (!waiting?.indices.has(i)) this.runStatement(module, compiled, i, frame, state.strict);
    }
    interpreter.frame = caller;
    state.phase = 'done';
  }

  /** Statements of a stand-in that wait until their name is asked for. */
  private waitingNames(
    module: PyModule,
    compiled: CompiledFile,
    indices: ReadonlyMap<string, number>,
  ): LateNames {
    const { interpreter } = this;
    let current: string | undefined;
    return {
      names: () => indices.keys(),
      define: name => {
        const index = indices.get(name);
        // `from . import modules` asks the package itself, which then looks for a file of that name.
        if (index === undefined || name === current) return undefined;
        const outer = current;
        current = name;
        const caller = interpreter.frame;
        const frame = new Frame(moduleCode(compiled.file), interpreter, module, compiled.slots, caller, null);
        interpreter.frame = frame;
        this.runStatement(module, compiled, index, frame, false, name);
        interpreter.frame = caller;
        current = outer;
        return module.attributes.get(name);
      },
    };
  }

  private runStatement(
    module: PyModule,
    compiled: CompiledFile,
    index: number,
    frame: Frame,
    strict: boolean,
    only?: string,
  ): void {
    const { interpreter } = this;
    const statement = compiled.statements[index]!;
    if (--interpreter.budget.fuel < 0) interpreter.budget.refuel();
    frame.at = statement;
    try {
      if (only !== undefined && statement.kind === 'ImportFrom') importOne(frame, statement, only);
      else compiled.run(index, frame);
    } catch (thrown) {
      const error = interpreter.noteFrames(thrown);
      if (strict || (error instanceof LimitError && error.kind !== 'elements')) throw error;
      interpreter.frame = frame;
      this.poison(module, statement, error);
    }
  }

  private poison(module: PyModule, statement: Statement, error: Error): void {
    const names = [...namesBoundBy(statement)].filter(name => {
      // What an import could bring is good.
      const isImport = statement.kind === 'ImportFrom' || statement.kind === 'Import';
      return !(isImport && module.attributes.has(name));
    });
    for (const name of names) {
      module.attributes.delete(name);
      module.poisoned.set(name, error);
    }
    this.problems.push({ module: module.name, names, error });
  }
}

/** What a statement binds, when it may wait until that is asked for. */
function namesBoundLate(statement: Statement): readonly string[] {
  if (statement.kind === 'ImportFrom') return statement.names?.map(({ name, alias }) => alias ?? name) ?? [];
  const defines = statement.kind === 'Function' || statement.kind === 'Class';
  return defines && statement.decorators.length === 0 ? [statement.name] : [];
}

/** One of the names of an import. */
function importOne(frame: Frame, { level, module, names }: ImportFrom, bound: string): void {
  const wanted = names?.find(({ name, alias }) => (alias ?? name) === bound);
  if (!wanted) return;
  importFrom(frame, level, module, [wanted.name], (_name, value) =>
    frame.module.attributes.set(bound, value),
  );
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

const moduleCodes = new WeakMap<SourceFile, Code>();

function moduleCode(file: SourceFile): Code {
  let code = moduleCodes.get(file);
  if (!code) {
    code = {
      name: '<module>',
      qualname: '<module>',
      file,
      start: 0,
      end: 0,
      positional: [],
      positionalOnly: 0,
      keywordOnly: [],
      star: false,
      doubleStar: false,
      isAsync: false,
      simple: true,
      layout: () => {
        throw new Error('a module is not called');
      },
    };
    moduleCodes.set(file, code);
  }
  return code;
}
