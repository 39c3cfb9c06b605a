import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Node, Tree, TreeCursor } from 'web-tree-sitter';
import { Pace } from '../../../src/core/python/pace.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

/**
 * Cursors that are left to the garbage collector: web-tree-sitter then frees what stands in its transfer buffer, which is another
 * cursor's. Much later something else breaks.
 */
describe('cursors of web-tree-sitter', () => {
  let parser: PythonParser;
  let text: string;
  const open = new Set<TreeCursor>();
  let made = 0;
  const own = { tree: Tree.prototype.walk, node: Node.prototype.walk, delete: TreeCursor.prototype.delete };
  const noted = (cursor: TreeCursor): TreeCursor => {
    made++;
    open.add(cursor);
    return cursor;
  };

  before(async () => {
    parser = await loadPythonParser();
    text = await readFile('packs/glide/mini/unet.py', 'utf8');
    Tree.prototype.walk = function () {
      return noted(own.tree.call(this));
    };
    Node.prototype.walk = function () {
      return noted(own.node.call(this));
    };
    TreeCursor.prototype.delete = function () {
      open.delete(this);
      own.delete.call(this);
    };
  });
  beforeEach(() => {
    made = 0;
    open.clear();
  });
  after(() => {
    Tree.prototype.walk = own.tree;
    Node.prototype.walk = own.node;
    TreeCursor.prototype.delete = own.delete;
    parser.dispose();
  });

  const allDeleted = (atLeast: number) => {
    assert.ok(made >= atLeast, `${made} cursors were made`);
    assert.equal(open.size, 0);
  };

  it('are deleted by outlines and copies, of broken texts too', () => {
    parser.outline(text);
    parser.outline('def f(:\n  x = (');
    parser.syntaxOf(text);
    allDeleted(3);
  });

  it('are deleted by documents whose bodies are read, and that are edited', () => {
    const document = parser.open(text);
    for (const fn of document.outline.functions) assert.ok(fn.statements.length > 0);
    document.update(`# note\n${text}`);
    for (const fn of document.outline.functions) assert.ok(fn.names.length > 0);
    document.dispose();
    allDeleted(4);
  });

  it('are deleted by readings in slices, also where nobody reads on', async () => {
    let all = 0;
    const { release } = await parser.outlineInSlices(text, new Pace(async () => void all++, 0));
    release();
    allDeleted(1);
    // While it is parsed, copied and outlined.
    for (let after = 0; after < all - 1; after += Math.ceil(all / 60)) {
      let pauses = 0;
      const stop = new Pace(async () => {
        parser.outline('def other():\n    return 1\n');
        if (++pauses > after) throw new Error('nobody waits');
      }, 0);
      await assert.rejects(parser.outlineInSlices(text, stop), /nobody waits/);
    }
    allDeleted(4);
    assert.deepEqual(parser.outline(text).functions.length, parser.open(text).outline.functions.length);
  });
});
