import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';

/** Plain text: TeX as it is; the sentence that reads it aloud comes with the note. */
export function textWriter(): NoteWriter {
  return {
    equation: tex => ({ lines: texLines(tex).map(line => `    ${line}`) }),
    inlineEquation: tex => ({ lines: [texLines(tex).join(' ').trim()] }),
    table: (head, rows) => {
      const cells = [[...head], ...rows.map(row => row.map(cell => cell.map(plain).join(', ')))];
      const widths = head.map((_, column) => Math.max(...cells.map(row => widthOf(row[column] ?? ''))));
      return cells.map(row =>
        row
          .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
          .join('  ')
          .trimEnd(),
      );
    },
    link: ({ url, qualname }) => `${qualname}: ${url}`,
    code: text => text.split('\n').map(line => (line === '' ? '' : `    ${line}`)),
  };
}

const plain = (piece: Inline): string => (piece.kind === 'math' ? piece.tex : piece.text);

/** Columns of a fixed-width font: CJK takes two. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, character) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1),
    0,
  );
}
