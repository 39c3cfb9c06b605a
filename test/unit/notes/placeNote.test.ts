import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { NoteFormat } from '../../../src/core/notes/noteFormat.ts';
import { noteLinesOf } from '../../../src/core/notes/noteSurroundings.ts';
import { placeNote } from '../../../src/core/notes/placeNote.ts';

const NOTE = ['<!-- m -->', '$$', 'x = y', '$$', '', 'end'];

/** What becomes of a text with the cursor at `|` when a note goes in. */
function inserted(format: NoteFormat, textWithCursor: string, note: readonly string[] = NOTE): string {
  const offset = textWithCursor.indexOf('‸');
  const text = textWithCursor.replace('‸', '');
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return insertedAt(format, text, position.line, position.character, note);
}

function insertedAt(
  format: NoteFormat,
  text: string,
  line: number,
  character: number,
  note: readonly string[],
): string {
  const at = { startLine: line, startCharacter: character, endLine: line, endCharacter: character };
  const edit = placeNote(format, noteLinesOf(text), at).edit(note);
  const lines = text.split('\n');
  const head = [
    ...lines.slice(0, edit.startLine),
    (lines[edit.startLine] ?? '').slice(0, edit.startCharacter),
  ].join('\n');
  const tail = [(lines[edit.endLine] ?? '').slice(edit.endCharacter), ...lines.slice(edit.endLine + 1)].join(
    '\n',
  );
  return head + edit.text + tail;
}

const markdown: [name: string, text: string, result: string][] = [
  ['an empty document', '‸', '<!-- m -->\n$$\nx = y\n$$\n\nend'],
  ['an empty line after text', 'text\n‸', 'text\n\n<!-- m -->\n$$\nx = y\n$$\n\nend'],
  ['the middle of a paragraph', 'one ‸two', 'one\n\n<!-- m -->\n$$\nx = y\n$$\n\nend\n\ntwo'],
  ['between paragraphs', 'one\n\n‸\n\ntwo', 'one\n\n<!-- m -->\n$$\nx = y\n$$\n\nend\n\ntwo'],
  ['directly above text', '‸\ntwo', '<!-- m -->\n$$\nx = y\n$$\n\nend\n\ntwo'],
  ['a heading', '# He‸ad\n', '# Head\n\n<!-- m -->\n$$\nx = y\n$$\n\nend\n'],
  ['a quote', '> said ‸', '> said\n>\n> <!-- m -->\n> $$\n> x = y\n> $$\n>\n> end'],
  ['an empty line of a quote', '> said\n>\n> ‸', '> said\n>\n> <!-- m -->\n> $$\n> x = y\n> $$\n>\n> end'],
  [
    'a quote in a quote',
    '> > deep‸',
    '> > deep\n> >\n> > <!-- m -->\n> > $$\n> > x = y\n> > $$\n> >\n> > end',
  ],
  ['a list item', '- item‸', '- item\n\n  <!-- m -->\n  $$\n  x = y\n  $$\n\n  end'],
  ['an empty list item', '- ‸', '- <!-- m -->\n  $$\n  x = y\n  $$\n\n  end'],
  ['a numbered item', '10. item‸', '10. item\n\n    <!-- m -->\n    $$\n    x = y\n    $$\n\n    end'],
  ['a task', '- [ ] task‸', '- [ ] task\n\n  <!-- m -->\n  $$\n  x = y\n  $$\n\n  end'],
  ['a nested item', '- a\n  - b‸', '- a\n  - b\n\n    <!-- m -->\n    $$\n    x = y\n    $$\n\n    end'],
  ['the continuation of an item', '- a\n\n  ‸', '- a\n\n  <!-- m -->\n  $$\n  x = y\n  $$\n\n  end'],
  ['an item in a quote', '> - a‸', '> - a\n>\n>   <!-- m -->\n>   $$\n>   x = y\n>   $$\n>\n>   end'],
  ['too much indentation', 'text\n\n        ‸', 'text\n\n<!-- m -->\n$$\nx = y\n$$\n\nend'],
  ['before the sign of an item', '‸- item', '- <!-- m -->\n  $$\n  x = y\n  $$\n\n  end\n\n  item'],
  ['a code fence', '```\nco‸de\n```\nafter', '```\ncode\n```\n\n<!-- m -->\n$$\nx = y\n$$\n\nend\n\nafter'],
  ['a formula', '$$\na ‸b\n$$', '$$\na b\n$$\n\n<!-- m -->\n$$\nx = y\n$$\n\nend'],
  ['front matter', '---\ntitle: ‸x\n---\n', '---\ntitle: x\n---\n\n<!-- m -->\n$$\nx = y\n$$\n\nend\n'],
];

describe('placeNote', () => {
  for (const [name, text, result] of markdown) {
    it(`respects ${name} in Markdown`, () => assert.equal(inserted('markdown', text), result));
  }

  it('gives a table one line', () => {
    const table = '| a | b |\n| --- | --- |\n| 1 | ‸ |';
    const lines = noteLinesOf(table.replace('‸', ''));
    const place = placeNote('markdown', lines, {
      startLine: 2,
      startCharacter: 6,
      endLine: 2,
      endCharacter: 6,
    });
    assert.equal(place.inline, true);
    assert.equal(inserted('markdown', table, ['$x$']), '| a | b |\n| --- | --- |\n| 1 | $x$ |');
    assert.equal(
      placeNote('markdown', noteLinesOf('a | b'), {
        startLine: 0,
        startCharacter: 2,
        endLine: 0,
        endCharacter: 2,
      }).inline,
      false,
    );
  });

  it('replaces what is selected', () => {
    const edit = placeNote('markdown', noteLinesOf('a bad c\n'), {
      startLine: 0,
      startCharacter: 2,
      endLine: 0,
      endCharacter: 5,
    }).edit(['N']);
    assert.deepEqual(edit, {
      startLine: 0,
      startCharacter: 1,
      endLine: 0,
      endCharacter: 6,
      text: '\n\nN\n\n',
    });
  });

  const others: [format: NoteFormat, name: string, text: string, result: string][] = [
    ['latex', 'the middle of a paragraph, without blank lines', 'one ‸two', 'one\nA\nB\ntwo'],
    ['latex', 'indentation', '  \\item one‸', '  \\item one\n    A\n    B'],
    ['latex', 'a comment', '% no‸te', '% note\nA\nB'],
    [
      'latex',
      'a formula',
      '\\begin{align}\na‸\n\\end{align}\nafter',
      '\\begin{align}\na\n\\end{align}\nA\nB\nafter',
    ],
    [
      'latex',
      'verbatim',
      '\\begin{verbatim}\nx‸\n\\end{verbatim}',
      '\\begin{verbatim}\nx\n\\end{verbatim}\nA\nB',
    ],
    ['rst', 'a paragraph', 'one ‸two', 'one\n\nA\nB\n\ntwo'],
    ['rst', 'a list item', '* one‸', '* one\n\n  A\n  B'],
    ['asciidoc', 'a list item', '* one‸', '* one\n+\n--\nA\nB\n--'],
    ['asciidoc', 'a listing', '----\nx‸\n----', '----\nx\n----\n\nA\nB'],
    ['typst', 'a list item', '- one‸', '- one\n  A\n  B'],
    ['text', 'indentation', '  one‸', '  one\n\n  A\n  B'],
  ];
  for (const [format, name, text, result] of others) {
    it(`respects ${name} in ${format}`, () => assert.equal(inserted(format, text, ['A', 'B']), result));
  }

  it('knows a table of LaTeX', () => {
    const lines = noteLinesOf('\\begin{tabular}{ll}\na & \n\\end{tabular}\n');
    const at = (line: number) => ({ startLine: line, startCharacter: 0, endLine: line, endCharacter: 0 });
    assert.equal(placeNote('latex', lines, at(1)).inline, true);
    assert.equal(placeNote('latex', lines, at(3)).inline, false);
  });

  it('loses nothing that was written, wherever the cursor is', () => {
    const piece = fc.constantFrom(
      '> ',
      '- ',
      '1. ',
      '  ',
      '    ',
      '\t',
      'word',
      '| a |',
      '---',
      '```',
      '$$',
      '# h',
      '\n',
      '\n\n',
      '',
      '*x*',
      '<!-- c -->',
      '日本',
    );
    const texts = fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join(''));
    const formats = fc.constantFrom<NoteFormat>(
      'markdown',
      'latex',
      'rst',
      'asciidoc',
      'typst',
      'text',
      'notebook',
    );
    fc.assert(
      fc.property(formats, texts, fc.nat(), fc.nat(), (format, text, l, c) => {
        const lines = text.split('\n');
        const line = l % lines.length;
        const character = c % ((lines[line]?.length ?? 0) + 1);
        const result = insertedAt(format, text, line, character, ['NOTE']);
        const bare = (value: string) => value.replace(/[\s>+]|--/g, '').replaceAll('-', '');
        assert.equal(bare(result).replace('NOTE', ''), bare(text));
        assert.ok(result.includes('NOTE'));
      }),
      { numRuns: 2000 },
    );
  });

  it('is quick in a note of 20 MB', () => {
    const text = `${'a line of words in a long note, with $x$\n'.repeat(500_000)}last`;
    const lines = noteLinesOf(text);
    const at = { startLine: 400_000, startCharacter: 5, endLine: 400_000, endCharacter: 5 };
    assert.ok(placeNote('markdown', lines, at).edit(['N']).text.includes('N'));
  });
});
