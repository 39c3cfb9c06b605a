import { fnv1a } from '../minis/ruleStream.ts';

/** Hashes of a statement, which say what it is without quoting it. */
export interface StatementPrint {
  /** The names it is made of, in no order: the same for `a - b`, `b - a` and `a.transpose(-2, -1) * 2 + b`. */
  readonly words: string;
  /** Its numbers, signs and transposes, in no order. */
  readonly values: string;
  /** All of it, but for what a formatter may change. */
  readonly exact: string;
  /** As `exact`, had two neighbouring operands or arguments been exchanged: one for every pair. */
  readonly swapped: () => readonly string[];
}

const TOKEN =
  /#[^\n]*|\\\r?\n|\s+|(?<string>(?:[rbuf]{0,2})(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))|(?<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?j?)|(?<name>[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_]*)|(?<sign>\*\*=?|\/\/=?|<<=?|>>=?|[-+*/%@&|^<>=!]=|:=|->|[\s\S])/giu;

/** Names of modules, which every file abbreviates as it likes, and receivers. */
const PREFIXES = new Set(['torch', 'th', 'nn', 'F', 'functional', 'np', 'numpy', 'math', 'self']);
/** Words that are operators or constants, not names of anything. */
const OPERATORS = new Set(['not', 'is', 'in', 'and', 'or', 'True', 'False']);
/** Calls and attributes that only turn an array round. */
const LAYOUT = new Set(['transpose', 'permute', 'swapaxes', 't', 'T', 'mT']);
/** Calls that change how numbers are stored, not which they are: wherever they stand, and whether. */
const CASTS = new Set(['float', 'half', 'double', 'to', 'type', 'type_as', 'contiguous', 'clone']);
const KEYWORDS = new Set(['return', 'if', 'elif', 'else', 'for', 'while', 'with', 'as', 'assert', 'lambda']);
/** Shorter names alone do not tell a statement from others. */
const TELLING = 5;
/** Signs whose operands are not to be exchanged, and the comma. */
const ORDERED = new Set(['-', '/', '//', '%', '**', '@', '<', '>', '<=', '>=', ',']);
const COUNTED = /^(?:[-+*/%@&|^~]|\*\*|\/\/|<<|>>|[-+*/%@&|^]=|\*\*=|\/\/=|[<>]=?|[=!]=|-?\d.*)$/;

/**
 * @param source of one statement, or of the header of a compound one
 * @returns undefined where there are too few names to tell it from other statements
 */
export function statementPrint(source: string): StatementPrint | undefined {
  const tokens = withoutWrapping(withoutCasts(withoutPrefixes(signed(tokensOf(source)))));
  const words = tokens.filter(it => isName(it) && !OPERATORS.has(it) && !LAYOUT.has(it));
  const names = new Set(words.filter(it => !KEYWORDS.has(it)));
  // `x = x[1]` is everywhere; `image_features = image_features[1]` is not.
  if (names.size < 2 && ![...names].some(it => it.length >= TELLING)) return undefined;
  // `a if b is None else c` may as well be `c if b is not None else a`.
  const values = tokens.filter(
    (it, at) =>
      COUNTED.test(it) ||
      LAYOUT.has(it) ||
      it === 'True' ||
      it === 'False' ||
      (it === 'not' && tokens[at + 1] !== 'None'),
  );
  return {
    words: hashOf([...words].sort()),
    values: hashOf([...values].sort()),
    exact: hashOf(tokens),
    swapped: () => [...exchanges(tokens)].map(hashOf),
  };
}

const isName = (token: string) => /^[\p{L}\p{Nl}_'"]/u.test(token);

const hashOf = (tokens: readonly string[]) => fnv1a(tokens.join(' ')).toString(36);

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  for (const { groups = {} } of source.matchAll(TOKEN)) {
    const { string, number, name, sign } = groups;
    if (string !== undefined)
      tokens.push(`'${string.replace(/^[rbuf]*("""|'''|"|')|("""|'''|"|')$/gi, '')}'`);
    else if (number !== undefined) tokens.push(String(Number(number.replaceAll('_', ''))));
    else if (name !== undefined || sign !== undefined) tokens.push((name ?? sign) as string);
  }
  // `f(a, b,)` is `f(a, b)`.
  return tokens.filter((it, at) => !(it === ',' && /^[)\]}]$/.test(tokens[at + 1] ?? ',')));
}

/** A minus before a number belongs to the number, unless something stands before it from which it is subtracted. */
function signed(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const before = tokens[at - 1] ?? '';
    const isUnary = tokens[at] === '-' && (!/[\w)\]}'"]$/.test(before) || KEYWORDS.has(before));
    if (isUnary && /^\d/.test(tokens[at + 1] ?? '')) kept.push(`-${tokens[++at]}`);
    else kept.push(tokens[at] as string);
  }
  return kept;
}

function withoutPrefixes(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (PREFIXES.has(tokens[at] as string) && tokens[at + 1] === '.') at++;
    else kept.push(tokens[at] as string);
  }
  return kept;
}

/** Without `.float()`, `.to(x.dtype)` and the like. */
function withoutCasts(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at] === '.' && CASTS.has(tokens[at + 1] ?? '') && tokens[at + 2] === '(') {
      const close = closingOf(tokens, at + 2);
      if (close !== undefined) {
        at = close;
        continue;
      }
    }
    kept.push(tokens[at] as string);
  }
  return kept;
}

/** Where the bracket at `open` is closed. */
function closingOf(tokens: readonly string[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (/^[([{]$/.test(tokens[at] as string)) depth++;
    else if (/^[)\]}]$/.test(tokens[at] as string) && --depth === 0) return at;
  }
  return undefined;
}

/** Without the parentheses that a formatter puts round a whole value: `x = (a + b)`. */
function withoutWrapping(tokens: readonly string[]): string[] {
  const open = tokens.findIndex(
    (it, at) => it === '(' && /^(?:[-+*/@]?=|return)$/.test(tokens[at - 1] ?? ''),
  );
  if (open < 0 || closingOf(tokens, open) !== tokens.length - 1) return [...tokens];
  return [...tokens.slice(0, open), ...tokens.slice(open + 1, -1)];
}

/** The statement with the operands on both sides of one sign or comma exchanged; operands are dotted names, with calls and indices. */
function* exchanges(tokens: readonly string[]): Generator<readonly string[]> {
  for (let at = 1; at < tokens.length - 1; at++) {
    if (!ORDERED.has(tokens[at] as string)) continue;
    const start = operandBefore(tokens, at);
    const end = operandBehind(tokens, at);
    if (start === undefined || end === undefined) continue;
    yield [
      ...tokens.slice(0, start),
      ...tokens.slice(at + 1, end),
      tokens[at] as string,
      ...tokens.slice(start, at),
      ...tokens.slice(end),
    ];
  }
}

/** Where the operand begins that ends before `at`. */
function operandBefore(tokens: readonly string[], at: number): number | undefined {
  let start = at;
  for (;;) {
    const last = tokens[start - 1] ?? '';
    if (/^[)\]]$/.test(last)) {
      let depth = 0;
      do {
        start--;
        if (/^[)\]]$/.test(tokens[start] as string)) depth++;
        else if (/^[([]$/.test(tokens[start] as string)) depth--;
      } while (depth > 0 && start > 0);
      if (depth > 0) return undefined;
      // What is called or indexed belongs to it.
      if (isName(tokens[start - 1] ?? '') && !KEYWORDS.has(tokens[start - 1] as string)) continue;
      return start;
    }
    if (!isName(last) && !/^-?\d/.test(last)) return start < at ? start : undefined;
    if (KEYWORDS.has(last)) return start < at ? start : undefined;
    start--;
    if (tokens[start - 1] !== '.') return start;
    start--;
  }
}

/** Where the operand ends that begins behind `at`. */
function operandBehind(tokens: readonly string[], at: number): number | undefined {
  let end = at + 1;
  const first = tokens[end] ?? '';
  if (first === '(' || first === '[') end = (closingOf(tokens, end) ?? -1) + 1;
  else if (isName(first) || /^-?\d/.test(first)) end++;
  else return undefined;
  if (end === 0) return undefined;
  for (;;) {
    if (tokens[end] === '.' && isName(tokens[end + 1] ?? '')) end += 2;
    else if (tokens[end] === '(' || tokens[end] === '[') {
      const close = closingOf(tokens, end);
      if (close === undefined) return undefined;
      end = close + 1;
    } else return end;
  }
}
