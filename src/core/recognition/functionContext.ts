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
  const imports = new Set<string>();
  for (const it of outline.imports) {
    const module = lastSegment(it.module);
    if (module) imports.add(module);
    if (it.name && it.name !== '*') imports.add(it.name);
  }
  const classes = new Map<string, ClassOutline>();
  for (const cls of outline.classes) classes.set(cls.qualname, cls);
  // Two classes of one name in a file: a method belongs to the one around it.
  const classOf = (fn: FunctionOutline) => {
    if (fn.className === undefined) return undefined;
    const around = outline.classes.find(
      cls =>
        cls.qualname === fn.className &&
        cls.range.start.line <= fn.range.start.line &&
        cls.range.end.line >= fn.range.end.line,
    );
    return around ?? classes.get(fn.className);
  };
  const normalPath = path.replaceAll('\\', '/');
  return outline.functions.map(fn => {
    const cls = classOf(fn);
    return {
      fn,
      cls,
      path: normalPath,
      remote,
      imports,
      parameters: fn.parameters.map(it => it.name).filter((name, index) => index > 0 || !isReceiver(name)),
      body: bodyFeatures(fn),
      siblings: new Set(cls?.methods.filter(name => name !== fn.name) ?? []),
      attributes: new Set(cls?.attributes.map(it => it.name) ?? []),
      bases: cls?.bases ?? [],
    };
  });
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
