import { endOfEnclosingBlock } from './enclosedBlock.ts';
import { markdownContainers } from './markdownContainers.ts';
import type { NoteFormat } from './noteFormat.ts';
import { isBlank, type NoteEdit, type NoteLines, type NoteSelection } from './noteSurroundings.ts';
import { isInTable } from './tableAround.ts';

/** What a note must look like at a selection. */
export interface NotePlace {
  /** In a table's cell: one line. */
  readonly inline: boolean;
  /** The edit for a note of these lines. Line breaks are `\n`; editors make them the document's own. */
  edit(note: readonly string[]): NoteEdit;
}

/**
 * Where and how a note goes in at a selection: quotes, list items and indentation around it go on, a paragraph is parted, a heading is
 * not, and what is taken as it stands (a fence, a formula, a listing) is passed over. Pure.
 */
export function placeNote(format: NoteFormat, lines: NoteLines, selection: NoteSelection): NotePlace {
  const end = endOfEnclosingBlock(format, lines, selection.startLine, selection.startCharacter);
  const at = end === undefined ? selection : atEndOf(lines, end);
  if (end === undefined && isInTable(format, lines, at.startLine)) return inlinePlace(lines, at);
  return blockPlace(
    format,
    lines,
    isWholeLine(format, lines.line(at.startLine)) ? atEndOf(lines, at.startLine) : at,
  );
}

function atEndOf(lines: NoteLines, line: number): NoteSelection {
  const character = lines.line(line).length;
  return { startLine: line, startCharacter: character, endLine: line, endCharacter: character };
}

/** Lines that must not be parted: headings, comments, directives. */
function isWholeLine(format: NoteFormat, line: string): boolean {
  switch (format) {
    case 'markdown':
    case 'notebook':
      return (
        /^[\s>]*#{1,6}[ \t]/.test(line) ||
        /^[\s>]*(?:=+|-{2,})\s*$/.test(line) ||
        /^\s*\[[^\]]+\]:/.test(line) ||
        /^\s*<!--.*-->\s*$/.test(line)
      );
    case 'latex':
      return /^\s*(?:%|\\(?:sub)*section|\\chapter|\\documentclass|\\usepackage|\\begin\{|\\end\{|\\label\{|\\caption\{)/.test(
        line,
      );
    case 'rst':
      return /^\s*\.\. /.test(line) || /^([=\-~^"'#*+])\1{2,}\s*$/.test(line);
    case 'asciidoc':
      return /^(?:={1,6} |\/\/|\[[^\]]*\]\s*$|:\w[\w-]*:)/.test(line);
    case 'typst':
      return /^\s*(?:=+ |\/\/|#(?:import|include|set|show|let)\b)/.test(line);
    case 'text':
      return false;
  }
}

function inlinePlace(lines: NoteLines, at: NoteSelection): NotePlace {
  const before = lines.line(at.startLine).slice(0, at.startCharacter);
  const after = lines.line(at.endLine).slice(at.endCharacter);
  return {
    inline: true,
    edit: note => {
      const text = note.join('\n');
      const opens = before === '' || /\s$/.test(before) ? '' : ' ';
      const closes = after === '' || /^\s/.test(after) || text.endsWith('\n') ? '' : ' ';
      return { ...at, text: `${opens}${text}${closes}` };
    },
  };
}

function blockPlace(format: NoteFormat, lines: NoteLines, at: NoteSelection): NotePlace {
  const first = lines.line(at.startLine);
  const last = lines.line(at.endLine);
  const { length, continuation } = containersOf(format, lines, at.startLine);
  // A cursor within the signs of a quote or list item stands, for a note, behind them.
  const character = Math.max(at.startCharacter, Math.min(length, first.length));
  const endCharacter = at.endLine === at.startLine ? Math.max(character, at.endCharacter) : at.endCharacter;
  const before = first.slice(length, character);
  const after = last.slice(endCharacter);
  const from = isBlank(before) ? Math.min(length, first.length) : first.slice(0, character).trimEnd().length;
  const to = endCharacter + (/^[ \t]*/.exec(after)?.[0].length ?? 0);
  const empty = continuation.trimEnd();
  const gap = `\n${empty}\n${continuation}`;
  const isList = format === 'asciidoc' && /^\s*(?:[*\-.]+|\d+\.)[ \t]/.test(first);
  return {
    inline: false,
    edit: note => {
      const body = (isList ? ['--', ...note, '--'] : note)
        .map((line, index) =>
          line === '' ? (index === 0 ? '' : empty) : index === 0 ? line : continuation + line,
        )
        .join('\n');
      let opening = '';
      let start = from;
      if (!isBlank(before)) opening = isList ? '\n+\n' : apart(format) ? gap : `\n${continuation}`;
      else if (length === 0 || isOnlyIndentation(first.slice(0, from))) {
        // An empty line: its indentation is written anew, since more of it than the containers ask for would be a code block.
        start = 0;
        opening = needsGapAbove(format, lines, at.startLine) ? `${empty}\n${continuation}` : continuation;
      } else if (/^[\s>]*$/.test(first.slice(0, from)) && needsGapAbove(format, lines, at.startLine)) {
        opening = `\n${continuation}`;
      }
      const rest = last.slice(to);
      let closing = '';
      if (!isBlank(rest)) closing = apart(format) ? gap : `\n${continuation}`;
      else if (apart(format) && at.endLine + 1 < lines.count && !isBlankIn(lines.line(at.endLine + 1)))
        closing = `\n${empty}`;
      return { ...at, startCharacter: start, endCharacter: to, text: `${opening}${body}${closing}` };
    },
  };
}

/** Formats whose blocks need a blank line around them. In LaTeX it would begin a paragraph; Typst needs none either. */
const apart = (format: NoteFormat): boolean => format !== 'latex' && format !== 'typst';

const isOnlyIndentation = (text: string): boolean => /^[ \t]*$/.test(text);

/** Blank, but for the signs of quotes. */
const isBlankIn = (line: string): boolean => /^[\s>]*$/.test(line);

function needsGapAbove(format: NoteFormat, lines: NoteLines, index: number): boolean {
  return apart(format) && index > 0 && !isBlankIn(lines.line(index - 1));
}

function containersOf(
  format: NoteFormat,
  lines: NoteLines,
  index: number,
): { length: number; continuation: string } {
  if (format === 'markdown' || format === 'notebook') return markdownContainers(lines, index);
  const line = lines.line(index);
  if (format === 'asciidoc') {
    // Indented lines would be literal text; blocks stand at the margin.
    const marker = /^\s*(?:[*\-.]+|\d+\.)[ \t]+/.exec(line)?.[0] ?? /^[ \t]*/.exec(line)?.[0] ?? '';
    return { length: marker.length, continuation: '' };
  }
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const marker =
    format === 'rst'
      ? /^(?:[*+-]|\d+\.|#\.)[ \t]+/
      : format === 'typst'
        ? /^(?:[-+]|\d+\.)[ \t]+/
        : format === 'latex'
          ? /^\\item(?:\[[^\]]*\])?[ \t]+/
          : /^(?:[-*•]|\d+[.)])[ \t]+/;
  const item = marker.exec(line.slice(indent.length))?.[0] ?? '';
  const inside = format === 'latex' && item !== '' ? '  ' : ' '.repeat(item.length);
  return { length: indent.length + item.length, continuation: indent + inside };
}
