import type { EquationSymbol } from '../atlas/schema.ts';
import { HUES } from './symbolColour.ts';

/** Class of the symbol at `index` of an entry's list; the panel's style sheet gives every class its colour. */
export function symbolClass(index: number): string {
  return `el-symbol-${index % HUES}`;
}

/** Commands whose argument is a name or a measure, not a formula: nothing in it is a symbol of its own. */
const OPAQUE = new Set([
  '\\operatorname',
  '\\mathrm',
  '\\text',
  '\\textrm',
  '\\mathtt',
  '\\texttt',
  '\\textbf',
  '\\mathsf',
  '\\begin',
  '\\end',
  '\\hspace',
  '\\color',
  '\\tag',
  '\\phantom',
]);

/**
 * Wraps every occurrence of a symbol in an equation into `\htmlClass{el-symbol-i}{…}`, so that the panel can colour it and point at it.
 * Works on TeX tokens; of several symbols that fit at one place the longest wins (`I_f` before `I`), and a symbol that goes on with
 * a prime or a subscript of its own is left alone.
 */
export function markSymbols(tex: string, symbols: readonly EquationSymbol[]): string {
  const spaced = tokenizeSpaced(tex);
  const tokens = spaced.map(token => token.trimStart());
  const wanted = symbols
    .flatMap((symbol, index) => alternatives(symbol.tex).map(it => ({ index, tokens: it })))
    .filter(symbol => symbol.tokens.length > 0)
    .sort((a, b) => b.tokens.length - a.tokens.length);
  let out = '';
  let position = 0;
  while (position < tokens.length) {
    const hit = wanted.find(symbol => fits(tokens, position, symbol.tokens));
    if (hit) {
      const end = position + hit.tokens.length;
      out += `\\htmlClass{${symbolClass(hit.index)}}{${spaced.slice(position, end).join('').trim()}}`;
      position = end;
      continue;
    }
    const token = tokens[position]!;
    const end = OPAQUE.has(token) ? groupEnd(tokens, position + 1) : position + 1;
    out += spaced.slice(position, end).join('');
    position = end;
  }
  return out;
}

const tokenize = (tex: string): string[] => tex.match(/\\[A-Za-z]+\*?|\\[^A-Za-z]|[^\\\s]/gu) ?? [];

/** As `tokenize`, but the white space before a token stays with it. */
const tokenizeSpaced = (tex: string): string[] =>
  tex.match(/\s*(?:\\[A-Za-z]+\*?|\\[^A-Za-z]|[^\\\s])/gu) ?? [];

/** `K, \tilde K` are two ways to write one symbol; commas inside braces or parentheses part nothing. */
function alternatives(tex: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokenize(tex)) {
    if ('{(['.includes(token)) depth++;
    else if ('})]'.includes(token)) depth--;
    if (token === ',' && depth === 0) parts.push([]);
    else if (token !== '\\,' && token !== '\\ ') parts.at(-1)!.push(token);
  }
  return parts;
}

function fits(tokens: readonly string[], at: number, symbol: readonly string[]): boolean {
  if (!symbol.every((token, offset) => tokens[at + offset] === token)) return false;
  const before = tokens[at - 1];
  const after = tokens[at + symbol.length];
  // In `x_{Q}` or `x^T` the letter is an index of something else; braces before it are fine when they only group.
  if (before === '_' || before === '^') return false;
  if (before === '{' && (tokens[at - 2] === '_' || (tokens[at - 2] === '^' && after === '}'))) return false;
  if (OPAQUE.has(before ?? '')) return false;
  return after !== "'" || symbol.at(-1) === "'";
}

/** Index behind the argument that starts at `at` (a group, an optional argument and a group, or one token). */
function groupEnd(tokens: readonly string[], at: number): number {
  if (tokens[at] !== '{') return Math.min(at + 1, tokens.length);
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i] === '{') depth++;
    else if (tokens[i] === '}' && --depth === 0) return i + 1;
  }
  return tokens.length;
}
