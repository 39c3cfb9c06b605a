import { CaptionError } from './caption.ts';
import { CONTEXT_LENGTH, MARKS, WORDS } from './shapesWorld.ts';

/**
 * Word ids of any text made of the models' words, without marks.
 *
 * @throws CaptionError naming the first word that is not in the list
 */
export function wordIds(text: string): number[] {
  const words = text.trim().toLowerCase().replace(/\?$/, '').split(/\s+/).filter(Boolean);
  return words.map((word, position) => {
    const id = WORDS.indexOf(word);
    if (id >= 0) return id;
    const offered = WORDS.filter(it => !it.startsWith('<'));
    throw new CaptionError(
      `"${word}" (word ${position + 1}) is no word of the model; its words are ${offered.join(', ')}`,
      word,
      position,
      offered,
    );
  });
}

/**
 * The token row of a text: start, words, end, padding. `[12]` unless `length` says otherwise.
 *
 * @throws CaptionError when a word is unknown or the text is too long
 */
export function captionTokens(text: string, length = CONTEXT_LENGTH): number[] {
  const ids = [MARKS.start, ...wordIds(text), MARKS.end];
  if (ids.length > length) {
    throw new CaptionError(`"${text}" has more than ${length - 2} words`, '', length - 2, []);
  }
  return [...ids, ...new Array<number>(length - ids.length).fill(MARKS.pad)];
}

/** The words of a row up to its end mark, marks left out: the inverse of `captionTokens`. */
export function tokenText(ids: readonly number[]): string {
  const end = ids.indexOf(MARKS.end);
  return (end < 0 ? ids : ids.slice(0, end))
    .filter(id => id > MARKS.pad && id < MARKS.enc)
    .map(id => WORDS[id])
    .join(' ');
}
