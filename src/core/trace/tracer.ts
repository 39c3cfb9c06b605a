/**
 * Runs Python of models: the tracer's public face. `docs/tracing.md` tells how the parts use it.
 *
 * A `Tracer` lives as long as the program and remembers compiled files; a `TraceRun` is one run with its own modules,
 * limits and captures.
 */
import type { Syntax } from '../python/syntax.ts';
import './interpreter/builtinTypes.ts';
import { Captures, Recorder } from './interpreter/captures.ts';
import { SyntaxConverter } from './interpreter/convert.ts';
import { LimitError, Refusal } from './interpreter/errors.ts';
import type { Interpreter } from './interpreter/interpreter.ts';
import { Budget, type CancelToken, type Clock, defaultLimits, type Limits } from './interpreter/limits.ts';
import { SourceFile } from './interpreter/sourceFile.ts';
import { type Keywords, PyDict, PyInstance, type PyModule, type Value } from './interpreter/values.ts';
import type { Library } from './library.ts';
import { CompiledFile, ModuleLoader } from './moduleLoader.ts';
import type { SourceProvider } from './sourceProvider.ts';
import { type TraceFailure, traceFailure } from './traceFailure.ts';

export interface TracerParts {
  /** Python text → copied syntax tree (`core/python`). */
  readonly parse: (text: string) => Syntax;
  readonly library: Library;
  /** Milliseconds, for the time limit alone. */
  readonly clock: Clock;
}

export interface RunOptions {
  readonly sources: SourceProvider;
  readonly limits?: Partial<Limits>;
  readonly cancel?: CancelToken;
  /** Remember what statements assign; on by default. */
  readonly capture?: boolean;
}

/** What a guarded call gives: a value or the reason why not. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: TraceFailure };

export class Tracer {
  private readonly parts: TracerParts;
  /** By text, then by path: a text that is asked for again is the same string, whose hash JavaScript remembers. */
  private readonly cache = new Map<string, Map<string, CompiledFile>>();
  private static readonly cacheSize = 600;

  constructor(parts: TracerParts) {
    this.parts = parts;
  }

  start(options: RunOptions): TraceRun {
    const limits = { ...defaultLimits, ...options.limits };
    const budget = new Budget(limits, this.parts.clock, options.cancel);
    const recorder = options.capture === false ? null : new Recorder();
    const compile = (path: string, text: string, internal: boolean) =>
      this.compile(path, text, internal, limits);
    const loader = new ModuleLoader(options.sources, this.parts.library, { compile }, budget, recorder);
    return new TraceRun(loader, recorder);
  }

  private compile(path: string, text: string, internal: boolean, limits: Limits): CompiledFile {
    const same = this.cache.get(text) ?? new Map<string, CompiledFile>();
    const known = same.get(path);
    if (known) {
      // Most recently used last.
      this.cache.delete(text);
      this.cache.set(text, same);
      return known;
    }
    if (text.length > limits.sourceLength)
      throw new LimitError('sourceLength', limits.sourceLength, text.length);
    const file = new SourceFile(path, text, internal);
    const compiled = new CompiledFile(
      file,
      new SyntaxConverter(this.parts.parse(text), limits.nesting).module(),
    );
    // Files with one text are few: packages without anything in them.
    if (same.size >= Tracer.cacheSize) same.clear();
    this.cache.set(text, same.set(path, compiled));
    if (this.cache.size > Tracer.cacheSize) this.cache.delete(this.cache.keys().next().value!);
    return compiled;
  }
}

/** One run. */
export class TraceRun {
  readonly interpreter: Interpreter;
  private readonly loader: ModuleLoader;
  private readonly recorder: Recorder | null;

  constructor(loader: ModuleLoader, recorder: Recorder | null) {
    this.loader = loader;
    this.recorder = recorder;
    this.interpreter = loader.interpreter;
  }

  /** What the program printed and warned. */
  get log(): string {
    return this.loader.lines.join('');
  }

  /** Top-level statements that failed, with the names they would have bound. */
  get problems() {
    return this.loader.problems;
  }

  /** Runs a file of the reader (or our mini) as a module. */
  load(path: string): Outcome<PyModule> {
    return this.guard(() => {
      const module = this.loader.loadFile(path);
      if (!module) throw new Refusal({ construct: path, message: `There is no file ${path}.` });
      return module;
    });
  }

  /** Runs driver code; every error in it ends the run. */
  exec(code: string, path = '<driver>'): Outcome<PyModule> {
    return this.guard(() => this.loader.loadText(path, code, true));
  }

  /** Calls a Python function or object. */
  call(callee: Value, args: readonly Value[], keywords: Keywords = null): Outcome<Value> {
    return this.guard(() => this.interpreter.call(callee, args, keywords));
  }

  /** Runs anything that may throw what Python throws. */
  guard<T>(run: () => T): Outcome<T> {
    const { frame } = this.interpreter;
    try {
      return { ok: true, value: run() };
    } catch (thrown) {
      const error = this.interpreter.noteFrames(thrown);
      this.interpreter.frame = frame;
      return { ok: false, failure: traceFailure(error) };
    }
  }

  /** @param model the `nn.Module` whose submodule calls `module:path` selectors name */
  captures(model?: Value): Captures {
    return new Captures(this.recorder ?? new Recorder(0), () => modulePaths(model));
  }
}

/** Dotted path of every submodule, walking `_modules` as PyTorch does; the model itself has the empty path. */
export function modulePaths(model: Value | undefined): ReadonlyMap<PyInstance, string> {
  const paths = new Map<PyInstance, string>();
  const visit = (value: Value | undefined, path: string) => {
    if (!(value instanceof PyInstance) || paths.has(value)) return;
    paths.set(value, path);
    const children = value.attributes.get('_modules');
    if (!(children instanceof PyDict)) return;
    for (const entry of children.entries.values()) {
      if (typeof entry.key === 'string') visit(entry.value, path === '' ? entry.key : `${path}.${entry.key}`);
    }
  };
  visit(model, '');
  return paths;
}
