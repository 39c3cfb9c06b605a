import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import { Localizer } from '../../../src/core/l10n/localizer.ts';
import { EquationIndex } from '../../../src/core/notes/equationIndex.ts';
import { notedEquations } from '../../../src/core/notes/notedEquations.ts';
import { noteText } from '../../../src/core/notes/noteText.ts';
import { texForm } from '../../../src/core/notes/texForm.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

describe('texForm', () => {
  const same: [string, string][] = [
    ['a = \\frac{1}{n}', 'a=\\dfrac 1n'],
    ['\\mathrm{softmax}\\left(x\\right)', '\\operatorname{softmax} ( x )'],
    ['X^{\\mathsf{T}}', 'X^\\top'],
    ['\\boldsymbol{y}', '\\mathbf y'],
    ['\\lVert x \\rVert_2', '\\|x\\|_{2}'],
    ['\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}', 'a = b\nc = d.'],
    ['p(a \\mid b)', 'p(a | b)'],
    ['a \\leq b % why', 'a \\le b'],
    ['a = b \\label{eq:x}', 'a = b'],
  ];
  for (const [one, other] of same) {
    it(`reads ${one} as ${other}`, () => assert.equal(texForm(one), texForm(other)));
  }

  const different: [string, string][] = [
    ['x_1', 'x_2'],
    ['a + b', 'a - b'],
    ['\\sqrt{x}', 'x'],
    ['x^{ab}', 'x^ab'],
    ['\\alpha', '\\beta'],
  ];
  for (const [one, other] of different) {
    it(`tells ${one} from ${other}`, () => assert.notEqual(texForm(one), texForm(other)));
  }
});

describe('notedEquations', () => {
  let atlas: Atlas;
  let index: EquationIndex;
  before(async () => {
    atlas = await builtInAtlas();
    index = new EquationIndex(atlas);
  });

  it('finds every equation of the atlas that was inserted, in Markdown and LaTeX', () => {
    for (const format of ['markdown', 'latex'] as const) {
      for (const mathStyle of ['dollars', 'fence'] as const) {
        for (const entry of atlas.entries) {
          const { lines } = noteText(
            { entry, localizer: new Localizer('en') },
            { format, parts: ['equation', 'symbols'], mathStyle },
          );
          const found = notedEquations(`before\n\n${lines.join('\n')}\n`, format, index).filter(
            it => it.names.length === 1,
          );
          const ids = found
            .flatMap(it => it.names)
            .filter(name => name.entryId === entry.id)
            .map(name => name.equationId);
          for (const equation of entry.equations)
            assert.ok(ids.includes(equation.id), `${entry.id}#${equation.id} in ${format}`);
        }
      }
    }
  });

  it('finds an equation without a marker by its TeX, whatever the white space', () => {
    const entry = atlas.entry('glide.QKVAttention.forward');
    const tex = entry?.equations.find(it => it.id === 'attention')?.tex ?? '';
    const spaced = tex
      .replaceAll('\\left', '')
      .replaceAll('\\right', '')
      .replaceAll('=', '\n  =\n')
      .replaceAll('\\mathsf{T}', '\\top');
    for (const text of [
      `$$${spaced}$$`,
      `> $$\n> ${spaced.replaceAll('\n', '\n> ')}\n> $$`,
      `\`\`\`math\n${spaced}\n\`\`\``,
    ]) {
      const [found] = notedEquations(text, 'markdown', index);
      assert.deepEqual(
        found?.names,
        [{ entryId: 'glide.QKVAttention.forward', equationId: 'attention' }],
        text,
      );
    }
    const [latex] = notedEquations(`\\begin{equation}\\label{e}\n${spaced}\n\\end{equation}`, 'latex', index);
    assert.equal(latex?.names[0]?.entryId, 'glide.QKVAttention.forward');
  });

  it('is silent on other formulas, on short ones, and on markers of nobody', () => {
    for (const text of [
      '$$E = mc^2$$',
      '$x$',
      '<!-- equation-lens: no.such.entry -->\n$$x$$',
      'equation-lens: x',
      '$$$$',
      '',
    ]) {
      assert.deepEqual(notedEquations(text, 'markdown', index), []);
    }
  });

  it('keeps the equation while its formula is edited', () => {
    const [found] = notedEquations(
      '<!-- equation-lens: open_clip.ClipLoss.forward#loss -->\n$$\nL = 1\n$$',
      'markdown',
      index,
    );
    assert.deepEqual(found?.names, [{ entryId: 'open_clip.ClipLoss.forward', equationId: 'loss' }]);
    assert.equal(found?.start, 5);
  });

  it('names every entry that holds the very formula', () => {
    const tex = atlas.entry('open_clip.CLIP.forward')?.equations.find(it => it.id === 'image')?.tex ?? '';
    const ids = notedEquations(`$$${tex}$$`, 'markdown', index)[0]?.names.map(name => name.entryId);
    assert.deepEqual(ids, ['open_clip.CLIP.forward', 'open_clip.CustomTextCLIP.forward']);
  });

  it('reads anything without failing, 20 MB included', () => {
    const piece = fc.constantFrom(
      '$',
      '$$',
      '\\begin{align}',
      '\\end{align}',
      '```math\n',
      '```',
      '\n',
      '{',
      '}',
      '\\',
      '%',
      'x',
      '<!-- equation-lens: glide.QKVAttention.forward#attention -->',
      '> ',
      '\\[',
      '\\]',
      '\\left',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('markdown', 'latex'),
        (pieces, format) => {
          for (const { start, end } of notedEquations(pieces.join(''), format, index)) assert.ok(start < end);
        },
      ),
      { numRuns: 2000 },
    );
    for (const unit of [
      '$$ a = b ',
      'words and $x$ words\n',
      '<!-- equation-lens: a.b -->',
      '\\begin{align} x ',
    ]) {
      const text = unit.repeat(Math.ceil(20_000_000 / unit.length));
      for (const format of ['markdown', 'latex'] as const)
        assert.deepEqual(notedEquations(text, format, index), []);
    }
  }).timeout(120_000);
});
