import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const GOOD = 'class A:\n    def f(self, x):\n        return self.g(x) + 1\n';

describe('texts that are no tidy Python', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await loadPythonParser();
  });
  after(() => parser.dispose());

  const names = (text: string) => parser.outline(text).functions.map(it => it.qualname);

  it('reads nothing from an empty text', () => {
    assert.deepEqual(parser.outline('').functions, []);
    assert.deepEqual(parser.outline('\n\n').functions, []);
  });

  it('reads past a byte order mark, and keeps the positions', () => {
    assert.deepEqual(names(`\uFEFF${GOOD}`), ['A.f']);
    const fn = parser.outline(`\uFEFF${GOOD}`).functions[0];
    assert.deepEqual(fn?.nameRange.start, { line: 1, character: 8 });
  });

  const variants: [string, string][] = [
    ['null bytes', GOOD.replace('return', '\0 return')],
    ['carriage returns with line feeds', GOOD.replaceAll('\n', '\r\n')],
    ['lone carriage returns', GOOD.replaceAll('\n', '\r')],
    ['tabs', GOOD.replaceAll('    ', '\t')],
    ['no line break at the end', GOOD.trimEnd()],
  ];
  for (const [what, text] of variants) {
    it(`reads ${what}`, () => {
      const outline = parser.outline(text);
      assert.deepEqual(
        outline.functions.map(it => it.qualname),
        ['A.f'],
      );
      assert.equal(outline.functions[0]?.nameRange.start.line, 1);
      assert.equal(outline.functions[0]?.statements[0]?.range.start.line, 2);
    });
  }

  it('counts emoji as two units and tabs as one', () => {
    const outline = parser.outline('def f(x):\n\ty = "🧮"; z = g(x)\n');
    const statement = outline.functions[0]?.statements[1];
    assert.deepEqual(statement?.range.start, { line: 1, character: 11 });
  });

  it('survives what is not Python at all', () => {
    const texts = [
      '<html><body>{{ x }}</body>',
      '((((((((((',
      'def def def',
      'class :',
      '\u0000\u0001\uD800',
      '@@@\n  @',
    ];
    for (const text of texts) assert.doesNotThrow(() => parser.outline(text), text);
  });

  it('reads functions outside an error', () => {
    assert.ok(names(`${GOOD}\ndef broken(:\n    return (\n\ndef fine(x):\n    return x\n`).includes('A.f'));
  });

  it('refuses texts nobody wrote by hand', () => {
    const outline = parser.outline(`x = 1\n${'# padding\n'.repeat(500_000)}`);
    assert.equal(outline.hasErrors, true);
    assert.deepEqual(outline.functions, []);
  });

  it('does not overflow on deep nesting', () => {
    assert.doesNotThrow(() => parser.outline(`x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n`));
    assert.doesNotThrow(() => parser.outline(`x = ${'a + '.repeat(20_000)}a\n`));
    assert.doesNotThrow(() =>
      parser.outline(`def f():\n    return ${'f('.repeat(5_000)}1${')'.repeat(5_000)}\n`),
    );
  });

  it('reads one very long line', () => {
    const text = `def f(x): ${'y = x + 1; '.repeat(20_000)}return y\n`;
    assert.equal(parser.outline(text).functions[0]?.statements.length, 20_001);
  });

  it('never throws and keeps ranges inside the text', () => {
    const piece = fc.constantFrom(
      'def f(a, *b, c=1, **d):',
      'class C(B):',
      '    ',
      '\t',
      '\n',
      '\r\n',
      '\r',
      'return',
      ' x = y[0].z(1)',
      '(',
      ')',
      ':',
      '"',
      "'''",
      '#',
      '🧮',
      '\0',
      'lambda q: q',
      'if a:',
      'else:',
      '@dec',
      'import a.b as c',
      'from . import *',
      'self.a = B()',
      ',',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const text = pieces.join('');
        const lineCount = text.split(/\r\n|\n|\r/).length;
        for (const fn of parser.outline(text).functions) {
          assert.ok(fn.range.end.line < lineCount + 1);
          for (const statement of fn.statements) {
            assert.ok(statement.range.start.line >= fn.range.start.line);
            assert.ok(statement.range.end.line <= fn.range.end.line);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
