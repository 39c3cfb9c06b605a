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

/** Scopes in which a word is no name of the program. */
const NO_NAMES = new Set(['comment', 'string', 'keyword', 'number', 'meta']);

interface Piece {
  readonly text: string;
  readonly scope: string;
}

/** Code split into lines of tokens: syntax scopes, and names that hold a symbol marked as such. */
export function codeTokens(code: string, symbols: readonly EquationSymbol[]): CodeToken[][] {
  const pieces = piecesOf(code);
  const marks = symbolMarks(pieces, symbols);
  const lines: CodeToken[][] = [[]];
  let at = 0;
  for (const { text, scope } of pieces) {
    for (let from = 0; from < text.length; ) {
      const mark = marks.find(candidate => candidate.end > at + from);
      const inside = mark !== undefined && mark.start <= at + from;
      const end = Math.min(text.length, (inside ? mark.end : (mark?.start ?? Number.POSITIVE_INFINITY)) - at);
      text
        .slice(from, end)
        .split('\n')
        .forEach((part, index) => {
          if (index > 0) lines.push([]);
          if (part !== '')
            lines.at(-1)!.push({ text: part, scope, ...(inside ? { symbol: mark.symbol } : {}) });
        });
      from = end;
    }
    at += text.length;
  }
  return lines;
}

function piecesOf(code: string): Piece[] {
  const pieces: Piece[] = [];
  const walk = (nodes: ReturnType<typeof lowlight.highlight>['children'], scope: string): void => {
    for (const node of nodes) {
      if (node.type === 'text') pieces.push({ text: node.value, scope });
      else if (node.type === 'element') walk(node.children, scopeOf(node.properties.className) ?? scope);
    }
  };
  walk(lowlight.highlight('python', code).children, '');
  return pieces;
}

function scopeOf(className: unknown): string | undefined {
  const first = Array.isArray(className) ? className[0] : undefined;
  return typeof first === 'string' ? first.replace(/^hljs-/, '').replace(/_$/, '') : undefined;
}

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly symbol: number;
}

const NAME = /(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/gu;

/** Stretches of the code that name a symbol. A dotted name counts whole, else by its leading parts. */
function symbolMarks(pieces: readonly Piece[], symbols: readonly EquationSymbol[]): Mark[] {
  const symbolOf = new Map<string, number>();
  symbols.forEach((symbol, index) => {
    for (const name of symbol.code) if (!symbolOf.has(name)) symbolOf.set(name, index);
  });
  // Names may run over several pieces (`self` is one of its own); what holds no names is blanked out.
  const names = pieces
    .map(({ text, scope }) => (NO_NAMES.has(scope) ? text.replace(/[^\n]/g, ' ') : text))
    .join('');
  return [...names.matchAll(NAME)].flatMap(found => {
    for (let name = found[0]; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const symbol = symbolOf.get(name);
      if (symbol !== undefined) return { start: found.index, end: found.index + name.length, symbol };
    }
    return [];
  });
}
