import { CaptionError } from './caption.ts';
import { wordIds } from './captionTokens.ts';
import { COLORS, MARKS, SHAPES } from './shapesWorld.ts';

/** The questions that the trained model was asked; lists are alternatives. */
const SIDES = ['above', 'below', 'left of', 'right of'];
const QUESTIONS: readonly string[] = [
  ...SHAPES.map(shape => `what color is the ${shape}`),
  ...COLORS.map(color => `what shape is ${color}`),
  ...COLORS.flatMap(color => SHAPES.map(shape => `is there a ${color} ${shape}`)),
  'how many shapes are there',
  ...SIDES.flatMap(side => SHAPES.map(shape => `what is ${side} the ${shape}`)),
  ...SIDES.flatMap(side =>
    COLORS.flatMap(color => SHAPES.map(shape => `what is ${side} the ${color} ${shape}`)),
  ),
];

/**
 * Token row of a question: `<enc>`, its words, `<end>`. A question mark at the end is allowed.
 *
 * @throws CaptionError naming the first word that fits no question, and what could stand there
 */
export function questionTokens(text: string): number[] {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\s*\?$/, '')
    .split(/\s+/)
    .filter(Boolean);
  let left = QUESTIONS.map(question => question.split(' '));
  for (const [position, word] of words.entries()) {
    const next = left.filter(question => question[position] === word);
    if (next.length === 0) throw unfit(text, word, position, left);
    left = next;
  }
  if (!left.some(question => question.length === words.length)) throw unfit(text, '', words.length, left);
  return [MARKS.enc, ...wordIds(words.join(' ')), MARKS.end];
}

function unfit(text: string, word: string, position: number, left: readonly string[][]): CaptionError {
  const offered = [...new Set(left.flatMap(question => question[position] ?? []))];
  const said = word ? `"${word}" does not fit (word ${position + 1})` : 'a word is missing at the end';
  const wanted =
    offered.length === 0
      ? 'the question is complete before it'
      : `use ${offered.map(it => `"${it}"`).join(', ')}`;
  return new CaptionError(`"${text}": ${said}; ${wanted}`, word, position, offered);
}
