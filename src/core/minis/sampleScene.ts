import { type Relation, writeCaption } from './caption.ts';
import { RuleStream } from './ruleStream.ts';
import { COLORS, type ObjectName, type PlacedObject, SHAPES } from './shapesWorld.ts';

export interface SampledScene {
  readonly caption: string;
  /** In painting order. */
  readonly objects: readonly PlacedObject[];
}

const ALONG = [
  [3, 11],
  [3, 12],
  [4, 12],
] as const;

/**
 * A member of the data set by seed and name (DATASET.md, "Sampling rule").
 *
 * @param heldout true: pairs that no model was trained on; false: the others; undefined: all. Single objects ignore it.
 */
export function sampleScene(seed: number, name: string, heldout?: boolean): SampledScene {
  const stream = new RuleStream(`${seed}:${name}`);
  if (stream.next() < 0.25) {
    const object = objectOf(stream.below(12));
    const r = 3 + stream.below(3);
    const cx = 5 + stream.below(6);
    const cy = 5 + stream.below(6);
    return { caption: writeCaption([object]), objects: [{ ...object, cx, cy, r }] };
  }
  let a: number;
  let b: number;
  let axis: 0 | 1;
  do {
    a = stream.below(12);
    b = stream.below(11);
    if (b >= a) b++;
    axis = stream.below(2) as 0 | 1;
  } while (heldout !== undefined && isHeldOut(a, b, axis) !== heldout);
  const [ma, mb] = ALONG[stream.below(3)]!;
  const na = 5 + stream.below(6);
  const nb = 5 + stream.below(6);
  const flip = stream.below(2);
  const place = (along: number, across: number) =>
    axis === 0 ? { cx: across, cy: along } : { cx: along, cy: across };
  const [first, second] = [objectOf(a), objectOf(b)];
  return {
    caption: sceneCaption(first, second, axis, flip === 1),
    objects: [
      { ...first, ...place(ma, na), r: 3 },
      { ...second, ...place(mb, nb), r: 3 },
    ],
  };
}

/** Object by number: 3 · colour + shape. */
export function objectOf(number: number): ObjectName {
  return { color: COLORS[Math.floor(number / 3)]!, shape: SHAPES[number % 3]! };
}

/** The caption of a scene (first above or left of second), or the same said the other way round. */
export function sceneCaption(first: ObjectName, second: ObjectName, axis: 0 | 1, flipped: boolean): string {
  const relation: Relation = axis === 0 ? (flipped ? 'below' : 'above') : flipped ? 'right of' : 'left of';
  return writeCaption(flipped ? [second, first] : [first, second], relation);
}

/** Whether no model was trained on the scene of objects `a` and `b`. */
export function isHeldOut(a: number, b: number, axis: 0 | 1): boolean {
  return new RuleStream(`heldout:${sceneCaption(objectOf(a), objectOf(b), axis, false)}`).next() < 0.125;
}

/** All 540 captions: 12 single objects, then both captions of each of the 264 scenes. */
export function allCaptions(): string[] {
  const captions = Array.from({ length: 12 }, (_, number) => writeCaption([objectOf(number)]));
  for (let a = 0; a < 12; a++) {
    for (let b = 0; b < 12; b++) {
      if (a === b) continue;
      for (const axis of [0, 1] as const) {
        for (const flipped of [false, true])
          captions.push(sceneCaption(objectOf(a), objectOf(b), axis, flipped));
      }
    }
  }
  return captions;
}
