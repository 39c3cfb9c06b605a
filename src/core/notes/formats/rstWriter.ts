import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';

/** reStructuredText, docutils' and Sphinx's. */
export function rstWriter(): NoteWriter {
  return {
    equation: (tex, marker, label) => ({
      lines: [
        `.. ${marker}`,
        '',
        '.. math::',
        `   :label: ${label}`,
        '',
        ...texLines(tex).map(line => `   ${line}`),
      ],
    }),
    inlineEquation: tex => ({ lines: [inline({ kind: 'math', tex: texLines(tex).join(' ') })] }),
    table: (head, rows) => [
      '.. list-table::',
      '   :header-rows: 1',
      '',
      ...listRow(head.map(escaped)),
      ...rows.flatMap(cells => listRow(cells.map(cell => cell.map(inline).join(', ')))),
    ],
    link: ({ url, place, qualname }) => `\`${escaped(`${place} ${qualname}`)} <${url}>\`__`,
    code: (text, language) => [
      `.. code-block:: ${language}`,
      '',
      ...text.split('\n').map(line => (line === '' ? '' : `   ${line}`)),
    ],
  };
}

const listRow = (cells: readonly string[]): string[] =>
  cells.map((cell, index) => `   ${index === 0 ? '*' : ' '} - ${cell}`.trimEnd());

function inline(piece: Inline): string {
  // A role's content must not end in a backslash or hold a backquote.
  if (piece.kind === 'math') return `:math:\`${piece.tex.replaceAll('`', "'").trim()}\``;
  return piece.kind === 'code' ? `\`\`${piece.text.replaceAll('``', "''")}\`\`` : escaped(piece.text);
}

const escaped = (text: string): string => text.replace(/[\\`*_|<>]/g, character => `\\${character}`);
