import type { Entry, Equation } from '../atlas/schema.ts';
import { markerText } from './marker.ts';
import { texLines } from './texRefusal.ts';
import { type TexToken, texTokens } from './texTokens.ts';

/** Words in here are no symbols: `\mathrm{loss}` holds no `s`. */
const WORDS = new Set([
  '\\mathrm',
  '\\text',
  '\\operatorname',
  '\\operatorname*',
  '\\begin',
  '\\end',
  '\\textrm',
  '\\texttt',
]);

/**
 * An equation as the body of a VS Code snippet, line by line: its symbols are placeholders, and where a symbol stands again its
 * placeholder follows. The last stop is behind the formula.
 */
export function equationSnippet(entry: Entry, equation: Equation, language: 'markdown' | 'latex'): string[] {
  const marker = markerText({ entryId: entry.id, equationId: equation.id });
  const tex = texLines(equation.tex).join('\n');
  const marked = placeholders(tex, symbolTokens(entry));
  // Where no symbol of the table stands in the formula, the cursor goes to its left side.
  const body = (marked.includes('${1:') ? marked : placeholders(tex, leftSide(tex))).split('\n');
  return language === 'markdown'
    ? [`<!-- ${marker} -->`, '\\$\\$', ...body, '\\$\\$', '$0']
    : [`% ${marker}`, '\\\\[', ...body, '\\\\]', '$0'];
}

/** What the formula defines: all before its first `=`. */
function leftSide(tex: string): string[][] {
  const left =
    /^(?:\\begin\{aligned\}\s*)?([^=&\n]{1,60}?)\s*&?\s*(?:=|\\leftarrow|\\in|\\sim)/.exec(tex)?.[1] ?? '';
  const tokens = meaningful(texTokens(left)).map(token => token.text);
  const balanced = tokens.filter(it => it === '{').length === tokens.filter(it => it === '}').length;
  return balanced && tokens.length > 0 ? [tokens] : [];
}

/** The symbols of an entry as tokens, longest first. `W_1, \phi` are two. */
function symbolTokens(entry: Entry): string[][] {
  const symbols = entry.symbols.flatMap(symbol => splitAtCommas(symbol.tex));
  const tokens = [...new Set(symbols)].map(tex => meaningful(texTokens(tex)).map(token => token.text));
  return tokens.filter(list => list.length > 0).sort((a, b) => b.length - a.length);
}

function splitAtCommas(tex: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const { text } of texTokens(tex)) {
    if (/[{([]/.test(text) && text.length === 1) depth++;
    if (/[})\]]/.test(text) && text.length === 1) depth--;
    if (text === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += text;
  }
  return [...parts, part]
    .map(it => it.replace(/^(?:\\[ ,;!]|\s)+|(?:\\[ ,;!]|\s)+$/g, ''))
    .filter(it => it !== '');
}

const meaningful = (tokens: readonly TexToken[]): TexToken[] =>
  tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment');

function placeholders(tex: string, symbols: readonly (readonly string[])[]): string {
  const tokens = texTokens(tex);
  const inWord = wordTokens(tokens);
  const numbers = new Map<string, number>();
  let out = '';
  for (let at = 0; at < tokens.length; ) {
    const end = inWord[at] ? undefined : endOfSymbol(tokens, at, symbols);
    if (end === undefined) {
      out += escaped(tokens[at]?.text ?? '');
      at++;
      continue;
    }
    const found = tokens
      .slice(at, end)
      .map(token => token.text)
      .join('');
    const known = numbers.get(found);
    if (known === undefined) {
      numbers.set(found, numbers.size + 1);
      out += `\${${numbers.size}:${escaped(found)}}`;
    } else out += `\${${known}}`;
    at = end;
  }
  return out;
}

function endOfSymbol(
  tokens: readonly TexToken[],
  at: number,
  symbols: readonly (readonly string[])[],
): number | undefined {
  for (const symbol of symbols) {
    let next = at;
    let fits = true;
    for (const text of symbol) {
      while (next > at && tokens[next]?.kind === 'space') next++;
      if (tokens[next]?.text !== text) {
        fits = false;
        break;
      }
      next++;
    }
    // `x` before `_0` is part of another name unless the symbol itself says so, and a brace belongs to the macro before it.
    if (fits) return next;
  }
  return undefined;
}

/** Which tokens lie within `\mathrm{…}` and its like, but for those macros themselves. */
function wordTokens(tokens: readonly TexToken[]): boolean[] {
  const inside: boolean[] = [];
  let depth = 0;
  let wordAt: number | undefined;
  let pending = false;
  for (const { text, kind } of tokens) {
    inside.push(wordAt !== undefined);
    if (text === '{') {
      depth++;
      if (pending && wordAt === undefined) wordAt = depth;
    } else if (text === '}') {
      if (wordAt === depth) wordAt = undefined;
      depth--;
    }
    if (kind !== 'space') pending = WORDS.has(text);
  }
  return inside;
}

const escaped = (text: string): string => text.replace(/[\\$}]/g, character => `\\${character}`);
