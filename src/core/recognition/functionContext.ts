import { lastSegment } from '../alignment/families.ts';
import type { ClassOutline, FunctionOutline, Outline } from '../python/outline.ts';

/** A function with all that recognition may ask about it. */
export interface FunctionContext {
  readonly fn: FunctionOutline;
  readonly cls: ClassOutline | undefined;
  /** Path of the file, `/` between its parts; empty where there is none (untitled). */
  readonly path: string;
  /** `owner/name` of the git remote, where known. */
  readonly remote: string | undefined;
  /** Imported modules and names, last segments. */
  readonly imports: ReadonlySet<string>;
  readonly parameters: readonly string[];
  readonly body: BodyFeatures;
  readonly siblings: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  readonly bases: readonly string[];
}

/** What all statements of a function hold together. */
export interface BodyFeatures {
  /** Last segments of callees. */
  readonly calls: ReadonlySet<string>;
  readonly operators: ReadonlySet<string>;
  readonly literals: ReadonlySet<string>;
  /** Dotted names read or assigned. */
  readonly names: ReadonlySet<string>;
}

/** @param path relative or absolute, of any style; only its end is looked at */
export function contextsOf(outline: Outline, path: string, remote?: string): FunctionContext[] {
  const file = new FileContext(outline, path, remote);
  return outline.functions.map(fn => file.contextOf(fn));
}

/** What the functions of one file share; contexts are made one at a time, since a hover asks for one. */
export class FileContext {
  private readonly imports = new Set<string>();
  private readonly path: string;
  private readonly keys = new Map<ClassOutline | undefined, string>();

  constructor(
    private readonly outline: Outline,
    path: string,
    private readonly remote?: string,
  ) {
    this.path = path.replaceAll('\\', '/');
    for (const it of outline.imports) {
      const module = lastSegment(it.module);
      if (module) this.imports.add(module);
      if (it.name && it.name !== '*') this.imports.add(it.name);
    }
  }

  contextOf(fn: FunctionOutline): FunctionContext {
    return new LazyContext(fn, this.classOf(fn), this.path, this.remote, this.imports);
  }

  /** The same for two versions of a file where everything around a function that recognition looks at is the same. */
  keyAround(fn: FunctionOutline): string {
    const cls = this.classOf(fn);
    let key = this.keys.get(cls);
    if (key === undefined) {
      const members = cls ? [cls.qualname, cls.bases, cls.methods, cls.attributes.map(it => it.name)] : [];
      key = JSON.stringify([this.path, this.remote, [...this.imports], members]);
      this.keys.set(cls, key);
    }
    return key;
  }

  /** Of two classes with one name in a file, the one around the method. */
  private classOf(fn: FunctionOutline): ClassOutline | undefined {
    if (fn.className === undefined) return undefined;
    const named = this.outline.classes.filter(cls => cls.qualname === fn.className);
    if (named.length < 2) return named[0];
    const { start, end } = fn.range;
    return (
      named.find(cls => cls.range.start.line <= start.line && cls.range.end.line >= end.line) ?? named[0]
    );
  }
}

class LazyContext implements FunctionContext {
  private features: BodyFeatures | undefined;
  readonly parameters: readonly string[];
  readonly siblings: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  readonly bases: readonly string[];

  constructor(
    readonly fn: FunctionOutline,
    readonly cls: ClassOutline | undefined,
    readonly path: string,
    readonly remote: string | undefined,
    readonly imports: ReadonlySet<string>,
  ) {
    this.parameters = fn.parameters
      .map(it => it.name)
      .filter((name, index) => index > 0 || !isReceiver(name));
    this.siblings = new Set(cls?.methods.filter(name => name !== fn.name) ?? []);
    this.attributes = new Set(cls?.attributes.map(it => it.name) ?? []);
    this.bases = cls?.bases ?? [];
  }

  get body(): BodyFeatures {
    this.features ??= bodyFeatures(this.fn);
    return this.features;
  }
}

const isReceiver = (name: string) => name === 'self' || name === 'cls';

function bodyFeatures(fn: FunctionOutline): BodyFeatures {
  const calls = new Set<string>();
  const operators = new Set<string>();
  const literals = new Set<string>();
  const names = new Set<string>();
  for (const statement of fn.statements) {
    // What an assertion or an error message computes is no part of the equation.
    if (statement.kind === 'assert' || statement.kind === 'raise') continue;
    for (const call of statement.calls) calls.add(lastSegment(call));
    for (const operator of statement.operators) operators.add(operator);
    for (const literal of statement.literals) literals.add(literal);
    for (const name of statement.names) names.add(name);
    for (const name of statement.targets) names.add(name);
  }
  return { calls, operators, literals, names };
}
