import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../test/harness/paths.ts';
import { placeOf } from '../test/harness/place.ts';
import { Session } from '../test/harness/session.ts';
import { temporaryFolder } from '../test/harness/temporaryFolder.ts';
import type { ThemeKind } from '../test/harness/themes.ts';
import type { Workbench } from '../test/harness/workbench.ts';

/** A hover to be photographed. */
interface Shot {
  readonly name: string;
  readonly theme: ThemeKind;
  readonly language: 'en' | 'ja';
  readonly file: string;
  readonly place: { after?: string; within: string; word: string };
}

const attention = { after: 'class QKVAttention', within: 'def forward', word: 'forward' };
const unet = 'glide/unet.py';

const shots: readonly Shot[] = [
  { name: 'hover-definition', theme: 'dark', language: 'en', file: unet, place: attention },
  {
    name: 'hover-clip-loss',
    theme: 'light',
    language: 'en',
    file: 'open_clip/loss.py',
    place: { within: 'def forward', word: 'forward' },
  },
  {
    name: 'hover-resblock-hc-dark',
    theme: 'hc-dark',
    language: 'en',
    file: unet,
    place: { after: 'class ResBlock', within: 'def forward', word: 'forward' },
  },
  {
    name: 'hover-timesteps-hc-light',
    theme: 'hc-light',
    language: 'en',
    file: 'glide/nn.py',
    place: { within: 'def timestep_embedding', word: 'timestep_embedding' },
  },
  {
    name: 'hover-call-site',
    theme: 'dark',
    language: 'en',
    file: unet,
    place: { within: 'self.attention(qkv', word: 'attention' },
  },
  {
    name: 'hover-variable',
    theme: 'light',
    language: 'en',
    file: unet,
    place: { within: 'weight = th.einsum', word: 'weight' },
  },
  { name: 'hover-variant', theme: 'dark', language: 'en', file: 'variants/unet.py', place: attention },
  { name: 'hover-definition-ja', theme: 'dark', language: 'ja', file: unet, place: attention },
  {
    name: 'hover-clip-loss-ja',
    theme: 'light',
    language: 'ja',
    file: 'open_clip/loss.py',
    place: { within: 'def forward', word: 'forward' },
  },
  {
    name: 'hover-variable-ja-hc-dark',
    theme: 'hc-dark',
    language: 'ja',
    file: unet,
    place: { within: 'ek, ev = encoder_kv', word: 'ek' },
  },
];

/** Photographs the hover with the code around it. */
async function photograph(workbench: Workbench, shot: Shot, to: string): Promise<string> {
  await workbench.theme(shot.theme);
  await workbench.openFile(shot.file);
  const text = await readFile(join(workbench.folder, shot.file), 'utf8');
  const { line, column } = placeOf(text, shot.place);
  const hover = await workbench.hoverAt(line, column, 20_000);
  if (!hover) throw new Error(`${shot.name}: no hover at ${shot.file}:${line}:${column}`);
  const box = await workbench.hover.first().boundingBox();
  if (!box) throw new Error(`${shot.name}: the hover went away`);
  const scrolls = await workbench.hover
    .first()
    .evaluate(hover =>
      [...hover.querySelectorAll('*')].some(
        it => it.scrollHeight > it.clientHeight + 2 && it.clientHeight > 100,
      ),
    );
  const view = workbench.page.viewportSize() ?? { width: 1280, height: 900 };
  const top = Math.max(64, box.y - 70);
  const bottom = Math.min(view.height - 24, box.y + box.height + 130);
  const clip = { x: 0, y: top, width: Math.min(view.width, box.x + box.width + 60), height: bottom - top };
  await workbench.screenshot(to, clip);
  const size = `${Math.round(box.width)} × ${Math.round(box.height)} px`;
  return `${to}: ${size}, ${hover.images.length} pictures${scrolls ? ', SCROLLS' : ''}`;
}

const wanted = process.argv.slice(2);
const chosen = shots.filter(shot => wanted.length === 0 || wanted.includes(shot.name));
const images = join(repoRoot, 'docs', 'images');
await mkdir(images, { recursive: true });
for (const language of ['en', 'ja'] as const) {
  const those = chosen.filter(shot => shot.language === language);
  if (those.length === 0) continue;
  const folder = await temporaryFolder(join(repoRoot, 'samples'));
  const session = await Session.start({
    locale: language,
    viewport: { width: 1100, height: 820 },
    scale: 2,
    settings: { 'workbench.activityBar.location': 'hidden', 'editor.minimap.enabled': false },
    say: line => console.log(line),
  });
  try {
    const workbench = await session.open({ folder: folder.path });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const shot of those)
      console.log(await photograph(workbench, shot, join(images, `${shot.name}.png`)));
  } finally {
    await session.stop();
    await folder.remove();
  }
}
