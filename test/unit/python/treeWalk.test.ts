import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Language, Parser, type Tree } from 'web-tree-sitter';
import { TREE_SITTER } from '../../../src/core/python/pythonParser.ts';
import { SyntaxCopier } from '../../../src/core/python/syntax.ts';
import { treeWalk } from '../../../src/core/python/treeWalk.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The quick walk relies on what web-tree-sitter's WebAssembly exports: a new version of it must be looked at here first. */
describe('treeWalk', () => {
  let language: Language;
  let parser: Parser;
  before(async () => {
    language = (await loadPythonParser()).language;
    parser = new Parser();
    parser.setLanguage(language);
  });
  after(() => parser.delete());

  const copied = (
    tree: Tree,
    text: string,
    exports: typeof TREE_SITTER,
    slice = Number.POSITIVE_INFINITY,
  ) => {
    const copier = new SyntaxCopier(treeWalk(tree.walk(), exports), language, text, {});
    let asked = 0;
    while (!copier.advance(() => ++asked % slice === 0)) {
      // Between two stretches others use the parser.
      parser.parse('def other(a, b):\n    return a')?.rootNode.descendantCount;
    }
    const { types, fields, starts, ends, next, depths, errors } = copier.syntax;
    return { types, fields, starts, ends, next, depths, errors };
  };

  const texts: readonly (readonly [name: string, text: string])[] = [
    [
      'a module of the tracer’s library',
      readFileSync(join(root, 'src/core/trace/pylib/torch/nn/functional.py'), 'utf8'),
    ],
    ['a fixture', readFileSync(join(root, 'samples/glide/unet.py'), 'utf8')],
    ['Japanese and emoji', 'def f(画像):\n    """説明 🎉"""\n    return 画像 * 2  # 二倍\n'],
    ['errors and what is missing', 'def f(:\n    return (1,\nclass\n  x = [1, 2\n'],
    ['nothing', ''],
  ];
  for (const [name, text] of texts) {
    it(`copies ${name} as the library's own cursor does, in one go and in slices`, () => {
      const tree = parser.parse(text)!;
      try {
        const plain = copied(tree, text, {});
        assert.equal(plain.types[0], 'module');
        assert.deepEqual(copied(tree, text, TREE_SITTER), plain);
        assert.deepEqual(copied(tree, text, TREE_SITTER, 1), plain);
      } finally {
        tree.delete();
      }
    });
  }

  it('walks the quick way with the version that is installed', () => {
    const tree = parser.parse('x = 1')!;
    const walk = treeWalk(tree.walk(), TREE_SITTER);
    const slow = treeWalk(tree.walk(), {});
    assert.notEqual(walk.constructor, slow.constructor);
    // A cursor that is left to the garbage collector takes another one's memory with it.
    slow.delete();
    walk.delete();
    tree.delete();
  });
});
