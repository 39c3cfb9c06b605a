import type { Language } from 'web-tree-sitter';
import type { TreeWalk } from './treeWalk.ts';

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
  /** Where the tree has functions of which something was left out: descendant index by node. */
  readonly descendants = new Map<number, number>();
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

/** Nodes between two looks at the clock. */
const NODES_PER_CHECK = 128;

/** Tokens that are always their own text, and that no reader asks a field of. */
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ':', '.', '=', '->', 'def', 'class']);

/** Nodes that never have children. */
const LEAVES = new Set([
  'identifier',
  'integer',
  'float',
  'comment',
  'string_start',
  'string_end',
  'true',
  'false',
  'none',
]);

/** What a copy leaves out, and what is known of the tree. */
export interface Omissions {
  /** The tree is free of errors, so that nothing in it is missing: spares questions, and each is a call into WebAssembly. */
  readonly sound?: boolean;
  /** Asked at every function (decorators included): what it returns is kept instead of the subtree; undefined copies it. */
  readonly known?: (start: number, end: number) => unknown;
  /** Leave out the bodies of functions that define and import nothing: `Syntax.descendants` tells where they are found again. */
  readonly bodies?: boolean;
}

/** Copies the subtree a walk begins at; in slices where the caller wants to do something else in between. */
export class SyntaxCopier {
  readonly syntax: Syntax;
  private readonly open: number[] = [];
  /** Depth of the function whose body is copied whole, because it holds definitions; its inner functions are, too. */
  private wholeFrom = Number.POSITIVE_INFINITY;

  /** @param walk deleted when the copy is complete, or by `dispose` */
  constructor(
    private readonly walk: TreeWalk,
    private readonly language: Language,
    text: string,
    private readonly omit: Omissions,
    private readonly depth = 0,
  ) {
    this.syntax = new Syntax(text);
  }

  /** For a copy that is given up between two slices. */
  dispose(): void {
    // Somebody else may have walked since.
    this.walk.begin();
    this.walk.delete();
  }

  /** @returns true when all is copied; false when `until` said stop: call again */
  advance(until?: () => boolean): boolean {
    const { syntax, walk, open, omit } = this;
    const { types: typeNames, fields: fieldNames } = this.language;
    const sound = omit.sound ?? false;
    let nextCheck = syntax.types.length + NODES_PER_CHECK;
    walk.begin();
    for (;;) {
      const node = syntax.types.length;
      if (until !== undefined && node >= nextCheck) {
        if (until()) {
          walk.pause();
          return false;
        }
        nextCheck = node + NODES_PER_CHECK;
      }
      const type = typeNames[walk.typeId()] ?? 'ERROR';
      const start = walk.startIndex();
      const isToken = sound && PUNCTUATION.has(type);
      const end = isToken ? start + type.length : walk.endIndex();
      syntax.types.push(type);
      syntax.fields.push(isToken ? null : (fieldNames[walk.fieldId()] ?? null));
      syntax.starts.push(start);
      syntax.ends.push(end);
      syntax.next.push(node + 1);
      syntax.depths.push(open.length);
      if (!sound && (type === 'ERROR' || (start === end && walk.isMissing()))) syntax.errors.push(node);
      let descend = this.depth + open.length < MAX_DEPTH && !isToken && !(sound && LEAVES.has(type));
      if (type === 'function_definition' || type === 'decorated_definition') {
        const outline = omit.known?.(start, end);
        if (outline !== undefined) {
          syntax.pruned.set(node, outline);
          if (omit.bodies) syntax.descendants.set(node, walk.descendantIndex());
          descend = false;
        } else if (omit.bodies && type === 'function_definition' && open.length < this.wholeFrom) {
          if (isPlain(syntax.text, start, end)) syntax.descendants.set(node, walk.descendantIndex());
          else this.wholeFrom = open.length;
        }
      } else if (type === 'block' && syntax.descendants.has(open[open.length - 1] ?? -1)) descend = false;
      if (descend && walk.gotoFirstChild()) {
        open.push(node);
        continue;
      }
      for (;;) {
        if (open.length <= this.wholeFrom) this.wholeFrom = Number.POSITIVE_INFINITY;
        const parent = open[open.length - 1];
        if (parent === undefined) {
          walk.delete();
          return true;
        }
        if (walk.gotoNextSibling()) break;
        open.pop();
        syntax.next[parent] = syntax.types.length;
        walk.gotoParent();
      }
      // Leaving a node for its sibling: its own `next` was set when it was made or when its last child was left.
    }
  }
}

/** What a body may hold that counts beyond it. Better one too many: such a body is merely read at once. */
const BEYOND = /\b(?:def|import)\b|\bclass\b[\s\\]+[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_]*[\s\\]*[(:[]/u;

/** Without it, nothing of that kind. */
const HINT = /def|import|class/;

/** True for a function whose text holds no further definition and no import. */
export function isPlain(text: string, start: number, end: number): boolean {
  const behind = text.indexOf('def', start) + 3;
  if (behind >= end) return false;
  const rest = text.slice(behind, end);
  // The precise question is a slow one to begin with: its letters are Unicode's.
  return !HINT.test(rest) || !BEYOND.test(rest);
}
