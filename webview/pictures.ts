import { domToForeignObjectSvg } from 'modern-screenshot';

/** Pictures for slides are wanted sharper than the screen. */
const SCALE = 2;

/** A card as it stands on the page, with its fonts inside: SVG text. */
export async function cardSvg(card: Element): Promise<string> {
  const svg = await domToForeignObjectSvg(card, {
    backgroundColor: groundColour(),
    // Menus and buttons are no part of the picture.
    filter: node => !(node instanceof Element && node.classList.contains('no-picture')),
  });
  return new XMLSerializer().serializeToString(svg);
}

/** @throws Error when the picture cannot be drawn */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(image.width * SCALE);
  canvas.height = Math.ceil(image.height * SCALE);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvasPng(canvas);
}

/** As {@link svgToPng}, on the editor's ground: a PNG on the clipboard has no idea of dark and light. */
export async function groundedPng(svg: string): Promise<Blob> {
  return svgToPng(svg.replace('>', ` style="background:${groundColour().replace(/[^\w#(),.% ]/g, '')}">`));
}

export function canvasPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('the picture is empty'))), 'image/png');
  });
}

export function inkColour(): string {
  return getComputedStyle(document.body).color;
}

function groundColour(): string {
  return getComputedStyle(document.body).getPropertyValue('--vscode-editor-background').trim() || '#ffffff';
}
