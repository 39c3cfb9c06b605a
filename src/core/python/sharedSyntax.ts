import { LineIndex } from './lineIndex.ts';
import type { Outline } from './outline.ts';
import { outlineSyntax } from './outliner.ts';
import type { PythonParser } from './pythonParser.ts';
import { EMPTY_OUTLINE, MAX_TEXT_LENGTH, readable } from './readableText.ts';
import type { Outliner } from './rememberedOutlines.ts';
import type { Syntax } from './syntax.ts';

/** Texts that have been outlined and not been asked for yet. */
const MOST = 8;

/**
 * Reads texts that are both outlined and run: the tree is made once for either. Bodies of functions are read when somebody looks at them,
 * and a run looks at one.
 */
export class SharedSyntax implements Outliner {
  readonly #parser: Pick<PythonParser, 'syntaxOf'>;
  readonly #outlined = new Map<string, Syntax>();

  constructor(parser: Pick<PythonParser, 'syntaxOf'>) {
    this.#parser = parser;
  }

  /** As `PythonParser.outline`. */
  outline(text: string): Outline {
    if (text.length > MAX_TEXT_LENGTH) return { ...EMPTY_OUTLINE, hasErrors: true };
    const clean = readable(text);
    const syntax = this.#parser.syntaxOf(clean);
    this.#outlined.set(clean, syntax);
    if (this.#outlined.size > MOST) this.#outlined.delete(this.#outlined.keys().next().value!);
    const bodies = syntax.errors.length === 0 ? 'copy' : undefined;
    return outlineSyntax(syntax, new LineIndex(clean), bodies).outline;
  }

  /** The whole tree of a text. Whoever asks remembers what is made of it. */
  syntaxOf(text: string): Syntax {
    const known = this.#outlined.get(text);
    this.#outlined.delete(text);
    return known ?? this.#parser.syntaxOf(text);
  }
}
