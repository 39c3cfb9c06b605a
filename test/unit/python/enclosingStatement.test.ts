import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { enclosingStatement } from '../../../src/core/python/enclosingStatement.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const FILES = [
  'test/fixtures/python/outline.py',
  'packs/blip/mini/med.py',
  'packs/dalle2/mini/prior.py',
  'packs/glide/mini/unet.py',
  'packs/open_clip/mini/transformer.py',
  'samples/variants/unet.py',
];

describe('enclosingStatement', () => {
  /** What is left, without blank lines: [line, text]. */
  const left = (text: string, line: number) =>
    enclosingStatement(text, line)
      ?.split('\n')
      .flatMap((it, at) => (it.trim() ? [`${at} ${it}`] : []));

  const cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly line: number;
    readonly wanted: readonly string[] | undefined;
  }[] = [
    {
      name: 'keeps the class and the imports, wherever they stand',
      text: 'import a\nx = 1\nclass A:\n    y = 2\n\n    def f(self):\n        pass\nz = 3\nfrom b import c\n',
      line: 5,
      wanted: [
        '0 import a',
        '2 class A:',
        '3     y = 2',
        '5     def f(self):',
        '6         pass',
        '8 from b import c',
      ],
    },
    {
      name: 'takes decorators with their function',
      text: 'x = 1\n@one\n# between\n@two(\n  3,\n)\ndef f():\n    pass\ny = 2\n',
      line: 7,
      wanted: ['1 @one', '2 # between', '3 @two(', '4   3,', '5 )', '6 def f():', '7     pass'],
    },
    {
      name: 'takes clauses with their statement',
      text: 'try:\n    import a\nexcept ImportError:\n    a = None\nelse:\n    a.b()\nfinally_done = 1\n',
      line: 3,
      wanted: [
        '0 try:',
        '1     import a',
        '2 except ImportError:',
        '3     a = None',
        '4 else:',
        '5     a.b()',
      ],
    },
    {
      name: 'is not misled by code in a string',
      text: 'def f():\n    """\ndef g():\n    pass\n    """\n    return 1\n\nx = \'# not "a comment\'\n',
      line: 5,
      wanted: ['0 def f():', '1     """', '2 def g():', '3     pass', '4     """', '5     return 1'],
    },
    {
      name: 'goes on behind a backslash and inside brackets',
      text: 'x = 1 + \\\n2\ny = [\n3,\n"]",  # ]\n]\n',
      line: 4,
      wanted: ['2 y = [', '3 3,', '4 "]",  # ]', '5 ]'],
    },
    { name: 'says nothing above the first statement', text: '# note\n\nx = 1\n', line: 0, wanted: undefined },
    {
      name: 'says nothing where a quote stays open',
      text: "x = 'a\ndef f():\n    pass\n",
      line: 2,
      wanted: undefined,
    },
    {
      name: 'says nothing where a bracket stays open',
      text: 'x = (1\ndef f():\n    pass\n',
      line: 2,
      wanted: undefined,
    },
    {
      name: 'says nothing where one closes that was not open',
      text: 'x = 1)\ny = 2\n',
      line: 1,
      wanted: undefined,
    },
    {
      name: 'looks no further than it must',
      text: 'def f():\n    pass\ny = 2\nx = (1\n',
      line: 1,
      wanted: ['0 def f():', '1     pass'],
    },
  ];
  for (const { name, text, line, wanted } of cases) {
    it(name, () => {
      assert.deepEqual(left(text, line), wanted);
      // The same with the other line ends.
      assert.deepEqual(
        left(text.replaceAll('\n', '\r\n'), line)?.map(it => it.replaceAll('\r', '')),
        wanted,
      );
    });
  }

  describe('what is left says the same of a function', () => {
    let parser: PythonParser;
    before(async () => {
      parser = await loadPythonParser();
    });
    after(() => parser.dispose());

    for (const file of FILES) {
      it(`of ${file}`, async () => {
        const text = await readFile(file, 'utf8');
        const whole = parser.outline(text);
        assert.ok(whole.functions.length > 0);
        for (const fn of whole.functions) {
          const statement = enclosingStatement(text, fn.nameRange.start.line);
          assert.ok(statement !== undefined, fn.qualname);
          const part = parser.outline(statement);
          const at = ({ start }: typeof fn.nameRange) => `${start.line}:${start.character}`;
          assert.deepEqual(
            part.functions.find(it => at(it.nameRange) === at(fn.nameRange)),
            fn,
          );
          const around = (outline: typeof whole) =>
            outline.classes.filter(
              it => it.range.start.line <= fn.range.start.line && it.range.end.line >= fn.range.end.line,
            );
          assert.deepEqual(around(part), around(whole));
          assert.deepEqual(part.imports, whole.imports);
        }
      });
    }
  });
});
