import { strict as assert } from 'node:assert';
import { stackFormulas } from '../../../src/core/typeset/stackFormulas.ts';
import { MAX_HOVER_WIDTH, svgImage } from '../../../src/core/typeset/svgImage.ts';
import { INK, THEME_KINDS } from '../../../src/core/typeset/themeColours.ts';
import { TypesetError } from '../../../src/core/typeset/typesetError.ts';
import { Typesetter } from '../../../src/core/typeset/typesetter.ts';

const typesetter = new Typesetter();
const decode = (uri: string) => Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64').toString('utf8');

describe('Typesetter', () => {
  it('draws display math in pixels, in currentColor, without attributes that only MathJax reads', () => {
    const { svg, width, height } = typesetter.typeset(String.raw`\frac{Q^{\mathsf T} K}{\sqrt{C}}`, {
      display: true,
    });
    assert.match(svg, /^<svg [^>]*width="[\d.]+" height="[\d.]+"/);
    assert.match(svg, /currentColor/);
    assert.doesNotMatch(svg, /data-|aria-|class=|ex"/);
    assert.ok(width > 20 && width < 200 && height > 20 && height < 100, `${width} × ${height}`);
  });

  const refused: readonly [what: string, tex: string][] = [
    ['an open brace', String.raw`\frac{a}{`],
    ['an unknown command', String.raw`\nosuchcommand x`],
    ['a link', String.raw`\href{javascript:alert(1)}{x}`],
    ['a picture', String.raw`\includegraphics{x.png}`],
    ['HTML', String.raw`\class{a}{x}`],
    ['a package', String.raw`\require{html} x`],
    ['a macro that calls itself', String.raw`\def\a{\a\a}\a`],
    ['a book', 'x'.repeat(9000)],
  ];
  for (const [what, tex] of refused) {
    it(`refuses ${what} with a reason`, () => {
      assert.throws(
        () => typesetter.typeset(tex, { display: true }),
        (error: unknown) => {
          assert.ok(error instanceof TypesetError);
          assert.ok(error.message.length > 3);
          return true;
        },
      );
    });
  }

  it('keeps macros of one formula out of the next', () => {
    typesetter.typeset(String.raw`\newcommand{\mine}{x}\mine`, { display: true });
    assert.throws(() => typesetter.typeset(String.raw`\mine`, { display: true }), TypesetError);
  });
});

describe('svgImage', () => {
  const formula = typesetter.typeset('x + y', { display: true });

  for (const theme of THEME_KINDS) {
    it(`bakes the ink of ${theme}`, () => {
      const svg = decode(svgImage(formula, theme).uri);
      assert.ok(svg.includes(INK[theme]));
      assert.ok(!svg.includes('currentColor'));
    });
  }

  it('gives every theme another ink than its ground', () => {
    const dark = (ink: string) => Number.parseInt(ink.slice(1, 3), 16) < 0x80;
    assert.deepEqual(
      THEME_KINDS.map(kind => dark(INK[kind])),
      [false, true, false, true],
    );
  });

  it('shrinks a formula that is wider than a hover, and keeps its proportions', () => {
    const wide = typesetter.typeset(`${'a + '.repeat(80)}b`, { display: true });
    assert.ok(wide.width > MAX_HOVER_WIDTH);
    const image = svgImage(wide, 'dark');
    assert.ok(image.width <= MAX_HOVER_WIDTH);
    assert.ok(Math.abs(image.height - (wide.height * MAX_HOVER_WIDTH) / wide.width) <= 1);
  });
});

describe('stackFormulas', () => {
  it('puts formulas below each other, each centred', () => {
    const formulas = ['x', 'a + b + c + d', 'y'].map(tex => typesetter.typeset(tex, { display: true }));
    const stack = stackFormulas(formulas);
    assert.ok(stack);
    assert.equal(stack.width, Math.max(...formulas.map(formula => formula.width)));
    assert.ok(stack.height > formulas.reduce((sum, formula) => sum + formula.height, 0));
    const rows = [...stack.svg.matchAll(/<svg x="([\d.]+)" y="([\d.]+)"/g)].map(row => [
      Number(row[1]),
      Number(row[2]),
    ]);
    assert.equal(rows.length, 3);
    assert.equal(rows[1]![0], 0);
    assert.ok(rows[0]![0]! > 0 && rows[0]![1]! < rows[1]![1]! && rows[1]![1]! < rows[2]![1]!);
  });

  it('has nothing to say of nothing', () => assert.equal(stackFormulas([]), undefined));
});
