/** A text whose lines moved, and where each came from. */
export interface NormalisedText {
  readonly text: string;
  /** Line of the given text (from 1) by line of this one (from 0). */
  readonly lines: readonly number[];
}

const FENCE = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})/;
const PREFIX = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*/;

/**
 * Puts the dollars of display math on lines of their own, as Markdown parsers want them and people (and Obsidian) do not:
 * `$$\begin{align}` … `\end{align}$$`. Line breaks become `\n`.
 */
export function normaliseDisplayMath(text: string): NormalisedText {
  const out: string[] = [];
  const lines: number[] = [];
  let fence: string | undefined;
  let inMath = false;
  const put = (line: string, origin: number) => {
    out.push(line);
    lines.push(origin);
  };
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const origin = index + 1;
    const mark = inMath ? undefined : FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      put(line, origin);
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      put(line, origin);
      continue;
    }
    const prefix = PREFIX.exec(line)?.[0] ?? '';
    const rest = line.slice(prefix.length);
    const blank = prefix.replace(/[^\s>]/g, ' ');
    if (inMath) {
      const end = line.indexOf('$$');
      if (end < 0) {
        put(line, origin);
        continue;
      }
      inMath = false;
      const indent = /^[\s>]*/.exec(line)?.[0] ?? '';
      const before = line.slice(0, end);
      if (before.trim() !== indent.trim()) put(before, origin);
      put(`${indent}$$`, origin);
      const after = line.slice(end + 2).trim();
      if (after !== '') put(indent + after, origin);
    } else if (rest.startsWith('$$') && !rest.startsWith('$$$') && rest.indexOf('$$', 2) < 0) {
      inMath = true;
      put(`${prefix}$$`, origin);
      const after = rest.slice(2);
      if (after.trim() !== '') put(blank + after, origin);
    } else {
      put(line, origin);
    }
  }
  return { text: out.join('\n'), lines };
}
