/** The toy world of the trained models: 16×16 pictures of coloured shapes. Rules in `packs/weights/DATASET.md`. */

export const PICTURE_SIZE = 16;
/** Tokens of a text, with start, end and padding. */
export const CONTEXT_LENGTH = 12;

/** One list for all models; a word's id is its place. */
export const WORDS = (
  '<pad> a red green blue yellow square circle triangle above below left right of what color shape is the there ' +
  'how many shapes are yes no one two <enc> <dec> <start> <end>'
).split(' ') as readonly string[];

export const MARKS = { pad: 0, enc: 28, dec: 29, start: 30, end: 31 } as const;

export const COLORS = ['red', 'green', 'blue', 'yellow'] as const;
export const SHAPES = ['square', 'circle', 'triangle'] as const;
export type ColorName = (typeof COLORS)[number];
export type ShapeName = (typeof SHAPES)[number];

/** RGB, 0…255. */
export const BACKGROUND: readonly [number, number, number] = [32, 32, 32];
export const PALETTE: Readonly<Record<ColorName, readonly [number, number, number]>> = {
  red: [220, 40, 40],
  green: [40, 180, 60],
  blue: [50, 80, 230],
  yellow: [240, 210, 40],
};

export interface ObjectName {
  readonly color: ColorName;
  readonly shape: ShapeName;
}

/** An object with its place: centre and half-size in pixels, x to the right, y down. */
export interface PlacedObject extends ObjectName {
  readonly cx: number;
  readonly cy: number;
  readonly r: number;
}
