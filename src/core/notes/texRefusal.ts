/** Longest TeX that goes into a note. */
const MAX_LENGTH = 8000;

/** Control words that reach beyond a formula: files, links, code, definitions. */
const BEYOND_MATH =
  /\\(href|url|includegraphics|input|include|openin|openout|read|write|immediate|special|catcode|def|edef|gdef|xdef|let|newcommand|renewcommand|providecommand|DeclareMathOperator|newenvironment|csname|html[A-Za-z]*|require|directlua|usepackage|documentclass|loop|afterassignment|aftergroup|expandafter)(?![A-Za-z])/;

/**
 * Why a formula must not be written into a note, in one English sentence; undefined for every honest formula. A formula of a stranger's
 * pack must not end the math it is put in, nor do anything but draw.
 */
export function texRefusal(tex: string): string | undefined {
  if (tex.length > MAX_LENGTH) return `TeX is longer than ${MAX_LENGTH} characters`;
  const command = BEYOND_MATH.exec(tex)?.[1];
  if (command !== undefined) return `TeX uses \\${command}, which does more than draw a formula`;
  if (/(?<!\\)\$/.test(tex)) return 'TeX holds a dollar sign, which would end the formula';
  if (/```|~~~|-->|<!--|\+\+\+\+|\0/.test(tex)) return 'TeX holds signs that would end the formula in a note';
  let depth = 0;
  for (const [character] of tex.matchAll(/\\[\s\S]|[{}]/g)) {
    if (character === '{') depth++;
    else if (character === '}' && --depth < 0) break;
  }
  return depth === 0 ? undefined : 'TeX has braces that do not match';
}

/** TeX as it may stand in any note: lines without white space at their ends, none of them blank, comments away. */
export function texLines(tex: string): string[] {
  return tex
    .split(/\r?\n/)
    .map(line => line.replace(/(?<!\\)%.*$/, '').trimEnd())
    .filter(line => line.trim() !== '');
}
