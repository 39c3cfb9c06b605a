import type { NoteFormat } from './noteFormat.ts';
import type { NoteLines } from './noteSurroundings.ts';

const MAX_LINES_UP = 500;
const DELIMITERS = /^[\s>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The line is a row of a table, so that a note may be one line at the most. */
export function isInTable(format: NoteFormat, lines: NoteLines, index: number): boolean {
  switch (format) {
    case 'markdown':
    case 'notebook':
      return isMarkdownRow(lines, index);
    case 'latex':
      return isOpenAbove(
        lines,
        index,
        /\\begin\{(?:tabular[xy*]?|array|longtable|tabulary|tblr)\*?\}/g,
        /\\end\{(?:tabular[xy*]?|array|longtable|tabulary|tblr)\*?\}/g,
      );
    case 'asciidoc':
      return isBetweenFences(lines, index, /^[|!,:]={3,}\s*$/);
    case 'rst':
      return /^\s*\|.*\|\s*$/.test(lines.line(index));
    case 'typst':
      return isOpenAbove(lines, index, /#table\(/g, /^\s*\)\s*$/gm);
    case 'text':
      return false;
  }
}

/** A row belongs to a table that has a line of dashes; a lone line with bars is text. */
function isMarkdownRow(lines: NoteLines, index: number): boolean {
  if (!hasBar(lines.line(index))) return false;
  for (let at = index; at >= 0 && at >= index - MAX_LINES_UP && hasBar(lines.line(at)); at--) {
    if (DELIMITERS.test(lines.line(at)) && at > 0 && hasBar(lines.line(at - 1))) return true;
  }
  return index + 1 < lines.count && hasBar(lines.line(index + 1)) && DELIMITERS.test(lines.line(index + 1));
}

const hasBar = (line: string): boolean => /(?<!\\)\|/.test(line);

function isOpenAbove(lines: NoteLines, index: number, begin: RegExp, end: RegExp): boolean {
  let depth = 0;
  for (let at = Math.max(0, index - MAX_LINES_UP); at < index; at++) {
    const line = lines.line(at);
    depth = Math.max(0, depth + (line.match(begin)?.length ?? 0) - (line.match(end)?.length ?? 0));
  }
  return depth > 0 && (lines.line(index).match(end)?.length ?? 0) === 0;
}

function isBetweenFences(lines: NoteLines, index: number, fence: RegExp): boolean {
  let open = false;
  for (let at = 0; at < index; at++) if (fence.test(lines.line(at))) open = !open;
  return open && !fence.test(lines.line(index));
}
