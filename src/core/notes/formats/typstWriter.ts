import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';
import { typstMath } from '../typstMath.ts';

/** Typst; formulas are converted, and one that cannot be is written as its TeX. */
export function typstWriter(): NoteWriter {
  return {
    equation: (tex, marker, label) => {
      const converted = typstMath(tex);
      if ('problem' in converted) {
        return {
          problem: converted.problem,
          lines: [`// ${marker}`, `// ${converted.problem}`, '```tex', ...texLines(tex), '```'],
        };
      }
      return {
        lines: [`// ${marker}`, '$', ...converted.typst.split('\n').map(line => `  ${line}`), `$ <${label}>`],
      };
    },
    inlineEquation: tex => {
      const converted = typstMath(tex);
      if ('problem' in converted)
        return { problem: converted.problem, lines: [inline({ kind: 'code', text: tex })] };
      return { lines: [`$${converted.typst.replace(/\s*\n\s*/g, ' ')}$`] };
    },
    table: (head, rows) => [
      '#table(',
      `  columns: ${head.length},`,
      `  table.header(${head.map(cell => `[${escaped(cell)}]`).join(', ')}),`,
      ...rows.map(cells => `  ${cells.map(cell => `[${cell.map(inline).join(', ')}]`).join(', ')},`),
      ')',
    ],
    link: ({ url, place, qualname }) => `#link(${JSON.stringify(url)})[${escaped(`${place} ${qualname}`)}]`,
    code: (text, language) => {
      const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
      const fence = '`'.repeat(longest + 1);
      return [`${fence}${language}`, ...text.split('\n'), fence];
    },
  };
}

function inline(piece: Inline): string {
  if (piece.kind === 'math') {
    const converted = typstMath(piece.tex);
    if ('problem' in converted) return `#raw(${JSON.stringify(piece.tex)})`;
    return `$${converted.typst.replace(/\s*\n\s*/g, ' ').trim()}$`;
  }
  return piece.kind === 'code' ? `#raw(${JSON.stringify(piece.text)})` : escaped(piece.text);
}

const escaped = (text: string): string => text.replace(/[\\#$*_`@<>[\]~/]/g, character => `\\${character}`);
