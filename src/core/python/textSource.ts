import type { Tree } from 'web-tree-sitter';
import { LineIndex } from './lineIndex.ts';
import type { PythonParser } from './pythonParser.ts';
import type { Syntax } from './syntax.ts';

/**
 * A text from whose syntax tree bodies of functions are read one by one. The tree lies in the parser's memory and may be
 * released at any time: whoever asks afterwards waits for a second parse, but gets the same.
 */
export class TextSource {
  readonly lines: LineIndex;
  private tree: Tree | undefined;

  /** @param tree of `text`; the source owns it from here on */
  constructor(
    private readonly parser: PythonParser,
    readonly text: string,
    tree: Tree,
  ) {
    this.tree = tree;
    this.lines = new LineIndex(text);
  }

  /** Undefined once it is released. */
  get syntaxTree(): Tree | undefined {
    return this.tree;
  }

  /** The whole function at a descendant of the tree; only trees without errors leave anything to be copied. */
  copyFunction(descendant: number): Syntax {
    const tree = this.tree ?? this.parser.parse(this.text);
    const cursor = tree.walk();
    try {
      cursor.gotoDescendant(descendant);
      const copier = this.parser.copier(
        cursor.currentNode.walk(),
        this.text,
        { sound: true },
        cursor.currentDepth,
      );
      copier.advance();
      return copier.syntax;
    } finally {
      cursor.delete();
      if (tree !== this.tree) tree.delete();
    }
  }

  release(): void {
    this.tree?.delete();
    this.tree = undefined;
  }
}
