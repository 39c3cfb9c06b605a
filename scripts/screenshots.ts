import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
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

/** A panel to be photographed. */
interface PanelShot {
  readonly name: string;
  readonly theme: ThemeKind;
  readonly language: 'en' | 'ja';
  readonly file: string;
  readonly place: Shot['place'];
  /** A word of the sample to choose; the first one otherwise. */
  readonly sample?: string;
  /** A cell to choose in the small picture of a step (from 1), as parts of its width and height. */
  readonly cell?: { readonly step: number; readonly across: number; readonly down: number };
  /** Show the run instead of the explanation. */
  readonly run?: boolean;
  /** Use the tool of the trained model (draw, ask), and wait for this in its answer. */
  readonly tool?: RegExp;
}

const panelShots: readonly PanelShot[] = [
  {
    name: 'panel-attention',
    theme: 'dark',
    language: 'en',
    file: unet,
    place: attention,
    // The bright cell of the sample: the query of place 2 reads caption token 1.
    cell: { step: 4, across: 1.5 / 8, down: 2.5 / 5 },
  },
  {
    name: 'panel-attention-run',
    theme: 'dark',
    language: 'en',
    file: unet,
    place: attention,
    run: true,
  },
  {
    name: 'panel-clip-loss-run',
    theme: 'light',
    language: 'en',
    file: 'open_clip/loss.py',
    place: { within: 'image_loss = ', word: 'image_loss' },
    sample: 'swap',
    run: true,
  },
  {
    name: 'panel-resblock-hc-dark',
    theme: 'hc-dark',
    language: 'en',
    file: unet,
    place: { after: 'class ResBlock', within: 'h = out_norm(h)', word: 'out_norm' },
  },
  {
    name: 'panel-attention-ja',
    theme: 'light',
    language: 'ja',
    file: unet,
    place: attention,
    cell: { step: 4, across: 1.5 / 8, down: 2.5 / 5 },
  },
];

/** Whole models: photographed on the files that the tests trace (`test/fixtures/torch`). */
const modelShots: readonly PanelShot[] = [
  {
    name: 'panel-glide-draws',
    theme: 'dark',
    language: 'en',
    file: 'glide-text2im/glide_text2im/text2im_model.py',
    place: { after: 'class Text2ImUNet', within: 'def forward', word: 'forward' },
    tool: /all right ✓/,
  },
  {
    name: 'panel-blip-answers',
    theme: 'light',
    language: 'en',
    file: 'BLIP/models/blip_vqa.py',
    place: { within: 'def forward', word: 'forward' },
    tool: /blue/,
  },
  {
    name: 'panel-albef-queue',
    theme: 'dark',
    language: 'en',
    file: 'ALBEF/models/model_pretrain.py',
    place: { within: 'def forward', word: 'forward' },
    sample: 'negative',
    run: true,
  },
  {
    name: 'panel-glide-draws-ja',
    theme: 'light',
    language: 'ja',
    file: 'glide-text2im/glide_text2im/text2im_model.py',
    place: { after: 'class Text2ImUNet', within: 'def forward', word: 'forward' },
    tool: /すべて正解 ✓/,
  },
];

/** Opens the panel at a place of the code and photographs the window. */
async function photographPanel(workbench: Workbench, shot: PanelShot, to: string): Promise<string> {
  await workbench.theme(shot.theme);
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile(shot.file);
  const { line, column } = placeOf(await readFile(join(workbench.folder, shot.file), 'utf8'), shot.place);
  await workbench.goTo(line, column);
  await workbench.codeLenses();
  await workbench.press('Shift+Alt+E');
  const panel = await workbench.webview('.katex', 40_000);
  await panel.locator('.verdict').first().waitFor({ timeout: 60_000 });
  if (shot.sample) await chooseSample(panel, shot.sample);
  // The first numbers are our kernels'; the picture shall show onnxruntime's.
  await panel.locator('.backend', { hasText: /WASM|WebGPU/ }).waitFor({ timeout: 60_000 });
  if (shot.cell) await chooseCell(panel, shot.cell);
  if (shot.run) await panel.locator('.run').evaluate(run => run.scrollIntoView());
  if (shot.tool) {
    await panel.locator('.tool-form button[type=submit]').click();
    await panel.locator('.tool [role=status]', { hasText: shot.tool }).waitFor({ timeout: 180_000 });
    await panel.locator('.tools').evaluate(tools => tools.scrollIntoView({ block: 'end' }));
  }
  await new Promise(resolve => setTimeout(resolve, 1500));
  await workbench.screenshot(to);
  return `${to}: ${await panel.locator('.verdict').first().textContent()}`;
}

async function chooseCell(
  panel: Frame,
  { step, across, down }: NonNullable<PanelShot['cell']>,
): Promise<void> {
  const card = panel.locator('.step-card').nth(step - 1);
  const picture = card.locator('.thumbnail canvas').first();
  await picture.scrollIntoViewIfNeeded();
  const box = await picture.boundingBox();
  if (!box) throw new Error(`step ${step} has no picture`);
  await picture.click({ position: { x: box.width * across, y: box.height * down } });
  await card.evaluate(element => element.scrollIntoView({ block: 'center' }));
}

/** Chooses the first sample whose name contains a word. */
async function chooseSample(panel: Frame, word: string): Promise<void> {
  for (const dropdown of await panel.locator('vscode-dropdown').all()) {
    const option = dropdown.locator('vscode-option', { hasText: new RegExp(word, 'i') }).first();
    if ((await option.count()) === 0) continue;
    await dropdown.click();
    await option.click();
    return;
  }
  throw new Error(`No sample is called "${word}".`);
}

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
const isWanted = ({ name }: { name: string }) => wanted.length === 0 || wanted.includes(name);
const images = join(repoRoot, 'docs', 'images');
await mkdir(images, { recursive: true });

/** A window for some of the shots. */
async function inWindow(
  language: 'en' | 'ja',
  viewport: { width: number; height: number },
  work: (workbench: Workbench) => Promise<void>,
  files = 'samples',
): Promise<void> {
  const folder = await temporaryFolder(join(repoRoot, files));
  const session = await Session.start({
    locale: language,
    viewport,
    scale: 2,
    settings: { 'workbench.activityBar.location': 'hidden', 'editor.minimap.enabled': false },
    say: line => console.log(line),
  });
  try {
    const workbench = await session.open({ folder: folder.path });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await work(workbench);
  } finally {
    await session.stop();
    await folder.remove();
  }
}

for (const language of ['en', 'ja'] as const) {
  const hovers = shots.filter(shot => shot.language === language && isWanted(shot));
  if (hovers.length > 0) {
    await inWindow(language, { width: 1100, height: 820 }, async workbench => {
      for (const shot of hovers)
        console.log(await photograph(workbench, shot, join(images, `${shot.name}.png`)));
    });
  }
  const panels = panelShots.filter(shot => shot.language === language && isWanted(shot));
  if (panels.length > 0) {
    await inWindow(language, { width: 1440, height: 900 }, async workbench => {
      await workbench.openFile('glide/unet.py');
      for (const shot of panels)
        console.log(await photographPanel(workbench, shot, join(images, `${shot.name}.png`)));
    });
  }
  const models = modelShots.filter(shot => shot.language === language && isWanted(shot));
  if (models.length > 0) {
    const photographAll = async (workbench: Workbench) => {
      for (const shot of models)
        console.log(await photographPanel(workbench, shot, join(images, `${shot.name}.png`)));
    };
    await inWindow(language, { width: 1440, height: 1000 }, photographAll, 'test/fixtures/torch');
  }
}
