import { bestKinship, lastSegment } from '../alignment/families.ts';
import { LineIndex } from '../python/lineIndex.ts';
import type { ClassOutline, FunctionOutline, Outline, StatementOutline } from '../python/outline.ts';
import type { Range } from '../python/position.ts';
import type { Origin } from './origin.ts';

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
  /** False only where `attributes` cannot have it; asked because it spares reading the methods of the class. */
  mayHaveAttribute(name: string): boolean;
  readonly bases: readonly string[];
  /** The text in a range of the file; undefined where only the outline is at hand. */
  readonly textIn: (range: Range) => string | undefined;
  /** True where a function that is defined inside this one reads a name from around itself. */
  readonly readInside: (name: string) => boolean;
  /**
   * The same function with the bodies of methods of its own class that it calls read into it, but for those named.
   * Undefined where it calls none.
   */
  withHelpers(except: ReadonlySet<string>): FunctionContext | undefined;
}

/** What all statements of a function hold together. */
export interface BodyFeatures {
  /** Last segments of callees. */
  readonly calls: ReadonlySet<string>;
  /** Those of them that are names bound in the function itself: `layer(x)` in a loop over layers. */
  readonly localCalls: ReadonlySet<string>;
  readonly operators: ReadonlySet<string>;
  readonly literals: ReadonlySet<string>;
  /** Dotted names read or assigned. */
  readonly names: ReadonlySet<string>;
  /** The best kinship of an operation among callees and operators, 0…1; asked often, so remembered. */
  readonly kinship: (operation: string) => number;
}

/** A context for every function of an outline. */
export function contextsOf(outline: Outline, { path, remote, text }: Origin): FunctionContext[] {
  const file = new FileContext(outline, path, remote, text);
  return outline.functions.map(fn => file.contextOf(fn));
}

/** What the functions of one file share; contexts are made one at a time, since a hover asks for one. */
export class FileContext {
  readonly imports = new Set<string>();
  readonly path: string;
  private readonly keys = new Map<ClassOutline | undefined, string>();
  private readonly outsideKeys = new Map<ClassOutline | undefined, string>();
  private readonly classes = new Map<string, ClassOutline[]>();
  /** Texts of classes, and which words were found in them. */
  private readonly said = new Map<ClassOutline, { text: string; words: Map<string, boolean> }>();
  private lines: LineIndex | undefined;

  /** @param text of the file, if it is at hand: spares reading classes that are out of the question */
  constructor(
    readonly outline: Outline,
    path: string,
    readonly remote?: string,
    private readonly text?: string,
  ) {
    this.path = path.replaceAll('\\', '/');
    for (const it of outline.imports) {
      const module = lastSegment(it.module);
      if (module) this.imports.add(module);
      if (it.name && it.name !== '*') this.imports.add(it.name);
    }
    for (const cls of outline.classes) {
      const same = this.classes.get(cls.qualname);
      if (same) same.push(cls);
      else this.classes.set(cls.qualname, [cls]);
    }
  }

  /** The text in a range; undefined where only the outline is at hand. */
  textIn(range: Range): string | undefined {
    if (this.text === undefined) return undefined;
    this.lines ??= new LineIndex(this.text);
    return this.text.slice(this.lines.offsetAt(range.start), this.lines.offsetAt(range.end));
  }

  /** False only where the text of a class does not hold a word. */
  mayMention(cls: ClassOutline, word: string): boolean {
    // With errors, an outline may be that of an earlier text.
    if (this.text === undefined || this.outline.hasErrors) return true;
    let said = this.said.get(cls);
    if (!said) {
      said = { text: this.textOf(cls), words: new Map() };
      this.said.set(cls, said);
    }
    let mentioned = said.words.get(word);
    if (mentioned === undefined) {
      mentioned = said.text.includes(word);
      said.words.set(word, mentioned);
    }
    return mentioned;
  }

  contextOf(fn: FunctionOutline): FunctionContext {
    return new LazyContext(fn, this.classOf(fn), this);
  }

  /** The same for two versions of a file where all is the same that `Recognizer.mayBe` looks at, but for the function itself. */
  keyOutside(fn: FunctionOutline): string {
    const cls = this.classOf(fn);
    let key = this.outsideKeys.get(cls);
    if (key === undefined) {
      const members = cls ? [cls.qualname, cls.bases, cls.methods, this.textOf(cls)] : [];
      const { hasErrors } = this.outline;
      key = JSON.stringify([this.path, this.remote, [...this.imports], hasErrors, members]);
      this.outsideKeys.set(cls, key);
    }
    return key;
  }

  private textOf(cls: ClassOutline): string {
    return this.textIn(cls.range) ?? '';
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
    const named = this.classes.get(fn.className) ?? [];
    if (named.length < 2) return named[0];
    const { start, end } = fn.range;
    return (
      named.find(cls => cls.range.start.line <= start.line && cls.range.end.line >= end.line) ?? named[0]
    );
  }
}

/** Bodies grow by helpers only so far. */
const MAX_STATEMENTS = 300;
/** Helpers of helpers are read too, no deeper. */
const MAX_HELPER_DEPTH = 2;

class LazyContext implements FunctionContext {
  private features: BodyFeatures | undefined;
  private attributeNames: ReadonlySet<string> | undefined;
  private readonly extended = new Map<string, FunctionContext | undefined>();
  readonly path: string;
  readonly remote: string | undefined;
  readonly imports: ReadonlySet<string>;
  readonly parameters: readonly string[];
  readonly siblings: ReadonlySet<string>;
  readonly bases: readonly string[];

  constructor(
    readonly fn: FunctionOutline,
    readonly cls: ClassOutline | undefined,
    private readonly file: FileContext,
  ) {
    this.path = file.path;
    this.remote = file.remote;
    this.imports = file.imports;
    this.parameters = fn.parameters
      .map(it => it.name)
      .filter((name, index) => index > 0 || !isReceiver(name));
    this.siblings = new Set(cls?.methods.filter(name => name !== fn.name) ?? []);
    this.bases = cls?.bases ?? [];
  }

  readonly textIn = (range: Range): string | undefined => this.file.textIn(range);

  get attributes(): ReadonlySet<string> {
    this.attributeNames ??= new Set(this.cls?.attributes.map(it => it.name) ?? []);
    return this.attributeNames;
  }

  mayHaveAttribute(name: string): boolean {
    if (this.attributeNames || !this.cls) return this.attributes.has(name);
    return this.file.mayMention(this.cls, name);
  }

  get body(): BodyFeatures {
    this.features ??= bodyFeatures(this.fn);
    return this.features;
  }

  readonly readInside = (name: string): boolean =>
    this.file.outline.functions.some(
      it =>
        it.qualname.startsWith(`${this.fn.qualname}.`) &&
        !it.parameters.some(parameter => parameter.name === name) &&
        it.names.some(use => use.name === name && use.role === 'read'),
    );

  withHelpers(except: ReadonlySet<string>): FunctionContext | undefined {
    const helpers = this.helpersOf(this.fn).filter(it => !except.has(it));
    if (helpers.length === 0) return undefined;
    const key = helpers.join();
    if (!this.extended.has(key)) {
      const statements = this.splice(this.fn, except, 0, [this.fn.name]);
      this.extended.set(key, new LazyContext({ ...this.fn, statements }, this.cls, this.file));
    }
    return this.extended.get(key);
  }

  /** Methods of the own class that a function calls on `self`. */
  private helpersOf(fn: FunctionOutline): string[] {
    const called = fn.calls.map(it => /^self\.(\w+)$/.exec(it.callee)?.[1] ?? '');
    return [...new Set(called)].filter(name => name !== fn.name && this.siblings.has(name));
  }

  private splice(
    fn: FunctionOutline,
    except: ReadonlySet<string>,
    depth: number,
    inside: readonly string[],
  ): StatementOutline[] {
    const statements: StatementOutline[] = [];
    for (const statement of fn.statements) {
      for (const call of statement.calls) {
        const name = /^self\.(\w+)$/.exec(call)?.[1];
        if (name === undefined || depth >= MAX_HELPER_DEPTH || except.has(name) || inside.includes(name))
          continue;
        const helper = this.file.outline.functions.find(
          it => it.qualname === `${this.cls?.qualname}.${name}`,
        );
        if (helper) statements.push(...this.splice(helper, except, depth + 1, [...inside, name]));
      }
      statements.push(statement);
      if (statements.length > MAX_STATEMENTS) return fn.statements.slice();
    }
    return statements;
  }
}

const isReceiver = (name: string) => name === 'self' || name === 'cls';

function bodyFeatures(fn: FunctionOutline): BodyFeatures {
  const calls = new Set<string>();
  const operators = new Set<string>();
  const literals = new Set<string>();
  const names = new Set<string>();
  const bound = new Set(fn.parameters.map(it => it.name));
  for (const statement of fn.statements) for (const target of statement.targets) bound.add(target);
  const localCalls = new Set<string>();
  for (const statement of fn.statements) {
    // What an assertion or an error message computes is no part of the equation.
    if (statement.kind === 'assert' || statement.kind === 'raise') continue;
    for (const call of statement.calls) {
      calls.add(lastSegment(call));
      if (bound.has(call)) localCalls.add(call);
    }
    for (const operator of statement.operators) operators.add(operator);
    for (const literal of statement.literals) literals.add(literal);
    for (const name of statement.names) names.add(name);
    for (const name of statement.targets) names.add(name);
  }
  const known = new Map<string, number>();
  const callList = [...calls];
  const operatorList = [...operators];
  const kinship = (operation: string): number => {
    let best = known.get(operation);
    if (best === undefined) {
      best = bestKinship(operation, callList, operatorList);
      known.set(operation, best);
    }
    return best;
  };
  return { calls, localCalls, operators, literals, names, kinship };
}
