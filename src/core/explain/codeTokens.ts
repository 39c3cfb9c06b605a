import python from 'highlight.js/lib/languages/python';
import { createLowlight } from 'lowlight';
import type { EquationSymbol } from '../atlas/schema.ts';

/** A stretch of one line of code. */
export interface CodeToken {
  readonly text: string;
  /** highlight.js scope (`keyword`, `string`, `comment`, …); empty for plain code. */
  readonly scope: string;
  /** Index of the symbol that this name holds, in the entry's list. */
  readonly symbol?: number;
}

const lowlight = createLowlight({ python });

/** Code split into lines of tokens: syntax scopes, and names that hold a symbol marked as such. */
export function codeTokens(code: string, symbols: readonly EquationSymbol[]): CodeToken[][] {
  const symbolOf = new Map<string, number>();
  symbols.forEach((symbol, index) => {
    for (const name of symbol.code) if (!symbolOf.has(name)) symbolOf.set(name, index);
  });
  const lines: CodeToken[][] = [[]];
  const put = (text: string, scope: string): void => {
    text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push(...split(part, scope, symbolOf));
    });
  };
  const walk = (nodes: ReturnType<typeof lowlight.highlight>['children'], scope: string): void => {
    for (const node of nodes) {
      if (node.type === 'text') put(node.value, scope);
      else if (node.type === 'element') walk(node.children, scopeOf(node.properties.className) ?? scope);
    }
  };
  walk(lowlight.highlight('python', code).children, '');
  return lines;
}

function scopeOf(className: unknown): string | undefined {
  const first = Array.isArray(className) ? className[0] : undefined;
  return typeof first === 'string' ? first.replace(/^hljs-/, '').replace(/_$/, '') : undefined;
}

const NAME = /(?:self\.)?[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/gu;

/** Marks names that hold symbols; comments and strings stay whole. A dotted name counts whole, then by its leading parts. */
function split(text: string, scope: string, symbolOf: ReadonlyMap<string, number>): CodeToken[] {
  if (scope === 'comment' || scope === 'string' || scope === 'keyword') return [{ text, scope }];
  const tokens: CodeToken[] = [];
  let from = 0;
  for (const found of text.matchAll(NAME)) {
    const name = longestKnown(found[0], symbolOf);
    if (name === undefined) continue;
    if (found.index > from) tokens.push({ text: text.slice(from, found.index), scope });
    tokens.push({ text: name, scope, symbol: symbolOf.get(name)! });
    from = found.index + name.length;
  }
  if (from < text.length) tokens.push({ text: text.slice(from), scope });
  return tokens;
}

function longestKnown(dotted: string, symbolOf: ReadonlyMap<string, number>): string | undefined {
  for (let name = dotted; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    if (symbolOf.has(name)) return name;
  }
  return undefined;
}
