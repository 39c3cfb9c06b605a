import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import type { FunctionUnit } from './functionUnit.ts';
import { LineIndex } from './lineIndex.ts';
import type { Outline } from './outline.ts';
import { type OutlinedText, outlineInSteps, outlineSyntax } from './outliner.ts';
import type { Pace } from './pace.ts';
import { PythonDocument, type ReadText } from './pythonDocument.ts';
import { EMPTY_OUTLINE, MAX_TEXT_LENGTH, readable } from './readableText.ts';
import { smallMemory } from './smallMemory.ts';
import { type Omissions, type Syntax, SyntaxCopier } from './syntax.ts';
import { TextSource } from './textSource.ts';
import { type TreeSitterModule, treeWalk } from './treeWalk.ts';

/** web-tree-sitter has one module per program, too: what its first `init` is given becomes it. */
export const TREE_SITTER: TreeSitterModule = {};

/** Memory to begin with, in pages of 64 kB: enough for the grammar and a file of ordinary length. */
const INITIAL_PAGES = 64;

/** The two WebAssembly files a parser is made of, as bytes; where they come from is the caller's business. */
export interface ParserWasm {
  /** `web-tree-sitter.wasm` */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python.wasm` */
  readonly grammar: Uint8Array;
}

/** An outline that holds memory of the parser. */
export interface ReleasableOutline {
  readonly outline: Outline;
  release(): void;
}

/** Reads Python. One per process is enough; documents opened from it must be disposed before it is. */
export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    readonly language: Language,
  ) {}

  /** @throws when the bytes are no such WebAssembly */
  static async create(wasm: ParserWasm): Promise<PythonParser> {
    const small = smallMemory(wasm.runtime, INITIAL_PAGES);
    await Parser.init(
      Object.assign(
        TREE_SITTER,
        small ? { wasmBinary: small.bytes, INITIAL_MEMORY: small.memoryBytes } : { wasmBinary: wasm.runtime },
      ),
    );
    const language = await Language.load(wasm.grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new PythonParser(parser, language);
  }

  /** The outline of a text that is read once. Never throws: what cannot be read gives an outline with `hasErrors`. */
  outline(text: string): Outline {
    if (text.length > MAX_TEXT_LENGTH) return { ...EMPTY_OUTLINE, hasErrors: true };
    const clean = readable(text);
    return outlineSyntax(this.syntaxOf(clean), new LineIndex(clean)).outline;
  }

  /**
   * The outline of a text that is read once, without holding anybody up: parsing and reading stop every few milliseconds.
   * Bodies can be read until `release` is called, and should not be looked at afterwards.
   */
  async outlineInSlices(text: string, pace: Pace): Promise<ReleasableOutline> {
    if (text.length > MAX_TEXT_LENGTH)
      return { outline: { ...EMPTY_OUTLINE, hasErrors: true }, release: () => {} };
    const { source, outline } = await this.readInSlices(readable(text), pace);
    return { outline, release: () => source.release() };
  }

  /** A document that will be edited, first read without holding anybody up. */
  async openInSlices(text: string, pace: Pace): Promise<PythonDocument> {
    if (text.length > MAX_TEXT_LENGTH) return this.open(text);
    return new PythonDocument(this, text, await this.readInSlices(readable(text), pace));
  }

  private async readInSlices(clean: string, pace: Pace): Promise<ReadText> {
    const tree = await this.parseInSlices(clean, pace);
    const source = new TextSource(this, clean, tree);
    const sound = !tree.rootNode.hasError;
    const copier = this.copier(tree.walk(), clean, { sound, bodies: sound });
    try {
      while (!copier.advance(pace.isOver)) await pace.rest();
    } catch (error) {
      // Nobody reads on. A cursor must be deleted: web-tree-sitter frees one that is left to the garbage collector by another one's handles.
      copier.dispose();
      source.release();
      throw error;
    }
    const steps = outlineInSteps(copier.syntax, source.lines, source);
    for (;;) {
      const step = steps.next();
      if (step.done) return { source, ...step.value };
      if (pace.isOver()) await pace.rest();
    }
  }

  /** A parser of its own: a parse that rests must not be taken up with another text. */
  private async parseInSlices(text: string, pace: Pace): Promise<Tree> {
    const parser = new Parser();
    parser.setLanguage(this.language);
    try {
      for (;;) {
        const tree = parser.parse(text, null, { progressCallback: pace.isOver });
        if (tree) return tree;
        await pace.rest();
      }
    } finally {
      parser.delete();
    }
  }

  /** A text's whole tree as plain data, for somebody who reads it once. */
  syntaxOf(text: string): Syntax {
    const tree = this.parse(text);
    try {
      return this.copySyntax(tree, text);
    } finally {
      tree.delete();
    }
  }

  /** The whole of a tree as plain data. */
  copySyntax(tree: Tree, text: string): Syntax {
    const copier = this.copier(tree.walk(), text, { sound: !tree.rootNode.hasError });
    copier.advance();
    return copier.syntax;
  }

  /**
   * Copies what a cursor stands on.
   * @param cursor the copier's from here on
   * @param depth of the cursor's node in its tree
   */
  copier(cursor: TreeCursor, text: string, omit: Omissions, depth = 0): SyntaxCopier {
    return new SyntaxCopier(treeWalk(cursor, TREE_SITTER), this.language, text, omit, depth);
  }

  /** A document that will be edited. */
  open(text: string): PythonDocument {
    return new PythonDocument(this, text);
  }

  /** The syntax tree of a text (offsets are UTF-16 code units). The caller deletes it. */
  parse(text: string, oldTree?: Tree): Tree {
    const tree = this.parser.parse(text, oldTree ?? null);
    // Only a missing language or a cancelled parse gives null, and neither can be.
    if (!tree) throw new Error('the Python grammar is not loaded');
    return tree;
  }

  /**
   * The outline of a text with its tree. Where there are no errors, bodies are read when they are asked for.
   * @param known units of an earlier outline by their text, reused where the text is the same
   */
  outlineSource(
    source: TextSource,
    tree: Tree,
    known: ReadonlyMap<string, readonly FunctionUnit[]>,
  ): OutlinedText {
    const { text, lines } = source;
    const sound = !tree.rootNode.hasError;
    const copier = this.copier(tree.walk(), text, {
      sound,
      bodies: sound,
      known: (start, end) => {
        if (known.size === 0) return undefined;
        const column = start - (text.lastIndexOf('\n', start - 1) + 1);
        const units = known.get(text.slice(start, end))?.filter(unit => unit.column === column);
        return units?.length ? units : undefined;
      },
    });
    copier.advance();
    return outlineSyntax(copier.syntax, lines, source);
  }

  dispose(): void {
    this.parser.delete();
  }
}
