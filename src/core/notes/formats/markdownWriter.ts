import type { MathStyle } from '../noteContent.ts';
import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';

/** Markdown with math, as GitHub, VS Code, Obsidian and notebooks read it. */
export function markdownWriter(style: MathStyle): NoteWriter {
  return {
    equation: (tex, marker) => ({
      lines: [
        `<!-- ${marker} -->`,
        ...(style === 'fence' ? ['```math', ...texLines(tex), '```'] : ['$$', ...texLines(tex), '$$']),
      ],
    }),
    inlineEquation: (tex, marker) => ({
      lines: [`$\\displaystyle ${inTable(texLines(tex).join(' '))}$ <!-- ${marker} -->`],
    }),
    table: (head, rows) => [
      row(head.map(escaped)),
      row(head.map(() => '---')),
      ...rows.map(cells => row(cells.map(cell => cell.map(inline).join(', ')))),
    ],
    link: ({ url, place, qualname }) => `[${codeSpan(place)}](${url} "${qualname.replaceAll('"', '')}")`,
    code: (text, language) => {
      const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
      const fence = '`'.repeat(longest + 1);
      return [`${fence}${language}`, ...text.split('\n'), fence];
    },
  };
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function inline(piece: Inline): string {
  if (piece.kind === 'math') return `$${inTable(piece.tex).trim()}$`;
  return piece.kind === 'code' ? codeSpan(piece.text).replaceAll('|', '\\|') : escaped(piece.text);
}

/** Bars by name, so that no table takes them for its own. */
function inTable(tex: string): string {
  return tex.replace(/\\\|/g, '\\Vert ').replace(/\|/g, '\\vert ');
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

/** A sentence is no markup: signs that Markdown or HTML would read are escaped, the others stay readable. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|$~]|&(?=#?\w+;)/g, character => `\\${character}`);
}
