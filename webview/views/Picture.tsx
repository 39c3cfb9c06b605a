import { useEffect, useRef } from 'preact/hooks';
import type { StepTensor } from '../../src/core/explain/stepTensor.ts';

/** Pictures are drawn this many times larger than they are: 16 pixels are small. */
const MAGNIFY = 8;

/** A [..., 3, H, W] tensor in [-1, 1] as the picture it is. */
export function Picture({
  tensor,
  leading,
  label,
}: {
  readonly tensor: StepTensor;
  readonly leading: readonly number[];
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height = 1, width = 1] = tensor.shape.slice(-2);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, tensor, leading);
  }, [tensor, leading]);
  return (
    <canvas
      ref={canvas}
      class="picture"
      role="img"
      aria-label={label}
      style={{ width: `${width * MAGNIFY}px`, height: `${height * MAGNIFY}px` }}
    />
  );
}

/** The picture at the size in which it is shown, for the clipboard. */
export function pictureCanvas(tensor: StepTensor, leading: readonly number[]): HTMLCanvasElement {
  const small = document.createElement('canvas');
  paint(small, tensor, leading);
  const large = document.createElement('canvas');
  large.width = small.width * MAGNIFY;
  large.height = small.height * MAGNIFY;
  const context = large.getContext('2d');
  if (context) {
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, large.width, large.height);
  }
  return large;
}

function paint(canvas: HTMLCanvasElement, tensor: StepTensor, leading: readonly number[]): void {
  const [height = 1, width = 1] = tensor.shape.slice(-2);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  // The channel axis is not sliced: all three make the picture.
  const outer = tensor.shape.slice(0, -3);
  const index = outer.reduce((sum, size, axis) => sum * size + Math.min(size - 1, leading[axis] ?? 0), 0);
  const image = context.createImageData(width, height);
  const plane = width * height;
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = tensor.values[(index * 3 + channel) * plane + pixel] ?? -1;
      image.data[pixel * 4 + channel] = Math.round((value + 1) * 127.5);
    }
    image.data[pixel * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
