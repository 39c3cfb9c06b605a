import type { Caption } from './caption.ts';
import { isInside } from './drawScene.ts';
import {
  BACKGROUND,
  COLORS,
  type ColorName,
  type ObjectName,
  PALETTE,
  PICTURE_SIZE,
  SHAPES,
  type ShapeName,
} from './shapesWorld.ts';

/** An object that was found in a picture. */
export interface SeenObject extends ObjectName {
  /** Mean position of its pixels: x to the right, y down. */
  readonly x: number;
  readonly y: number;
  readonly pixels: number;
  /** Overlap with the best template of its shape, 0…1 (intersection over union). */
  readonly overlap: number;
}

/** Which demands of a caption a picture meets. */
export interface PictureScore {
  readonly seen: readonly SeenObject[];
  readonly count: boolean;
  readonly colors: boolean;
  readonly shapes: boolean;
  /** Each colour on its own shape. */
  readonly binding: boolean;
  /** Binding, and the objects stand as the caption says; for one object the same as binding. */
  readonly relation: boolean;
  /** The colours and shapes asked for, but exchanged between the objects: the binding problem itself. */
  readonly exchanged: boolean;
  /** All of them: the prompt counts. */
  readonly right: boolean;
}

/**
 * Scores a picture against a caption by fixed rules: the nearest palette colour of each pixel, 4-connected components of
 * at least 6 pixels, the shape whose template overlaps most, and the relation of the centroids.
 *
 * @param pixels RGB bytes `[y][x][channel]` of a 16×16 picture
 */
export function scorePicture(pixels: Uint8Array, caption: Caption): PictureScore {
  const seen = findObjects(pixels);
  const wanted = caption.objects;
  const count = seen.length === wanted.length;
  const colors = count && sameWords(seen, wanted, it => it.color);
  const shapes = count && sameWords(seen, wanted, it => it.shape);
  const binding = count && sameWords(seen, wanted, it => `${it.color} ${it.shape}`);
  const relation = binding && stands(seen, caption);
  return {
    seen,
    count,
    colors,
    shapes,
    binding,
    relation,
    exchanged: colors && shapes && !binding,
    right: relation,
  };
}

function sameWords(
  seen: readonly ObjectName[],
  wanted: readonly ObjectName[],
  word: (it: ObjectName) => string,
) {
  return seen.map(word).sort().join() === wanted.map(word).sort().join();
}

function stands(seen: readonly SeenObject[], { scene }: Caption): boolean {
  if (!scene) return true;
  const find = (name: ObjectName) => seen.find(it => it.color === name.color && it.shape === name.shape)!;
  const first = find(scene.first);
  const second = find(scene.second);
  const [dx, dy] = [second.x - first.x, second.y - first.y];
  return scene.axis === 0 ? dy > Math.abs(dx) : dx > Math.abs(dy);
}

const CLASSES: readonly (readonly [number, number, number])[] = [
  BACKGROUND,
  ...COLORS.map(it => PALETTE[it]),
];
const SMALLEST = 6;

/** The objects of a picture, by reading order of their first pixel. */
export function findObjects(pixels: Uint8Array): SeenObject[] {
  const area = PICTURE_SIZE * PICTURE_SIZE;
  const classes = new Uint8Array(area);
  for (let i = 0; i < area; i++) classes[i] = nearestClass(pixels, 3 * i);
  const visited = new Uint8Array(area);
  const found: SeenObject[] = [];
  for (let start = 0; start < area; start++) {
    if (visited[start] || classes[start] === 0) continue;
    const members = flood(classes, visited, start);
    if (members.length < SMALLEST) continue;
    const { shape, overlap } = nameShape(members);
    found.push({
      color: COLORS[classes[start]! - 1] as ColorName,
      shape,
      overlap,
      pixels: members.length,
      x: mean(members.map(column)),
      y: mean(members.map(row)),
    });
  }
  return found;
}

const column = (index: number) => index % PICTURE_SIZE;
const row = (index: number) => Math.floor(index / PICTURE_SIZE);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function nearestClass(pixels: Uint8Array, at: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, color] of CLASSES.entries()) {
    let distance = 0;
    for (let channel = 0; channel < 3; channel++) {
      const difference = pixels[at + channel]! - color[channel]!;
      distance += difference * difference;
    }
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
}

/** Indexes of the 4-connected pixels of one class around `start`; marks them visited. */
function flood(classes: Uint8Array, visited: Uint8Array, start: number): number[] {
  const members = [start];
  visited[start] = 1;
  for (let next = 0; next < members.length; next++) {
    const at = members[next]!;
    const neighbours = [
      column(at) > 0 ? at - 1 : -1,
      column(at) < PICTURE_SIZE - 1 ? at + 1 : -1,
      at - PICTURE_SIZE,
      at + PICTURE_SIZE,
    ];
    for (const it of neighbours) {
      if (it < 0 || it >= classes.length || visited[it] || classes[it] !== classes[start]) continue;
      visited[it] = 1;
      members.push(it);
    }
  }
  return members;
}

/** The shape whose template overlaps the pixels most, over all sizes of the data set and all places. */
function nameShape(members: readonly number[]): { shape: ShapeName; overlap: number } {
  const inside = new Set(members);
  const xs = members.map(column);
  const ys = members.map(row);
  let best: { shape: ShapeName; overlap: number } = { shape: 'square', overlap: -1 };
  for (const shape of SHAPES) {
    for (let r = 2; r <= 6; r++) {
      for (let cx = Math.min(...xs); cx <= Math.max(...xs); cx++) {
        for (let cy = Math.min(...ys); cy <= Math.max(...ys); cy++) {
          const overlap = overlapWith(inside, shape, cx, cy, r);
          if (overlap > best.overlap) best = { shape, overlap };
        }
      }
    }
  }
  return best;
}

/** Intersection over union of the pixels and a template clipped to the picture. */
function overlapWith(
  inside: ReadonlySet<number>,
  shape: ShapeName,
  cx: number,
  cy: number,
  r: number,
): number {
  let common = 0;
  let size = 0;
  for (let y = Math.max(0, cy - r); y <= Math.min(PICTURE_SIZE - 1, cy + r); y++) {
    for (let x = Math.max(0, cx - r); x <= Math.min(PICTURE_SIZE - 1, cx + r); x++) {
      if (!isInside(shape, x - cx, y - cy, r)) continue;
      size++;
      if (inside.has(y * PICTURE_SIZE + x)) common++;
    }
  }
  return common / (size + inside.size - common);
}
