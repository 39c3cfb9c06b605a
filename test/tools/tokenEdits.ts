import type { Alignment } from '../../src/core/alignment/alignment.ts';
import { LineIndex } from '../../src/core/python/lineIndex.ts';
import type { FunctionOutline } from '../../src/core/python/outline.ts';

/** A file in which one token of a step is another. */
export interface TokenEdit {
  /** The statement as it is now, on one line. */
  readonly statement: string;
  readonly edited: string;
}

const OTHER: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*' };

/** Patterns and what becomes of what they find: another sign, another number, no minus, no transpose, operands exchanged. */
const EDITS: readonly (readonly [RegExp, (match: RegExpMatchArray) => string])[] = [
  [/(?<=[\w)\]]) ([-+*/]) (?=[\w(-])/g, match => ` ${OTHER[match[1] as string]} `],
  [/(?<![\w.'"])\d+(?:\.\d+)?(?![\w.'"])/g, match => String(Number(match[0]) + 1)],
  [/(?<=[(,=[:]\s*|return )-(?=[\w(])/g, () => ''],
  [/\.(?:transpose|permute)\([^()]*\)|\.t\(\)|\.T\b/g, () => ''],
  [
    /(?<=[([]\s*)(?!(\w+), \1\b)([a-z_][\w.]*), ([a-z_][\w.]*)(?=\s*[,)\]])/gi,
    match => `${match[3]}, ${match[2]}`,
  ],
];

/** Every edit of one token in the statements of a function's steps that keeps the words of the statement. */
export function* tokenEdits(text: string, fn: FunctionOutline, alignment: Alignment): Generator<TokenEdit> {
  const lines = new LineIndex(text);
  for (const at of new Set(alignment.steps.flatMap(step => step.statements))) {
    const { start, end } = fn.statements[at]!.range;
    const [from, to] = [lines.offsetAt(start), lines.offsetAt(end)];
    const source = text.slice(from, to);
    for (const [pattern, become] of EDITS) {
      for (const match of source.matchAll(pattern)) {
        const statement =
          source.slice(0, match.index) + become(match) + source.slice(match.index + match[0].length);
        yield {
          statement: statement.replace(/\s+/g, ' '),
          edited: text.slice(0, from) + statement + text.slice(to),
        };
      }
    }
  }
}
