/**
 * Declares functions implemented in TypeScript with the signature that Python sees.
 *
 * ```ts
 * native('softmax(input, dim, dtype=None)', ([input, dim, dtype], runtime) => …)
 * native('cat(tensors, dim=0)', …)
 * native('expand(self, *sizes)', ([self, sizes], runtime) => …)      // sizes: PyTuple
 * native('zeros(*size, dtype=None, device=None, **rest)', …)          // rest: PyDict
 * ```
 *
 * Defaults are literals: `None`, `True`, `False`, ints, floats, quoted strings, `()`, and `...` for "was not given", which
 * arrives as `undefined`. `/` and a bare `*` work as in Python. Arguments arrive in the order of the signature.
 * An unknown or surplus argument is a `Refusal` (PyTorch may know it; we do not): never ignored. Missing ones are TypeErrors.
 *
 * Methods: declare `self` first and put the function into the `namespace` of the class (`methods(…)` does it for a table).
 */
import { Refusal, raise } from './errors.ts';
import type { Runtime } from './runtime.ts';
import {
  ellipsis,
  float,
  type Keywords,
  nativeFunctionClass,
  type PyClass,
  PyDict,
  PyObject,
  PyProperty,
  PyTuple,
  type Value,
} from './values.ts';

/** Gets the bound arguments in the order of the signature. A parameter declared `=...` may be `undefined`. */
// biome-ignore lint/suspicious/noConfusingVoidType: natives that return nothing return None
export type NativeBody = (args: Value[], runtime: Runtime) => Value | void;

export interface NativeOptions {
  /** What an unknown argument is: `refuse` (library functions, the default) or `raise` a TypeError (standard library). */
  readonly unknown?: 'refuse' | 'raise';
  /** Shown in refusals instead of the bare name: `torch.nn.functional.softmax`. */
  readonly displayName?: string;
}

interface Parameter {
  readonly name: string;
  readonly kind: 'positionalOnly' | 'normal' | 'star' | 'keywordOnly' | 'doubleStar';
  readonly required: boolean;
  readonly fallback: Value | undefined;
}

/** A function implemented in TypeScript. */
export class NativeFunction extends PyObject {
  readonly name: string;
  readonly displayName: string;
  readonly signature: string;
  /** Attributes that Python sees on the function (`chain.from_iterable`). */
  attributes: Map<string, Value> | undefined;
  /** Of a native `__hash__` (a frozen dataclass's): used where a dict needs a key. */
  hashBy: ((self: Value) => Value) | undefined;
  private readonly body: NativeBody;
  private readonly parameters: readonly Parameter[];
  /** Count of leading parameters that may be given by position, when there are no stars: the fast path. */
  private readonly simple: number;
  private readonly unknown: 'refuse' | 'raise';

  constructor(signature: string, body: NativeBody, options: NativeOptions = {}) {
    super();
    const parsed = parseSignature(signature);
    this.name = parsed.name;
    this.displayName = options.displayName ?? parsed.name;
    this.signature = signature;
    this.body = body;
    this.parameters = parsed.parameters;
    this.unknown = options.unknown ?? 'refuse';
    this.simple = this.parameters.every(p => p.kind === 'normal' || p.kind === 'positionalOnly')
      ? this.parameters.length
      : -1;
  }

  override get cls(): PyClass {
    return nativeFunctionClass;
  }

  invoke(args: readonly Value[], keywords: Keywords, runtime: Runtime): Value {
    if (keywords === null && args.length === this.simple) return this.body(args as Value[], runtime) ?? null;
    return this.body(this.bind(args, keywords), runtime) ?? null;
  }

  /** Arguments in the order of the signature. */
  bind(args: readonly Value[], keywords: Keywords): Value[] {
    // `undefined` stands for "not given" and is visible to the body only where the signature says `=...`.
    const bound: (Value | undefined)[] = new Array(this.parameters.length);
    let position = 0;
    let used = 0;
    let stars = false;
    for (let i = 0; i < this.parameters.length; i++) {
      const parameter = this.parameters[i]!;
      switch (parameter.kind) {
        case 'star':
          bound[i] = new PyTuple(args.slice(position));
          position = Math.max(position, args.length);
          break;
        case 'doubleStar': {
          stars = true;
          const rest = new PyDict();
          if (keywords) {
            for (const [name, value] of keywords) {
              if (
                !this.parameters.some(
                  p => p.name === name && (p.kind === 'normal' || p.kind === 'keywordOnly'),
                )
              )
                rest.set(name, value);
            }
          }
          bound[i] = rest;
          break;
        }
        default: {
          const keyword = parameter.kind === 'positionalOnly' ? undefined : keywords?.get(parameter.name);
          if (keyword !== undefined) used++;
          if (parameter.kind !== 'keywordOnly' && position < args.length) {
            if (keyword !== undefined)
              throw raise('TypeError', `${this.name}() got multiple values for argument '${parameter.name}'`);
            bound[i] = args[position++]!;
          } else if (keyword !== undefined) bound[i] = keyword;
          else if (parameter.required) {
            const missing = this.parameters
              .filter((p, j) => j >= i && p.required && !keywords?.has(p.name))
              .map(p => `"${p.name}"`);
            throw raise(
              'TypeError',
              `${this.name}() missing ${missing.length} required positional arguments: ${missing.join(', ')}`,
            );
          } else bound[i] = parameter.fallback;
        }
      }
    }
    if (position < args.length) {
      const most = this.parameters.filter(p => p.kind === 'normal' || p.kind === 'positionalOnly').length;
      this.reject(
        `takes at most ${most} positional arguments here (${args.length} given)`,
        `${this.displayName}(…)`,
      );
    }
    if (keywords && !stars && used < keywords.size) {
      const known = new Set(this.parameters.filter(p => p.kind !== 'positionalOnly').map(p => p.name));
      const name = [...keywords.keys()].find(key => !known.has(key)) ?? [...keywords.keys()][0]!;
      this.reject(`got an unexpected keyword argument '${name}'`, `${this.displayName}(${name}=…)`);
    }
    return bound as Value[];
  }

  private reject(what: string, construct: string): never {
    if (this.unknown === 'raise') throw raise('TypeError', `${this.name}() ${what}`);
    throw new Refusal({
      construct,
      message: `${this.displayName}() ${what}: the tracer does not know it.`,
      hint: `Supported: ${this.signature}`,
    });
  }
}

/** Declares a native function; see the top of this file. */
export function native(signature: string, body: NativeBody, options?: NativeOptions): NativeFunction {
  return new NativeFunction(signature, body, options);
}

/** A read-only (or, with `set`, writable) property implemented in TypeScript. */
export function nativeProperty(
  name: string,
  get: (self: Value, runtime: Runtime) => Value,
  set?: (self: Value, value: Value, runtime: Runtime) => void,
): PyProperty {
  return new PyProperty(
    native(`${name}(self)`, ([self], runtime) => get(self!, runtime)),
    set ? native(`${name}(self, value)`, ([self, value], runtime) => set(self!, value!, runtime)) : null,
  );
}

/** A class namespace from a table of functions, keyed by their own names. */
export function methods(...functions: readonly NativeFunction[]): Map<string, Value> {
  return new Map(functions.map(fn => [fn.name, fn] as const));
}

function parseSignature(signature: string): { name: string; parameters: Parameter[] } {
  const open = signature.indexOf('(');
  if (open < 0 || !signature.endsWith(')')) throw new Error(`not a signature: ${signature}`);
  const name = signature.slice(0, open).trim();
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const part of splitParameters(signature.slice(open + 1, -1))) {
    if (part === '/') {
      for (let i = 0; i < parameters.length; i++)
        parameters[i] = { ...parameters[i]!, kind: 'positionalOnly' };
    } else if (part === '*') keywordOnly = true;
    else if (part.startsWith('**'))
      parameters.push({ name: part.slice(2), kind: 'doubleStar', required: false, fallback: undefined });
    else if (part.startsWith('*')) {
      parameters.push({ name: part.slice(1), kind: 'star', required: false, fallback: undefined });
      keywordOnly = true;
    } else {
      const equals = part.indexOf('=');
      const kind = keywordOnly ? 'keywordOnly' : 'normal';
      if (equals < 0) parameters.push({ name: part, kind, required: true, fallback: undefined });
      else {
        const literal = part.slice(equals + 1).trim();
        const fallback = literal === '...' ? undefined : parseLiteral(literal);
        parameters.push({ name: part.slice(0, equals).trim(), kind, required: false, fallback });
      }
    }
  }
  return { name, parameters };
}

function splitParameters(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let current = '';
  for (const character of text) {
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character === ',' && depth === 0 && !quote) {
      parts.push(current.trim());
      current = '';
    } else current += character;
  }
  if (current.trim()) parts.push(current.trim());
  return parts;
}

function parseLiteral(text: string): Value {
  if (text === 'None') return null;
  if (text === 'True') return true;
  if (text === 'False') return false;
  if (text === 'Ellipsis') return ellipsis;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return float(Number(text));
  if (/^-?inf$/.test(text)) return float(text.startsWith('-') ? -Infinity : Infinity);
  if (/^(['"]).*\1$/.test(text)) return text.slice(1, -1);
  if (text.startsWith('(') && text.endsWith(')'))
    return new PyTuple(splitParameters(text.slice(1, -1)).map(parseLiteral));
  throw new Error(`not a literal: ${text}`);
}
