import type { TensorData } from '../trace/graph/data.ts';
import type { Caption } from './caption.ts';
import { BACKGROUND, PALETTE, PICTURE_SIZE, type PlacedObject, type ShapeName } from './shapesWorld.ts';

/** RGB bytes of the objects painted in order: `[y][x][channel]`, 16·16·3. */
export function drawScene(objects: readonly PlacedObject[]): Uint8Array {
  const pixels = new Uint8Array(PICTURE_SIZE * PICTURE_SIZE * 3);
  for (let i = 0; i < pixels.length; i += 3) pixels.set(BACKGROUND, i);
  for (const object of objects) {
    const color = PALETTE[object.color];
    for (let y = 0; y < PICTURE_SIZE; y++) {
      for (let x = 0; x < PICTURE_SIZE; x++) {
        if (isInside(object.shape, x - object.cx, y - object.cy, object.r)) {
          pixels.set(color, (y * PICTURE_SIZE + x) * 3);
        }
      }
    }
  }
  return pixels;
}

/** Whether the pixel at an offset from the centre belongs to a shape of half-size r. */
export function isInside(shape: ShapeName, dx: number, dy: number, r: number): boolean {
  if (Math.abs(dx) > r || Math.abs(dy) > r) return false;
  if (shape === 'square') return true;
  if (shape === 'circle') return dx * dx + dy * dy <= r * r + 1;
  return Math.abs(dx) <= Math.floor((dy + r) / 2);
}

/** Where the objects of a caption stand when nobody says: in the middle, pairs with r = 3 and two pixels between. */
export function placeCaption(caption: Caption): PlacedObject[] {
  const { scene } = caption;
  if (!scene) return [{ ...caption.objects[0]!, cx: 7, cy: 7, r: 4 }];
  const place = (along: number) => (scene.axis === 0 ? { cx: 7, cy: along } : { cx: along, cy: 7 });
  return [
    { ...scene.first, ...place(3), r: 3 },
    { ...scene.second, ...place(12), r: 3 },
  ];
}

/** What the networks see: `[1, 3, 16, 16]` float32 in −1…1. */
export function pictureTensor(pixels: Uint8Array): TensorData {
  const plane = PICTURE_SIZE * PICTURE_SIZE;
  const data = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++)
      data[channel * plane + i] = pixels[3 * i + channel]! / 127.5 - 1;
  }
  return { type: 'float32', shape: [1, 3, PICTURE_SIZE, PICTURE_SIZE], data };
}

/** Bytes of a picture that a network drew: `[…, 3, 16, 16]` in −1…1, clipped; `index` tells which of a batch. */
export function picturePixels(tensor: TensorData, index = 0): Uint8Array {
  const plane = PICTURE_SIZE * PICTURE_SIZE;
  const pixels = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = tensor.data[(index * 3 + channel) * plane + i] ?? 0;
      pixels[3 * i + channel] = Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
    }
  }
  return pixels;
}
