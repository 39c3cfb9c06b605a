import { strict as assert } from 'node:assert';
import katex from 'katex';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import { markSymbols } from '../../../src/core/explain/markSymbols.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';

const symbol = (tex: string) => ({ tex, code: [], meaning: { en: 'a', ja: 'あ' } });

describe('markSymbols', () => {
  const cases: readonly [what: string, tex: string, symbols: readonly string[], expected: string][] = [
    ['a letter', 'a + Q', ['Q'], String.raw`a + \htmlClass{el-symbol-0}{Q}`],
    [
      'the longest symbol',
      'I_f + I',
      ['I', 'I_f'],
      String.raw`\htmlClass{el-symbol-1}{I_f} + \htmlClass{el-symbol-0}{I}`,
    ],
    [
      'no letter inside a name',
      String.raw`\operatorname{softmax}(a)`,
      ['a'],
      String.raw`\operatorname{softmax}(\htmlClass{el-symbol-0}{a})`,
    ],
    [
      'a name that is a symbol',
      String.raw`\mathrm{logits} = x`,
      [String.raw`\mathrm{logits}`],
      String.raw`\htmlClass{el-symbol-0}{\mathrm{logits}} = x`,
    ],
    ['no index', 'x_Q', ['Q'], 'x_Q'],
    ['no primed sister', "p' + p", ['p'], String.raw`p' +\htmlClass{el-symbol-0}{p}`],
    [
      'two spellings of one symbol',
      String.raw`\tilde K + K`,
      [String.raw`K, \tilde K`],
      String.raw`\htmlClass{el-symbol-0}{\tilde K} +\htmlClass{el-symbol-0}{K}`,
    ],
    [
      'spaces in text',
      String.raw`\text{where a b} x`,
      ['x'],
      String.raw`\text{where a b}\htmlClass{el-symbol-0}{x}`,
    ],
  ];
  for (const [what, tex, symbols, expected] of cases) {
    it(`marks ${what}`, () => {
      assert.equal(markSymbols(tex, symbols.map(symbol)).replaceAll(' ', ''), expected.replaceAll(' ', ''));
    });
  }

  it('leaves every equation of the built-in packs fit for KaTeX', async () => {
    const { atlas } = loadAtlas(await readPackFolders());
    assert.ok(atlas.entries.length > 50);
    const broken: string[] = [];
    for (const entry of atlas.entries) {
      for (const tex of [...entry.equations, ...entry.steps].flatMap(part => part.tex ?? [])) {
        try {
          katex.renderToString(markSymbols(tex, entry.symbols), {
            displayMode: true,
            strict: false,
            trust: true,
            throwOnError: true,
          });
        } catch (error) {
          broken.push(`${entry.id}: ${String(error)}`);
        }
      }
    }
    assert.deepEqual(broken, []);
  });
});
