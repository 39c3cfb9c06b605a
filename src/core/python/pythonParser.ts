import { Language, Parser, type Tree } from 'web-tree-sitter';
import type { FunctionUnit } from './functionUnit.ts';
import { LineIndex } from './lineIndex.ts';
import type { Outline } from './outline.ts';
import { type OutlinedText, outlineSyntax } from './outliner.ts';
import { PythonDocument } from './pythonDocument.ts';
import { EMPTY_OUTLINE, MAX_TEXT_LENGTH, readable } from './readableText.ts';
import { copySyntax } from './syntax.ts';

/** The two WebAssembly files a parser is made of, as bytes; where they come from is the caller's business. */
export interface ParserWasm {
  /** `web-tree-sitter.wasm` */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python.wasm` */
  readonly grammar: Uint8Array;
}

/** Reads Python. One per process is enough; documents opened from it must be disposed before it is. */
export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    readonly language: Language,
  ) {}

  /** @throws when the bytes are no such WebAssembly */
  static async create(wasm: ParserWasm): Promise<PythonParser> {
    await Parser.init({ wasmBinary: wasm.runtime });
    const language = await Language.load(wasm.grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new PythonParser(parser, language);
  }

  /** The outline of a text that is read once. Never throws: what cannot be read gives an outline with `hasErrors`. */
  outline(text: string): Outline {
    if (text.length > MAX_TEXT_LENGTH) return { ...EMPTY_OUTLINE, hasErrors: true };
    const tree = this.parse(readable(text));
    try {
      return this.outlineTree(tree, readable(text), new Map()).outline;
    } finally {
      tree.delete();
    }
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

  /** @param known units of an earlier outline by their text, reused where the text is the same */
  outlineTree(tree: Tree, text: string, known: ReadonlyMap<string, readonly FunctionUnit[]>): OutlinedText {
    const syntax = copySyntax(tree, this.language, text, (start, end) => {
      if (known.size === 0) return undefined;
      const column = start - (text.lastIndexOf('\n', start - 1) + 1);
      const units = known.get(text.slice(start, end))?.filter(unit => unit.column === column);
      return units?.length ? units : undefined;
    });
    return outlineSyntax(syntax, new LineIndex(text));
  }

  dispose(): void {
    this.parser.delete();
  }
}
