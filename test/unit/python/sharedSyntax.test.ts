import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { SharedSyntax } from '../../../src/core/python/sharedSyntax.ts';
import { findPythonFiles } from '../../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

describe('syntax that an outline and a run share', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await loadPythonParser();
  });
  after(() => parser.dispose());

  const counting = () => {
    const read: string[] = [];
    const shared = new SharedSyntax({
      syntaxOf: text => {
        read.push(text);
        return parser.syntaxOf(text);
      },
    });
    return { read, shared };
  };

  it('gives the outlines that the parser gives', async () => {
    const { shared } = counting();
    for (const folder of ['packs', 'samples', 'test/fixtures/python', 'test/fixtures/torch']) {
      for (const file of (await findPythonFiles(folder)).files) {
        const text = await readFile(`${folder}/${file}`, 'utf8');
        assert.deepEqual(shared.outline(text), parser.outline(text), file);
      }
    }
  });

  it('gives the outlines of broken texts, too', () => {
    const { shared } = counting();
    for (const text of ['', 'def f(:\n  x = (', 'class A:\n  def f(self):\n    return )\n', 'x\r = 1\r'])
      assert.deepEqual(shared.outline(text), parser.outline(text), JSON.stringify(text));
  });

  it('makes one tree for both', () => {
    const { read, shared } = counting();
    const text = 'def f(x):\n    return x\n';
    shared.outline(text);
    assert.deepEqual(shared.syntaxOf(text).types, parser.syntaxOf(text).types);
    assert.deepEqual(read, [text]);
  });

  it('keeps no tree that has been asked for, nor of many that nobody asks for', () => {
    const { read, shared } = counting();
    const texts = Array.from({ length: 9 }, (_, index) => `x = ${index}\n`);
    for (const text of texts) shared.outline(text);
    shared.syntaxOf(texts[0]!);
    assert.equal(read.length, 10, 'the first one was forgotten');
    shared.syntaxOf(texts[8]!);
    assert.equal(read.length, 10, 'the last one was kept');
    shared.syntaxOf(texts[8]!);
    assert.equal(read.length, 11, 'once');
  });
});
