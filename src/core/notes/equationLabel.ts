import type { Entry } from '../atlas/schema.ts';

/** `eq:glide-qkv-attention-concat`: a label that every format can refer to. */
export function equationLabel(entry: Entry, equationId: string): string {
  const [system = '', ...names] = entry.id.split('.');
  const last = names.at(-1) === 'forward' && names.length > 1 ? names.slice(0, -1) : names;
  return `eq:${[system, ...last, equationId].map(kebab).join('-')}`;
}

/** Names that are one word, whatever their capitals say. */
const ONE_WORD = /SigLip|CoCa|U[nN]et|UNet|ResNet|Text2Im|LoRA/g;

/** `QKVAttention` → `qkv-attention`, `_build_vision_tower` → `build-vision-tower`, `Text2ImUNet` → `text2im-unet`. */
export function kebab(name: string): string {
  return name
    .replace(ONE_WORD, word => `-${word.toLowerCase()}-`)
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
