import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Atlas } from '../../../src/core/atlas/atlas.ts';
import { checkPack } from '../../../src/core/atlas/checkPack.ts';
import type { Pack } from '../../../src/core/atlas/schema.ts';
import { equationCard } from '../../../src/core/card/equationCard.ts';
import { Localizer } from '../../../src/core/l10n/localizer.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { importSolutions } from '../../../src/core/solutions/importSolutions.ts';
import { layeredAtlas } from '../../../src/core/solutions/layeredAtlas.ts';
import type { Solutions } from '../../../src/core/solutions/solutions.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const SEED = 20260727;
const RUNS = Number(process.env.EQUATION_LENS_FUZZ ?? 5000);

/** Pieces that attackers like, and pieces that make a text look like ours. */
const nasty = fc.constantFrom(
  '<script>fetch("https://evil.example/")</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  '[x](command:workbench.action.quit)',
  '$\\href{javascript:alert(1)}{x}$',
  '$$\n\\includegraphics{https://evil.example/a.png}\n$$',
  '```math\n\\def\\x{\\x\\x}\\x\n```',
  '```math\n\\frac{1}{2}</code><script>\n```',
  '$`x"><svg onload=alert(1)>`$',
  '```python\nclass A(B):\n    def forward(self, x):\n        y = f(x) + g(x)\n        return y\n```',
  '```python\n    def forward(self, x):\n  # 省略\n        return self.f(x)\n```',
  '`A` クラスの `forward` メソッドは以下の通り。',
  'https://github.com/a/b/blob/c/../../etc/passwd.py',
  '[f](https://github.com/a/b/blob/abc/d.py#L1-L9)',
  '<!-- equation-lens: demo.__proto__.constructor -->',
  '### Exercise 6.5',
  '### 演習問題6.10',
  '- 1\n  - 2\n    - 3',
  '> > > quote',
  '$5 and $6',
  '$$x = y$$',
  '\u202e\u0000\ud800',
  '&lt;script&gt;',
  '**[a]**`b`<b>c</b>',
);
const noteText = fc
  .array(fc.oneof({ weight: 4, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 40 })), {
    maxLength: 14,
  })
  .map(parts => parts.join('\n\n'));

const field = fc.oneof(nasty, fc.string({ maxLength: 30 }), fc.constant('__proto__'), fc.constant('demo.a'));
const text = fc.record({ en: field, ja: field });
const entry = fc.record({
  id: fc.constantFrom('demo.a', 'demo.b', 'demo.__proto__', 'other.c', '<b>'),
  title: text,
  exercises: fc.array(fc.constantFrom('6.1', '6.10', '<6>'), { maxLength: 2 }),
  summary: text,
  equations: fc.array(fc.record({ id: fc.constantFrom('e', 'f'), tex: field, spoken: text, text }), {
    maxLength: 2,
  }),
  symbols: fc.array(
    fc.record({ tex: field, code: fc.array(field, { maxLength: 2 }), shape: field, meaning: text }),
    { maxLength: 2 },
  ),
  steps: fc.constant([]),
});
const jsonPack = fc
  .record({
    system: fc.constantFrom('demo', '__proto__', '<x>'),
    title: text,
    entries: fc.array(entry, { maxLength: 3 }),
  })
  .map(pack => JSON.stringify(pack));
const bomb = fc.integer({ min: 2, max: 12 }).map(levels => {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < levels; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(',')}]`,
    );
  return `${lines.join('\n')}\nentries: *a${levels - 1}\n`;
});
const deep = fc.integer({ min: 1, max: 4000 }).map(depth => `entries: ${'['.repeat(depth)}`);
const packText = fc.oneof(
  { weight: 6, arbitrary: jsonPack },
  bomb,
  deep,
  noteText,
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** Every entry's card, as the hover would show it where nothing typesets. */
function cards(pack: Pack, solutions: readonly Solutions[]): string[] {
  const { atlas, notes } = layeredAtlas([], { packs: [pack], solutions });
  return atlas.entries.flatMap(it =>
    equationCard({
      entry: it,
      systemTitle: pack.title.en,
      variants: [],
      differences: [],
      links: [],
      authorNotes: (notes.get(it.id) ?? []).map(note => ({ note, link: '' })),
      exercise: number => number,
      localizer: new Localizer('en'),
      style: { pictures: () => undefined, theme: 'dark', scale: 1 },
    }),
  );
}

/** Tags of ours that cards are made of; all else of that shape has come through unescaped. */
function assertHarmless(block: string): void {
  const shown = block.replace(/^\n?```latex\n[\s\S]*?\n```\n?$/, '');
  const tags = [...shown.matchAll(/(?<!\\)<\/?([A-Za-z!][\w-]*)([^>]*)>?/g)];
  for (const [whole, name, attributes] of tags) {
    assert.ok(/^(div|br|code|table|tr|td|img)$/.test(name ?? ''), whole);
    assert.ok(attributes === '' || attributes === ' align="center"', whole);
  }
  // Inside an HTML block (to its blank line) nothing is read as Markdown.
  const markdown = /^<(?:div|table)[ >]/.test(shown) && !/\n\s*\n/.test(shown) ? '' : shown;
  assert.doesNotMatch(markdown, /(?<!\\)\]\((?!command:equationLens)/);
}

describe('hostile packs and notes', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await loadPythonParser();
  });
  after(() => parser.dispose());

  it(`${RUNS} generated notes are imported or refused, and their cards hold no markup (seed ${SEED})`, function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(noteText, note => {
        const solutions = importSolutions(note, parser, { file: 'note.md', uri: 'file:///note.md' });
        assert.ok(solutions.report.length > 0);
        if (!solutions.pack) return;
        assert.ok(new Atlas([solutions.pack]).entries.length > 0);
        for (const block of cards(solutions.pack, [solutions])) assertHarmless(block);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it(`${RUNS} generated packs are read or refused with a place, and their cards hold no markup (seed ${SEED})`, function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(packText, yaml => {
        const { pack, problems } = checkPack({ path: 'p.yaml', text: yaml });
        if (!pack) {
          assert.ok(problems.length > 0);
          for (const it of problems) assert.ok(it.line >= 1 && it.column >= 1 && it.message !== '');
          return;
        }
        for (const block of cards(pack, [])) assertHarmless(block);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('takes no more memory than a few times the size of what it is given', () => {
    const before = process.memoryUsage().heapUsed;
    checkPack({ path: 'p.yaml', text: 'a'.repeat(20_000_000) });
    importSolutions('x\n'.repeat(10_000_000), parser, { file: 'n.md' });
    assert.ok(process.memoryUsage().heapUsed - before < 400_000_000);
  });
});
