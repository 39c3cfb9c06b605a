import type { Syntax } from '../../python/syntax.ts';

/** Questions that whoever converts a syntax tree asks of its nodes. */
export class NodeReader {
  readonly syntax: Syntax;

  constructor(syntax: Syntax) {
    this.syntax = syntax;
  }

  type(node: number): string {
    return this.syntax.types[node]!;
  }

  text(node: number): string {
    return this.syntax.textOf(node);
  }

  field(node: number, name: string): number | undefined {
    return this.syntax.childByField(node, name);
  }

  at(node: number): { start: number; end: number } {
    return { start: this.syntax.starts[node]!, end: this.syntax.ends[node]! };
  }

  /** Children that are expressions or clauses: no comments, no punctuation. */
  named(node: number): number[] {
    const result: number[] = [];
    for (const child of this.syntax.children(node)) if (this.isNamed(child)) result.push(child);
    return result;
  }

  /** Named nodes of the grammar begin with a letter and are no keywords; comments carry no meaning. */
  isNamed(node: number): boolean {
    const type = this.type(node);
    if (keywords.has(type)) return false;
    if (ambiguous.has(type) && this.syntax.next[node] === node + 1) return false;
    const code = type.charCodeAt(0);
    return (code >= 97 && code <= 122) || type === 'ERROR';
  }

  hasToken(node: number, token: string): boolean {
    return this.syntax.childByType(node, token) !== undefined;
  }
}

const keywords: ReadonlySet<string> = new Set([
  'and',
  'as',
  'assert',
  'async',
  'break',
  'case',
  'class',
  'continue',
  'def',
  'del',
  'elif',
  'else',
  'except',
  'except*',
  'exec',
  'finally',
  'for',
  'from',
  'global',
  'if',
  'import',
  'in',
  'is',
  'is not',
  'match',
  'nonlocal',
  'not',
  'not in',
  'or',
  'pass',
  'print',
  'raise',
  'return',
  'try',
  'while',
  'with',
  'string_start',
  'string_end',
  'comment',
  'line_continuation',
]);

/** Both a keyword token (a leaf) and a node that holds it. */
const ambiguous: ReadonlySet<string> = new Set(['lambda', 'yield', 'await', 'type']);
