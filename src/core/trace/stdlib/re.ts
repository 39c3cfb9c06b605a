/** `re` over JavaScript's regular expressions; what means something else there is refused. */
import { Refusal, raise } from '../interpreter/errors.ts';
import { nativeProperty } from '../interpreter/native.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { textOf } from '../interpreter/strMethods.ts';
import {
  NativeObject,
  PyClass,
  PyDict,
  PyList,
  type PyModule,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

const flagLetters = new Map<number, string>([
  [2, 'i'],
  [8, 'm'],
  [16, 's'],
]);

/** Texts longer than this are not searched: JavaScript's matcher cannot be interrupted. */
const longest = 20_000;
/** Steps that the worst search may take: length to the power of the repetitions, from every start. */
const worstSearch = 1e9;

function translate(pattern: string): string {
  // Repeated repetition and repeated alternatives can take exponential time, and nothing could stop them.
  if (/\((?:[^()\\]|\\.)*(?:[+*|{])(?:[^()\\]|\\.)*\)[+*{]/.test(pattern)) {
    throw new Refusal({
      construct: `re: ${pattern}`,
      message: 'Regular expressions that repeat a repetition or a choice are not run.',
    });
  }
  if (/\(\?\(|\\[AZbB]?\{|\(\?>|[+*?}]\+/.test(pattern)) {
    throw new Refusal({
      construct: `re: ${pattern}`,
      message: 'This regular expression has no counterpart in the tracer.',
    });
  }
  return pattern
    .replace(/\(\?P<(\w+)>/g, '(?<$1>')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$(?![\\s\\S])')
    .replace(/\(\?#[^)]*\)/g, '');
}

class Pattern extends NativeObject {
  readonly source: string;
  readonly expression: RegExp;
  readonly anchored: RegExp;
  readonly full: RegExp;

  constructor(source: string, flags: number) {
    super();
    this.source = source;
    let letters = 'd';
    let body = source;
    const inline = /^\(\?([aimsux]+)\)/.exec(body);
    if (inline) {
      body = body.slice(inline[0].length);
      for (const letter of inline[1]!) if ('ims'.includes(letter)) letters += letter;
    }
    for (const [flag, letter] of flagLetters)
      if (flags & flag && !letters.includes(letter)) letters += letter;
    if (flags & 64 || inline?.[1]?.includes('x'))
      body = body
        .replace(/\\#/g, '\u0001')
        .replace(/#.*$/gm, '')
        .replace(/\s+/g, '')
        .replaceAll('\u0001', '\\#');
    const translated = translate(body);
    const unicode = /\\p\{/.test(translated) ? 'u' : '';
    try {
      this.expression = new RegExp(translated, `g${letters}${unicode}`);
      this.anchored = new RegExp(translated, `y${letters}${unicode}`);
      this.full = new RegExp(`(?:${translated})(?![\\s\\S])`, `y${letters}${unicode}`);
    } catch (error) {
      throw raise(
        'ValueError',
        `bad regular expression ${source}: ${error instanceof Error ? error.message : ''}`,
      );
    }
  }
  override get cls(): PyClass {
    return patternClass;
  }
  override repr(): string {
    return `re.compile('${this.source}')`;
  }
}

class Match extends NativeObject {
  readonly result: RegExpExecArray;
  readonly pattern: Pattern;
  constructor(result: RegExpExecArray, pattern: Pattern) {
    super();
    this.result = result;
    this.pattern = pattern;
  }
  override get cls(): PyClass {
    return matchClass;
  }
  group(key: Value): Value {
    const value = typeof key === 'string' ? this.result.groups?.[key] : this.result[key as number];
    const known =
      typeof key === 'string'
        ? Object.hasOwn(this.result.groups ?? {}, key)
        : typeof key === 'number' && key < this.result.length && key >= 0;
    if (!known) throw raise('IndexError', 'no such group');
    return value ?? null;
  }
  override getItem(key: Value): Value {
    return this.group(key);
  }
}

function subject(value: Value | undefined, runtime: Runtime): string {
  const text = textOf(value);
  if (text.length > longest)
    throw new Refusal({
      construct: 're',
      message: `Texts longer than ${longest} characters are not searched.`,
    });
  runtime.budget.step(1 + Math.floor(text.length / 16));
  return text;
}

function patternOf(value: Value | undefined, flags: Value | undefined, runtime: Runtime): Pattern {
  return value instanceof Pattern
    ? value
    : new Pattern(textOf(value), flags === undefined ? 0 : runtime.index(flags));
}

/** Refuses a search that might not come back. */
function affordable(pattern: Pattern, text: string): string {
  const repetitions = (pattern.source.match(/(?<!\\)[+*]|\{\d*,/g) ?? []).length;
  if (text.length ** (repetitions + 1) > worstSearch && repetitions > 1) {
    throw new Refusal({
      construct: `re: ${pattern.source}`,
      message: `This search might take very long on a text of ${text.length} characters.`,
    });
  }
  return text;
}

function first(pattern: Pattern, how: 'search' | 'match' | 'fullmatch', text: string): Value {
  const expression =
    how === 'search' ? pattern.expression : how === 'match' ? pattern.anchored : pattern.full;
  expression.lastIndex = 0;
  const result = expression.exec(affordable(pattern, text));
  return result ? new Match(result, pattern) : null;
}

function all(pattern: Pattern, text: string): Match[] {
  return [...affordable(pattern, text).matchAll(pattern.expression)].map(
    result => new Match(result as RegExpExecArray, pattern),
  );
}

function findall(pattern: Pattern, text: string): Value {
  return new PyList(
    all(pattern, text).map(({ result }) => {
      if (result.length === 1) return result[0];
      if (result.length === 2) return result[1] ?? '';
      return new PyTuple(result.slice(1).map(group => group ?? ''));
    }),
  );
}

function substitute(
  pattern: Pattern,
  replacement: Value,
  text: string,
  count: number,
  runtime: Runtime,
): string {
  let out = '';
  let position = 0;
  let done = 0;
  for (const match of all(pattern, text)) {
    if (count > 0 && done >= count) break;
    done++;
    out += text.slice(position, match.result.index);
    if (typeof replacement === 'string') {
      out += replacement.replace(/\\(\d|g<(\w+)>|.)/g, (_whole, code: string, name: string | undefined) => {
        if (name !== undefined)
          return runtime.str(match.group(/^\d+$/.test(name) ? Number(name) : name) ?? '');
        if (/^\d$/.test(code)) return runtime.str(match.group(Number(code)) ?? '');
        return code === 'n' ? '\n' : code === 't' ? '\t' : code;
      });
    } else out += textOf(runtime.call(replacement, [match]));
    position = match.result.index + match.result[0].length;
  }
  out += text.slice(position);
  runtime.budget.elements(out.length);
  return out;
}

function split(pattern: Pattern, text: string, most: number): Value {
  const parts: Value[] = [];
  let position = 0;
  for (const { result } of all(pattern, text)) {
    if (most > 0 && parts.length >= most) break;
    parts.push(text.slice(position, result.index), ...result.slice(1).map(group => group ?? null));
    position = result.index + result[0].length;
  }
  parts.push(text.slice(position));
  return new PyList(parts);
}

const self = (value: Value | undefined) => value as Pattern;
const patternClass = new PyClass('Pattern', {
  module: 're',
  final: true,
  namespace: new Map<string, Value>(
    [
      ...(['search', 'match', 'fullmatch'] as const).map(name =>
        std(`${name}(self, string)`, ([p, text], r) => first(self(p), name, subject(text, r))),
      ),
      std('findall(self, string)', ([p, text], r) => findall(self(p), subject(text, r))),
      std('finditer(self, string)', ([p, text], r) => r.iterate(new PyList(all(self(p), subject(text, r))))),
      std('sub(self, repl, string, count=0)', ([p, repl, text, count], r) =>
        substitute(self(p), repl!, subject(text, r), r.index(count!), r),
      ),
      std('split(self, string, maxsplit=0)', ([p, text, most], r) =>
        split(self(p), subject(text, r), r.index(most!)),
      ),
    ].map(fn => [fn.name, fn] as const),
  ),
});
patternClass.set(
  'pattern',
  nativeProperty('pattern', p => self(p).source),
);

const matched = (value: Value | undefined) => value as Match;
const span = (match: Match, group: Value): [number, number] => {
  const index =
    typeof group === 'string'
      ? match.result.indices?.groups?.[group]
      : match.result.indices?.[group as number];
  return index ?? [-1, -1];
};
const matchClass = new PyClass('Match', {
  module: 're',
  final: true,
  namespace: new Map<string, Value>(
    [
      std('group(self, *groups)', ([m, groups]) => {
        const keys = (groups as PyTuple).items;
        if (keys.length === 0) return matched(m).group(0);
        return keys.length === 1
          ? matched(m).group(keys[0]!)
          : new PyTuple(keys.map(key => matched(m).group(key)));
      }),
      std(
        'groups(self, default=None)',
        ([m, fallback]) =>
          new PyTuple(
            matched(m)
              .result.slice(1)
              .map(group => group ?? fallback!),
          ),
      ),
      std('groupdict(self, default=None)', ([m, fallback]) =>
        PyDict.of(
          Object.entries(matched(m).result.groups ?? {}).map(
            ([name, group]) => [name, group ?? fallback!] as const,
          ),
        ),
      ),
      std('start(self, group=0)', ([m, group]) => span(matched(m), group!)[0]),
      std('end(self, group=0)', ([m, group]) => span(matched(m), group!)[1]),
      std('span(self, group=0)', ([m, group]) => new PyTuple(span(matched(m), group!))),
    ].map(fn => [fn.name, fn] as const),
  ),
});

export function reModule(): PyModule {
  return moduleOf(
    're',
    [
      std('compile(pattern, flags=0)', ([p, flags], r) => patternOf(p, flags, r)),
      ...(['search', 'match', 'fullmatch'] as const).map(name =>
        std(`${name}(pattern, string, flags=0)`, ([p, text, flags], r) =>
          first(patternOf(p, flags, r), name, subject(text, r)),
        ),
      ),
      std('findall(pattern, string, flags=0)', ([p, text, flags], r) =>
        findall(patternOf(p, flags, r), subject(text, r)),
      ),
      std('finditer(pattern, string, flags=0)', ([p, text, flags], r) =>
        r.iterate(new PyList(all(patternOf(p, flags, r), subject(text, r)))),
      ),
      std('sub(pattern, repl, string, count=0, flags=0)', ([p, repl, text, count, flags], r) =>
        substitute(patternOf(p, flags, r), repl!, subject(text, r), r.index(count!), r),
      ),
      std('split(pattern, string, maxsplit=0, flags=0)', ([p, text, most, flags], r) =>
        split(patternOf(p, flags, r), subject(text, r), r.index(most!)),
      ),
      std('escape(pattern)', ([p]) => textOf(p).replace(/[()[\]{}?*+\-|^$\\.&~#\s]/g, '\\$&')),
    ],
    [
      ['IGNORECASE', 2],
      ['I', 2],
      ['MULTILINE', 8],
      ['M', 8],
      ['DOTALL', 16],
      ['S', 16],
      ['VERBOSE', 64],
      ['X', 64],
      ['UNICODE', 32],
      ['U', 32],
      ['ASCII', 256],
      ['Pattern', patternClass],
      ['Match', matchClass],
      ['error', new PyClass('error', { module: 're' })],
    ],
  );
}
