import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';

/** AsciiDoc with `latexmath`. */
export function asciidocWriter(): NoteWriter {
  return {
    equation: (tex, marker, label) => ({
      lines: [`// ${marker}`, `[#${label}]`, '[latexmath]', '++++', ...texLines(tex), '++++'],
    }),
    inlineEquation: tex => ({ lines: [inline({ kind: 'math', tex: texLines(tex).join(' ') })] }),
    table: (head, rows) => [
      `[%header,cols="${head.map(() => '1').join(',')}"]`,
      '|===',
      head.map(cell => `|${escaped(cell)}`).join(' '),
      ...rows.flatMap(cells => ['', ...cells.map(cell => `|${cell.map(inline).join(', ')}`)]),
      '|===',
    ],
    link: ({ url, place, qualname }) =>
      `link:${url}[${escaped(`${place} ${qualname}`).replaceAll(']', '\\]')}]`,
    code: (text, language) => [
      `[source,${language}]`,
      '----',
      ...text.replace(/^----$/gm, ' ----').split('\n'),
      '----',
    ],
  };
}

function inline(piece: Inline): string {
  if (piece.kind === 'math') {
    const tex = piece.tex.replace(/\\\|/g, '\\Vert ').replace(/\|/g, '\\vert ').replaceAll(']', '\\]');
    return `latexmath:[${tex.trim()}]`;
  }
  return piece.kind === 'code' ? `\`+${piece.text.replaceAll('|', '{vbar}')}+\`` : escaped(piece.text);
}

/** Attribute references stand for the signs that AsciiDoc would read. */
const SIGNS: Readonly<Record<string, string>> = {
  '|': '{vbar}',
  '*': '{asterisk}',
  '`': '{backtick}',
  '+': '{plus}',
  '<': '{lt}',
  '>': '{gt}',
  '^': '{caret}',
  '~': '{tilde}',
};

const escaped = (text: string): string => text.replace(/[|*`+<>^~]/g, sign => SIGNS[sign] ?? sign);
