import { COLORS, type ColorName, type ObjectName, SHAPES, type ShapeName, WORDS } from './shapesWorld.ts';

export const RELATIONS = ['above', 'below', 'left of', 'right of'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What a caption of the shapes world says. */
export interface Caption {
  readonly text: string;
  /** As named in the text: one, or two with a relation between them. */
  readonly objects: readonly ObjectName[];
  readonly relation?: Relation;
  /**
   * The scene that it describes, however it is put: `first` is above (axis 0) or left of (axis 1) `second`, and painted first.
   * Undefined for a single object.
   */
  readonly scene?: { readonly first: ObjectName; readonly second: ObjectName; readonly axis: 0 | 1 };
}

/** A text that the grammar does not know. `message` is one English sentence; the fields let others say it in their words. */
export class CaptionError extends Error {
  override readonly name = 'CaptionError';

  constructor(
    message: string,
    /** The word at fault; empty where one is missing. */
    readonly word: string,
    /** Its place among the words, from 0. */
    readonly position: number,
    /** What could stand there; empty where nothing can. */
    readonly offered: readonly string[],
  ) {
    super(message);
  }
}

/**
 * Reads `a COLOR SHAPE` or two of them with `above`, `below`, `left of` or `right of` between.
 *
 * @throws CaptionError naming the first word that does not fit and what could stand there
 */
export function parseCaption(text: string): Caption {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let at = 0;
  const take = <T extends string>(offered: readonly T[]): T => {
    const word = words[at] ?? '';
    if (!offered.includes(word as T)) throw unexpected(text, word, at, offered);
    at++;
    return word as T;
  };
  const object = (): ObjectName => {
    take(['a']);
    const color = take<ColorName>(COLORS);
    const shape = take<ShapeName>(SHAPES);
    return { color, shape };
  };
  const one = object();
  if (at === words.length) return { text: words.join(' '), objects: [one] };
  const start = take(['above', 'below', 'left', 'right']);
  if (start === 'left' || start === 'right') take(['of']);
  const relation = (start === 'left' || start === 'right' ? `${start} of` : start) as Relation;
  const before = at;
  const other = object();
  if (at < words.length) throw unexpected(text, words[at]!, at, []);
  if (one.color === other.color && one.shape === other.shape) {
    throw new CaptionError(
      `"${text}": the two objects are the same; colour or shape must differ`,
      words[before + 1]!,
      before + 1,
      COLORS.filter(color => color !== one.color),
    );
  }
  const swapped = start === 'below' || start === 'right';
  return {
    text: words.join(' '),
    objects: [one, other],
    relation,
    scene: {
      first: swapped ? other : one,
      second: swapped ? one : other,
      axis: start === 'above' || start === 'below' ? 0 : 1,
    },
  };
}

function unexpected(text: string, word: string, position: number, offered: readonly string[]): CaptionError {
  const said = word ? `"${word}" does not fit` : 'a word is missing';
  const wanted = offered.length === 0 ? 'the caption is complete before it' : `use ${listed(offered)}`;
  const known = !word || WORDS.includes(word) ? '' : ' and is no word of the model';
  return new CaptionError(
    `"${text}": ${said}${known} (word ${position + 1}); ${wanted}`,
    word,
    position,
    offered,
  );
}

function listed(words: readonly string[]): string {
  if (words.length === 1) return `"${words[0]}"`;
  return `${words
    .slice(0, -1)
    .map(word => `"${word}"`)
    .join(', ')} or "${words.at(-1)}"`;
}

/** `a red square above a blue circle`. */
export function writeCaption(objects: readonly ObjectName[], relation?: Relation): string {
  const named = objects.map(it => `a ${it.color} ${it.shape}`);
  return relation === undefined ? named[0]! : `${named[0]} ${relation} ${named[1]}`;
}
