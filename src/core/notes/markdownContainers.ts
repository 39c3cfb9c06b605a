import { isBlank, type NoteLines } from './noteSurroundings.ts';

/** How far up a list item is looked for. */
const MAX_LINES_UP = 400;

const QUOTE = /^ {0,3}>[ \t]?/;
const ITEM = /^([ \t]*)([-*+]|\d{1,9}[.)])([ \t]{1,4}|$)/;

/** The quotes and list items that a line of Markdown lies in. */
export interface Containers {
  /** Characters of the line that belong to them. */
  readonly length: number;
  /** What a further line in the same containers begins with: `> ` again, spaces for a list item. */
  readonly continuation: string;
}

/** Reads the containers of one line; indentation is kept where a list item above asks for it, else it would be a code block. */
export function markdownContainers(lines: NoteLines, index: number): Containers {
  const line = lines.line(index);
  let at = 0;
  let continuation = '';
  let inItem = false;
  for (;;) {
    const rest = line.slice(at);
    const quote = QUOTE.exec(rest)?.[0];
    if (quote !== undefined) {
      at += quote.length;
      continuation += quote.trimStart().endsWith('>') ? `${quote} ` : quote;
      inItem = false;
      continue;
    }
    const item = ITEM.exec(rest);
    if (item && !isRule(rest) && (inItem || indentFits(item[1] ?? '', lines, index, continuation))) {
      at += item[0].length;
      const marker = (item[2] ?? '').length;
      continuation += (item[1] ?? '') + ' '.repeat(marker + Math.max(1, (item[3] ?? '').length));
      inItem = true;
      continue;
    }
    if (!inItem) {
      const space = /^[ \t]*/.exec(rest)?.[0] ?? '';
      at += space.length;
      continuation += itemIndent(lines, index, continuation, space);
    }
    return { length: at, continuation };
  }
}

const isRule = (text: string): boolean => /^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(text);

/** Whether an item's marker at this indentation is one, not text of a code block. */
function indentFits(indent: string, lines: NoteLines, index: number, quotes: string): boolean {
  const width = indent.replaceAll('\t', '    ').length;
  return width < 4 || itemIndent(lines, index, quotes, indent) !== '';
}

/** The indentation that a list item above this line asks for, where the line is indented at least as far. */
function itemIndent(lines: NoteLines, index: number, quotes: string, space: string): string {
  if (space === '') return '';
  const width = space.replaceAll('\t', '    ').length;
  const depth = (quotes.match(/>/g) ?? []).length;
  let limit = Number.POSITIVE_INFINITY;
  for (let up = index - 1; up >= 0 && up >= index - MAX_LINES_UP; up--) {
    const text = afterQuotes(lines.line(up), depth);
    if (text === undefined) return '';
    if (isBlank(text)) continue;
    const item = ITEM.exec(text);
    const indent = (/^[ \t]*/.exec(text)?.[0] ?? '').replaceAll('\t', '    ').length;
    if (item && indent < limit) {
      const content = indent + (item[2] ?? '').length + Math.max(1, (item[3] ?? '').length);
      if (content <= width) return space.includes('\t') ? space : ' '.repeat(content);
      // Not inside this item; an item further out may hold the line.
      limit = indent;
    }
    if (indent === 0) return '';
  }
  return '';
}

function afterQuotes(line: string, depth: number): string | undefined {
  let rest = line;
  for (let i = 0; i < depth; i++) {
    const quote = QUOTE.exec(rest)?.[0];
    if (quote === undefined) return undefined;
    rest = rest.slice(quote.length);
  }
  return rest;
}
