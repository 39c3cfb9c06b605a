import type { Language, Tree } from 'web-tree-sitter';

/**
 * A syntax tree copied out of WebAssembly in one walk: nodes in pre-order, so that the children of `i` begin at `i + 1`
 * and `next[i]` is the node behind its subtree. Reading it costs no call into the parser.
 */
export class Syntax {
  readonly types: string[] = [];
  readonly fields: (string | null)[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly next: number[] = [];
  readonly depths: number[] = [];
  /** Subtrees that were left out because the caller knows them already, by node. */
  readonly pruned = new Map<number, unknown>();
  /** Nodes that are errors, or stand for something missing. */
  readonly errors: number[] = [];

  /** @param text the text that was parsed (offsets are UTF-16 code units of it) */
  constructor(readonly text: string) {}

  textOf(node: number): string {
    return this.text.slice(this.starts[node], this.ends[node]);
  }

  *children(node: number): Generator<number> {
    const end = this.next[node]!;
    for (let child = node + 1; child < end; child = this.next[child]!) yield child;
  }

  childByField(node: number, field: string): number | undefined {
    const end = this.next[node]!;
    for (let child = node + 1; child < end; child = this.next[child]!) {
      if (this.fields[child] === field) return child;
    }
    return undefined;
  }

  childByType(node: number, type: string): number | undefined {
    const end = this.next[node]!;
    for (let child = node + 1; child < end; child = this.next[child]!) {
      if (this.types[child] === type) return child;
    }
    return undefined;
  }

  /** True where the subtree holds an error or a missing token. */
  hasErrors(node: number): boolean {
    const end = this.next[node]!;
    return this.errors.some(error => error >= node && error < end);
  }
}

/** Deeper nodes are not copied: no human writes them, and readers of the copy may recurse. */
const MAX_DEPTH = 400;

/**
 * @param known asked at every function (decorators included): what it returns is kept instead of the subtree;
 *   undefined copies the subtree
 */
export function copySyntax(
  tree: Tree,
  language: Language,
  text: string,
  known: (start: number, end: number) => unknown,
): Syntax {
  const syntax = new Syntax(text);
  const { types: typeNames, fields: fieldNames } = language;
  const cursor = tree.walk();
  const open: number[] = [];
  try {
    for (;;) {
      const node = syntax.types.length;
      const type = typeNames[cursor.nodeTypeId] ?? 'ERROR';
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      syntax.types.push(type);
      syntax.fields.push(fieldNames[cursor.currentFieldId] ?? null);
      syntax.starts.push(start);
      syntax.ends.push(end);
      syntax.next.push(node + 1);
      syntax.depths.push(open.length);
      if (type === 'ERROR' || (start === end && cursor.nodeIsMissing)) syntax.errors.push(node);
      let descend = open.length < MAX_DEPTH;
      if (type === 'function_definition' || type === 'decorated_definition') {
        const outline = known(start, end);
        if (outline !== undefined) {
          syntax.pruned.set(node, outline);
          descend = false;
        }
      }
      if (descend && cursor.gotoFirstChild()) {
        open.push(node);
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        const parent = open.pop();
        if (parent === undefined) return syntax;
        syntax.next[parent] = syntax.types.length;
        cursor.gotoParent();
      }
      // Leaving a node for its sibling: its own `next` was set when it was made or when its last child was left.
    }
  } finally {
    cursor.delete();
  }
}
