import { strict as assert } from 'node:assert';
import { parse as latexParser } from '@unified-latex/unified-latex-util-parse';
import katex from 'katex';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import type { Entry } from '../../../src/core/atlas/schema.ts';
import { Localizer } from '../../../src/core/l10n/localizer.ts';
import type { NoteContent } from '../../../src/core/notes/noteContent.ts';
import { NOTE_FORMATS } from '../../../src/core/notes/noteFormat.ts';
import { NOTE_PARTS } from '../../../src/core/notes/notePart.ts';
import { type NoteOptions, noteText } from '../../../src/core/notes/noteText.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const permalink = {
  web: 'https://github.com/openai/glide-text2im',
  commit: '0123456789abcdef0123456789abcdef01234567',
  path: 'glide_text2im/unet.py',
  lines: { start: 261, end: 288 },
  qualname: 'QKVAttention.forward',
};

const full = (entry: Entry, language: 'en' | 'ja' = 'en'): NoteContent => ({
  entry,
  permalink,
  code: 'def forward(self):\n    return "```$$|"',
  numbers: [{ name: 'A_1', shape: '[2, 3]', value: 'min 0.1 | max <0.9>' }],
  localizer: new Localizer(language),
});

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}
const all = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(all)];

describe('noteText', () => {
  let atlas: Atlas;
  before(async () => {
    atlas = await builtInAtlas();
  });
  const write = (entry: Entry, options: Omit<NoteOptions, 'parts'>, language: 'en' | 'ja' = 'en') =>
    noteText(full(entry, language), { parts: NOTE_PARTS, ...options }).lines.join('\n');

  it('writes Markdown in which every formula is math that KaTeX typesets, and nothing is HTML but the markers', () => {
    for (const entry of atlas.entries) {
      for (const mathStyle of ['dollars', 'fence'] as const) {
        const tree = fromMarkdown(write(entry, { format: 'markdown', mathStyle }, 'ja'), {
          extensions: [gfm(), math()],
          mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
        }) as Node;
        const nodes = all(tree);
        const display = nodes.filter(
          node =>
            node.type === 'math' ||
            (node.type === 'code' && node.value !== undefined && mathStyle === 'fence'),
        );
        assert.ok(display.length >= entry.equations.length, entry.id);
        for (const node of nodes.filter(it => it.type === 'math' || it.type === 'inlineMath')) {
          katex.renderToString(node.value ?? '', {
            throwOnError: true,
            displayMode: node.type === 'math',
            strict: false,
          });
        }
        assert.equal(nodes.filter(node => node.type === 'inlineMath').length, entry.symbols.length, entry.id);
        for (const node of nodes.filter(it => it.type === 'html'))
          assert.match(node.value ?? '', /^<!-- equation-lens: [\w.#-]+ -->$/);
        const cells = nodes
          .filter(node => node.type === 'table')[0]
          ?.children?.map(row => row.children?.length);
        if (entry.symbols.length > 0) assert.deepEqual([...new Set(cells)], [4]);
      }
    }
  });

  it('writes LaTeX that a parser reads, with environments and braces that match and a label per equation', () => {
    for (const entry of atlas.entries) {
      for (const hasUrl of [true, false]) {
        const text = write(entry, { format: 'latex', hasUrl });
        latexParser(text);
        // What pdflatex knows without a package beyond ASCII; tried with TeX Live on every entry.
        assert.deepEqual(text.match(/[^\0-\x7F–—…²³]/gu), null, entry.id);
        const open: string[] = [];
        for (const [, word, name] of text.replace(/(?<!\\)%.*/g, '').matchAll(/\\(begin|end)\{(\w+\*?)\}/g)) {
          if (word === 'begin') open.push(name ?? '');
          else assert.equal(open.pop(), name, entry.id);
        }
        assert.deepEqual(open, []);
        const labels = [...text.matchAll(/\\label\{([^}]*)\}/g)].map(match => match[1]);
        assert.equal(new Set(labels).size, entry.equations.length);
        for (const block of text.match(/\\begin\{(equation|align)\}[\s\S]*?\\end\{\1\}/g) ?? []) {
          assert.doesNotMatch(block, /\n\s*\n/, 'a blank line ends a formula');
          assert.doesNotMatch(block, /\\begin\{align\}[\s\S]*\\begin\{align\}/);
        }
      }
    }
  });

  it('writes Typst for every built-in entry', () => {
    for (const entry of atlas.entries) {
      const { lines, problems } = noteText(full(entry), { format: 'typst', parts: NOTE_PARTS });
      assert.deepEqual(problems, [], entry.id);
      for (const equation of entry.equations)
        assert.ok(lines.includes(`// equation-lens: ${entry.id}#${equation.id}`));
      assert.doesNotMatch(
        lines.filter(line => line.startsWith('  ') && !line.includes('[')).join('\n'),
        /\\[A-Za-z]/,
      );
    }
  });

  it('says what Typst has no word for, and writes its TeX', () => {
    const entry = withTex('\\unheardof{x} + 1');
    const { lines, problems } = noteText(full(entry), { format: 'typst', parts: ['equation'] });
    assert.match(problems[0] ?? '', /could not be converted.*unheardof/);
    assert.ok(lines.includes('\\unheardof{x} + 1'));
  });

  it('writes plain text with the sentence that reads the equation aloud', () => {
    const entry = atlas.entry('open_clip.ClipLoss.forward');
    assert.ok(entry);
    const text = write(entry, { format: 'text' });
    for (const equation of entry.equations) assert.ok(text.includes(equation.spoken.en));
  });

  it('keeps a permalink to the very lines in every format', () => {
    const entry = atlas.entry('glide.QKVAttention.forward');
    assert.ok(entry);
    for (const format of NOTE_FORMATS) {
      assert.match(
        write(entry, { format }),
        /glide-text2im\/blob\/0123456789abcdef0123456789abcdef01234567\/glide_text2im\/unet\.py#L261-L288/,
        format,
      );
    }
  });

  it('refuses TeX that does more than draw, in one sentence, in every format', () => {
    const hostile = [
      '\\href{javascript:alert(1)}{x}',
      '\\includegraphics{/etc/passwd}',
      '\\input{/etc/passwd}',
      '\\def\\x{\\x\\x}\\x',
      '\\newcommand{\\x}{\\x}\\x',
      'x $$ <script>alert(1)</script> $$',
      'x\n```\n<img src=x onerror=alert(1)>',
      'x --> <b>',
      'x } y {',
      'x'.repeat(9000),
    ];
    for (const tex of hostile) {
      for (const format of NOTE_FORMATS) {
        const { lines, problems } = noteText(full(withTex(tex)), { format, parts: ['equation'] });
        assert.equal(lines.join(''), '', tex);
        assert.equal(problems.length, 1);
      }
    }
  });

  it('takes HTML and markup in texts as text', () => {
    const entry = withTex('x = 1 + 2');
    const evil = { en: '<script>alert(1)</script> | [x](javascript:1) `` $y$ \\end{document}', ja: '<b>' };
    const content = full({ ...entry, symbols: [{ tex: 'x', code: ['a|b`c'], shape: '<i>', meaning: evil }] });
    const markdown = noteText(content, { format: 'markdown', parts: ['symbols', 'numbers'] }).lines.join(
      '\n',
    );
    const nodes = all(
      fromMarkdown(markdown, {
        extensions: [gfm(), math()],
        mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
      }) as Node,
    );
    assert.deepEqual(
      nodes.filter(node => node.type === 'html' || node.type === 'link'),
      [],
    );
    assert.deepEqual(
      [...new Set(nodes.filter(node => node.type === 'tableRow').map(row => row.children?.length))],
      [4, 3],
    );
    const latex = noteText(content, { format: 'latex', parts: ['symbols'] }).lines.join('\n');
    assert.doesNotMatch(latex, /\\end\{document\}/);
  });

  it('writes one line for a table’s cell, and says what it left out', () => {
    const entry = atlas.entry('albef.ALBEF.forward');
    assert.ok(entry);
    for (const format of NOTE_FORMATS) {
      const { lines, problems } = noteText(full(entry), { format, parts: NOTE_PARTS, inline: true });
      if (format !== 'latex') assert.equal(lines.length, 1, format);
      if (format === 'markdown') assert.doesNotMatch(lines[0] ?? '', /(?<!\\)\|/);
      assert.equal(problems.length, 1);
    }
  });

  it('says what is missing', () => {
    const entry = withTex('x = 1');
    const { problems } = noteText(
      { entry, localizer: new Localizer('ja') },
      { format: 'markdown', parts: ['permalink', 'code', 'numbers'] },
    );
    assert.equal(problems.length, 3);
  });
});

function withTex(tex: string): Entry {
  const text = { en: 'a sentence', ja: '文' };
  return {
    id: 'user.f',
    title: text,
    summary: text,
    exercises: [],
    equations: [{ id: 'e', tex, spoken: text, text }],
    symbols: [],
    steps: [],
  };
}
