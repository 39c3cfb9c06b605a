import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

describe('PythonDocument', () => {
  let parser: PythonParser;
  let text: string;
  before(async () => {
    parser = await loadPythonParser();
    text = await readFile('test/fixtures/python/outline.py', 'utf8');
  });
  after(() => parser.dispose());

  it('gives the same outline after edits as a text that is read afresh', () => {
    const word = fc.constantFrom(
      'x',
      '\n',
      '    ',
      'def g(a):\n    return a\n',
      '🧮',
      ')',
      '(',
      '"',
      '\r\n',
      '# c\n',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), word), { maxLength: 8 }),
        edits => {
          const document = parser.open(text);
          let current = text;
          for (const [place, length, inserted] of edits) {
            const at = Math.floor(place * current.length);
            current = current.slice(0, at) + inserted + current.slice(at + length);
            document.update(current);
            const fresh = parser.outline(current);
            // With errors the document keeps what it knew; without, it must agree to the letter.
            if (!fresh.hasErrors) assert.deepEqual(document.outline, fresh);
          }
          document.dispose();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes edits in the style of VS Code', () => {
    const document = parser.open('def f(x):\r\n    return x\r\n');
    document.edit([
      { range: { start: { line: 1, character: 11 }, end: { line: 1, character: 12 } }, text: 'x + 1' },
      { range: { start: { line: 0, character: 4 }, end: { line: 0, character: 5 } }, text: 'gain' },
    ]);
    assert.equal(document.text, 'def gain(x):\r\n    return x + 1\r\n');
    assert.deepEqual(document.outline.functions[0]?.statements[0]?.operators, ['+']);
    assert.equal(document.outline.functions[0]?.name, 'gain');
    document.dispose();
  });

  it('keeps the very outlines of functions that nobody touched', () => {
    const document = parser.open(text);
    const before = document.outline.functions;
    document.update(text.replace('* 1e-5)', '* 1e-6)'));
    const after = document.outline.functions;
    const changed = after.filter((fn, index) => fn !== before[index]).map(fn => fn.qualname);
    assert.deepEqual(changed, ['Outer.forward']);
    document.dispose();
  });

  it('moves outlines down when lines come in above', () => {
    const document = parser.open(text);
    const before = document.outline.functions.map(fn => fn.nameRange.start.line);
    document.update(`# one\n# two\n${text}`);
    const after = document.outline.functions.map(fn => fn.nameRange.start.line);
    assert.deepEqual(
      after,
      before.map(line => line + 2),
    );
    document.dispose();
  });

  const midEdits: [string, string, string][] = [
    ['an unclosed call', 'return th.softmax(x.float(), dim=-1)', 'return th.softmax(x.float(, dim=-1'],
    ['an unclosed string', 'v = "日本語🧮"', 'v = "日本語🧮'],
    ['half a statement', 'for i, block in enumerate(self.blocks):', 'for i, block in '],
    ['an unclosed bracket', '[:, :2]', '[:, :2'],
  ];
  for (const [what, from, to] of midEdits) {
    it(`keeps the last good outline while there is ${what}`, () => {
      const document = parser.open(text);
      const before = document.outline;
      assert.ok(text.includes(from));
      document.update(text.replace(from, to));
      const names = document.outline.functions.map(fn => fn.qualname);
      for (const fn of before.functions) assert.ok(names.includes(fn.qualname), fn.qualname);
      const forward = document.outline.functions.find(fn => fn.qualname === 'Outer.forward');
      assert.equal(forward?.statements.length, 14);
      document.update(text);
      assert.deepEqual(document.outline, parser.outline(text));
      document.dispose();
    });
  }

  it('lets a function go that was deleted', () => {
    const document = parser.open('def f():\n    return 1\n\n\ndef g():\n    return 2\n');
    assert.equal(document.outline.functions.length, 2);
    document.update('def g():\n    return 2\n');
    assert.deepEqual(
      document.outline.functions.map(it => it.name),
      ['g'],
    );
    document.dispose();
  });

  it('can be closed twice', () => {
    const document = parser.open(text);
    assert.ok(document.outline.functions.length > 0);
    document.dispose();
    assert.doesNotThrow(() => document.dispose());
  });
});
