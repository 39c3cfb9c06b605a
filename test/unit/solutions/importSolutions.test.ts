import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Atlas } from '../../../src/core/atlas/atlas.ts';
import { readPack } from '../../../src/core/atlas/readPack.ts';
import type { Pack } from '../../../src/core/atlas/schema.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { importSolutions } from '../../../src/core/solutions/importSolutions.ts';
import { layeredAtlas } from '../../../src/core/solutions/layeredAtlas.ts';
import { packYaml } from '../../../src/core/solutions/packYaml.ts';
import type { Solutions } from '../../../src/core/solutions/solutions.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/solutions/${name}`, import.meta.url), 'utf8');

describe('a note of solutions', () => {
  let parser: PythonParser;
  let english: Solutions;
  let japanese: Solutions;

  before(async () => {
    parser = await loadPythonParser();
    english = importSolutions(fixture('chapter-9.en.md'), parser, { file: 'chapter-9.en.md' });
    japanese = importSolutions(fixture('chapter-9.ja.md'), parser, { file: 'chapter-9.ja.md' });
  });
  after(() => parser.dispose());

  const entryOf = (solutions: Solutions, id: string) => {
    const entry = solutions.pack?.entries.find(it => it.id === id);
    assert.ok(entry, `${id} among ${solutions.pack?.entries.map(it => it.id).join(', ')}`);
    return entry;
  };

  it('gives its exercises, in the order of the book', () => {
    assert.deepEqual(new Atlas([english.pack as Pack]).exercises, ['9.1', '9.2', '9.10']);
    assert.deepEqual(new Atlas([japanese.pack as Pack]).exercises, ['9.1', '9.2']);
  });

  it('gives display math in every spelling, in lists too', () => {
    const tex = entryOf(english, 'chapter-9-en.9.1').equations.map(it => it.tex);
    assert.equal(tex.length, 2);
    assert.match(tex[0] ?? '', /^\\begin\{aligned\}\ny &= x W[\s\S]*\\end\{aligned\}$/);
    assert.match(tex[1] ?? '', /^\\ell = /);
    const other = entryOf(japanese, 'chapter-9-ja.9.1').equations.map(it => it.tex);
    assert.deepEqual(other, ['m = \\sum_i w_i x_i', 'w_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}']);
  });

  it('gives symbols with their shapes, and no money', () => {
    const symbols = entryOf(english, 'chapter-9-en.9.1').symbols.map(it => [it.tex, it.shape]);
    assert.deepEqual(symbols, [
      ['x', '[n, d]'],
      ['W', undefined],
    ]);
  });

  it('makes a formula in the text the equation where there is no display', () => {
    assert.deepEqual(
      entryOf(english, 'chapter-9-en.9.10').equations.map(it => it.tex),
      ['p(x) = \\prod_i q(x_i)'],
    );
  });

  it('finds the class of a quoted method in the prose, not one that is mentioned beside it', () => {
    const forward = entryOf(english, 'chapter-9-en.GateCell.forward');
    assert.deepEqual(forward.signature?.class, ['GateCell']);
    assert.deepEqual(forward.signature?.bases, ['Cell']);
    assert.deepEqual(forward.signature?.parameters, ['x', 'state']);
    assert.deepEqual(forward.upstream, {
      path: 'gates/cell.py',
      qualname: 'GateCell.forward',
      repo: 'https://github.com/example/gates',
      commit: 'abc1234',
    });
    assert.ok(forward.signature?.calls?.includes('sigmoid'));
    assert.ok(forward.signature?.calls?.includes('cat'), 'what comes after an elided block');
    const soft = entryOf(japanese, 'chapter-9-ja.SoftPool.forward');
    assert.deepEqual(soft.signature?.path, ['pool/mean.py']);
    assert.ok(soft.signature?.calls?.includes('softmax'));
  });

  it('takes the class of the code before, and does not take a link to one line for the file', () => {
    assert.deepEqual(entryOf(english, 'chapter-9-en.GateCell.warm_up').signature?.path, ['gates/cell.py']);
    assert.equal(entryOf(japanese, 'chapter-9-ja.score_all').signature?.kind, 'function');
  });

  it('marks entries with note, line and language', () => {
    assert.deepEqual(entryOf(japanese, 'chapter-9-ja.9.1').origin, {
      file: 'chapter-9.ja.md',
      line: 3,
      language: 'ja',
    });
    assert.equal(entryOf(english, 'chapter-9-en.9.10').origin?.language, 'en');
  });

  it('reads the same with Windows line ends', () => {
    const crlf = importSolutions(fixture('chapter-9.en.md').replaceAll('\n', '\r\n'), parser, {
      file: 'chapter-9.en.md',
    });
    assert.deepEqual(crlf, english);
  });

  it('reads notes of Obsidian and of GitHub, in any language, without their properties and other chapters', () => {
    const text = [
      '---',
      'tags: [math]',
      '---',
      '# Meine Lösungen',
      '## Aufgabe 2.1 Aufmerksamkeit',
      '> [!note] Merke',
      '> $$',
      '> Y = A V',
      '> $$',
      '',
      '1. 第一',
      '   - 嵌套',
      '',
      '     ```math',
      '     z = y',
      '     ```',
      '',
      '## Ohne Nummer',
      '$$ x = 1 $$',
    ].join('\r\n');
    const { pack, report } = importSolutions(text, parser, { file: 'a.md' });
    assert.equal(pack?.title.en, 'Meine Lösungen');
    assert.deepEqual(
      pack?.entries.map(it => [it.id, it.equations.map(equation => equation.tex)]),
      [['a.2.1', ['Y = A V', 'z = y']]],
    );
    assert.ok(report.some(it => it.line === 18 && it.unused === 'no exercise number in the heading'));
    assert.ok(report.some(it => it.line === 19 && it.unused === 'stands under no exercise'));
  });

  it('says what is used and what is not, with the line', () => {
    const lines = fixture('chapter-9.en.md').split('\n');
    const lineOf = (part: string) => lines.findIndex(line => line.includes(part)) + 1;
    const at = (part: string) => english.report.filter(it => it.line === lineOf(part));
    assert.equal(at('$5 and lunch').find(it => it.what.startsWith('$5'))?.used, undefined);
    assert.match(at('<script>')[0]?.unused ?? '', /HTML/);
    assert.match(at('def forward')[0]?.used ?? '', /gates\/cell\.py.*left out/);
    assert.match(at('a = b + c')[0]?.used ?? '', /demo\.Thing\.forward/);
    for (const it of english.report) assert.notEqual(it.used === undefined, it.unused === undefined);
  });

  it('is a pack that reads as one', () => {
    for (const solutions of [english, japanese]) {
      const read = readPack({ pack: { path: 'x.yaml', text: packYaml(solutions.pack as Pack) } });
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.pack, solutions.pack);
    }
  });

  it('recognises what it quotes in code, and nothing of another class, name or with other parameters', () => {
    const recognizer = new Recognizer(new Atlas([japanese.pack as Pack]));
    const code = (cls: string, signature: string) =>
      `class ${cls}(nn.Module):\n    def ${signature}:\n        s = self.score(x)\n        if mask is not None:\n            s = s.masked_fill(mask, -1)\n        w = torch.softmax(s, dim=1)\n        return (w * x).sum(dim=1)\n`;
    const found = (text: string) =>
      recognizer.matches(parser.outline(text), { path: 'pool/mean.py' }).map(it => it.entryId);
    assert.deepEqual(found(code('SoftPool', 'forward(self, x, mask=None)')), [
      'chapter-9-ja.SoftPool.forward',
    ]);
    assert.deepEqual(found(code('SoftPools', 'forward(self, x, mask=None)')), []);
    assert.deepEqual(found(code('SoftPool', '_forward(self, x, mask=None)')), []);
    assert.deepEqual(found(code('SoftPool', 'forward(self, x)')), []);
  });

  it('stands beside built-in entries of its exercise, and where a marker says so', () => {
    const entry = (id: string, exercise: string) => ({
      ...entryOf(english, 'chapter-9-en.9.1'),
      id,
      exercises: [exercise],
    });
    const builtIn: Pack = {
      system: 'demo',
      title: { en: 'Demo', ja: 'デモ' },
      entries: [entry('demo.Thing.forward', '1.1'), entry('demo.other', '9.1')],
    };
    const { atlas, notes } = layeredAtlas([builtIn], { packs: [], solutions: [english] });
    assert.deepEqual(
      notes.get('demo.Thing.forward')?.flatMap(it => it.equations.map(equation => equation.tex)),
      ['a = b + c'],
    );
    assert.equal(notes.get('demo.other')?.[0]?.equations.length, 2);
    assert.ok(atlas.entry('chapter-9-en.GateCell.forward')?.signature);
  });

  it('leaves a function that the atlas knows to the atlas, with the author beside', () => {
    const known = { ...entryOf(english, 'chapter-9-en.GateCell.forward'), id: 'demo.GateCell.forward' };
    const builtIn: Pack = { system: 'demo', title: { en: 'Demo', ja: 'デモ' }, entries: [known] };
    const { atlas, notes } = layeredAtlas([builtIn], { packs: [], solutions: [english] });
    assert.equal(atlas.entry('chapter-9-en.GateCell.forward')?.signature, undefined);
    assert.ok(notes.get('demo.GateCell.forward')?.length);
  });

  it('lets a pack of the reader override a built-in entry', () => {
    const known = { ...entryOf(english, 'chapter-9-en.GateCell.forward'), id: 'demo.GateCell.forward' };
    const mine = { ...known, title: { en: 'Mine', ja: '私の' } };
    const pack = (entries: Pack['entries']): Pack => ({
      system: 'demo',
      title: { en: 'Demo', ja: 'デモ' },
      entries,
    });
    const { atlas } = layeredAtlas([pack([known])], { packs: [pack([mine])], solutions: [] });
    assert.equal(atlas.entry('demo.GateCell.forward')?.title.en, 'Mine');
  });

  it('refuses what is no note with one sentence', () => {
    for (const text of ['', 'words only', '\0', 'x'.repeat(20_000_000), '> '.repeat(5000)]) {
      const { pack, report } = importSolutions(text, parser, { file: 'bad.md' });
      assert.equal(pack, undefined);
      assert.ok(report.some(it => it.kind === 'note' && it.unused));
    }
  });
});
