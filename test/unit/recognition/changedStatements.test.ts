import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Atlas } from '../../../src/core/atlas/atlas.ts';
import { LineIndex } from '../../../src/core/python/lineIndex.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { statementPrint } from '../../../src/core/recognition/statementPrint.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const PATH = 'samples/glide/unet.py';
const ENTRY = 'glide.QKVAttention.forward';

describe('changed statements', () => {
  let parser: PythonParser;
  let recognizer: Recognizer;
  let text: string;
  before(async () => {
    parser = await loadPythonParser();
    text = await readFile(PATH, 'utf8');
    recognizer = new Recognizer(await withPrintsOf(text));
  });
  after(() => parser.dispose());

  /** The built-in atlas in which our sample counts as the original of its attention. */
  async function withPrintsOf(original: string): Promise<Atlas> {
    const atlas = await builtInAtlas();
    const lines = new LineIndex(original);
    const plain = new Recognizer(atlas);
    const match = plain.matches(parser.outline(original), { path: PATH }).find(it => it.entryId === ENTRY);
    assert.ok(match);
    const prints: Record<string, string[]> = {};
    for (const { range } of match.function.statements) {
      const print = statementPrint(original.slice(lines.offsetAt(range.start), lines.offsetAt(range.end)));
      if (print) prints[print.words] = [`${print.values}:${print.exact}`];
    }
    return new Atlas(
      atlas.packs.map(pack => ({
        ...pack,
        entries: pack.entries.map(entry => (entry.id === ENTRY ? { ...entry, prints } : entry)),
      })),
    );
  }

  /** Lines (from 1) that are said to be changed; undefined where there is no card. */
  function changedLines(edited: string): number[] | undefined {
    const matches = recognizer.matches(parser.outline(edited), { path: PATH, text: edited });
    return matches.find(it => it.entryId === ENTRY)?.changed.map(range => range.start.line + 1);
  }

  const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

  it('are none in the original, moved, reformatted or commented', () => {
    assert.deepEqual(changedLines(text), []);
    assert.deepEqual(changedLines(`# first\n\n${text}`), []);
    assert.deepEqual(changedLines(text.replaceAll('\n', '\r\n')), []);
    assert.deepEqual(changedLines(text.replace(/^(\s+scale = .*)$/m, '$1  # on both sides')), []);
  });

  it('are told by their lines, and gone again when the edit is undone', () => {
    const part = 'scale = ';
    const from = /scale = .*/.exec(text)?.[0] ?? '';
    assert.match(from, /sqrt/);
    const edited = text.replace(from, from.replace(/(\d)/, '3'));
    assert.notEqual(edited, text);
    assert.deepEqual(changedLines(edited), [lineOf(part)]);
    assert.deepEqual(changedLines(text), []);
  });

  it('come as evidence without weight', () => {
    const from = /scale = .*/.exec(text)?.[0] ?? '';
    const edited = text.replace(from, from.replace(/(\d)/, '3'));
    const match = recognizer
      .matches(parser.outline(edited), { path: PATH, text: edited })
      .find(it => it.entryId === ENTRY);
    assert.deepEqual(
      match?.evidence.filter(it => it.kind === 'changed'),
      [{ kind: 'changed', weight: 0, detail: `line ${lineOf('scale = ')}` }],
    );
  });

  it('are not looked for where only an outline is at hand', () => {
    const edited = text.replace(/scale = .*/, line => line.replace(/(\d)/, '3'));
    const match = recognizer.matches(parser.outline(edited), { path: PATH }).find(it => it.entryId === ENTRY);
    assert.deepEqual(match?.changed, []);
  });
});
