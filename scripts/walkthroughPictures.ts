import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../test/harness/paths.ts';
import { placeOf } from '../test/harness/place.ts';
import { Session } from '../test/harness/session.ts';
import { temporaryFolder } from '../test/harness/temporaryFolder.ts';
import type { Workbench } from '../test/harness/workbench.ts';

// The pictures of the walkthrough (media/*.webp), small ones since they travel in the package: npm run walkthrough.

const media = join(repoRoot, 'media');
const file = 'glide/unet.py';
const attention = { after: 'class QKVAttention', within: 'def forward', word: 'forward' };

/** Each picture: brings its scene on and says which part of the window to keep. */
const scenes: Readonly<
  Record<string, (workbench: Workbench) => Promise<{ x: number; y: number; width: number; height: number }>>
> = {
  hover: async workbench => {
    await workbench.openFile(file);
    const { line, column } = placeOf(await readFile(join(workbench.folder, file), 'utf8'), attention);
    if (!(await workbench.hoverAt(line, column, 20_000))) throw new Error(`no hover at ${file}:${line}`);
    const box = await workbench.hover.first().boundingBox();
    if (!box) throw new Error('the hover went away');
    return { x: 0, y: Math.max(64, box.y - 24), width: box.x + box.width + 24, height: box.height + 84 };
  },
  explain: async workbench => {
    await workbench.openFile(file);
    const { line, column } = placeOf(await readFile(join(workbench.folder, file), 'utf8'), attention);
    await workbench.goTo(line, column);
    await workbench.codeLenses();
    await workbench.press('Shift+Alt+E');
    const panel = await workbench.webview('.katex', 40_000);
    await panel.locator('.backend', { hasText: /WASM|WebGPU/ }).waitFor({ timeout: 60_000 });
    const { width, height } = workbench.page.viewportSize() ?? { width: 1280, height: 900 };
    return { x: width / 2, y: 36, width: width / 2, height: height - 60 };
  },
  notes: async workbench => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('notes.md');
    await workbench.goTo(1, 1);
    await workbench.press('Control+End');
    await workbench.page.keyboard.type('eq-clip-l', { delay: 60 });
    const suggestions = workbench.page.locator('.suggest-widget.visible');
    await suggestions.waitFor();
    const details = workbench.page.locator('.suggest-details-container img');
    if (!(await details.first().isVisible())) await workbench.press('Control+Space');
    await details.first().waitFor();
    const box = await suggestions.boundingBox();
    if (!box) throw new Error('the suggestions went away');
    const { width } = workbench.page.viewportSize() ?? { width: 1280 };
    const top = Math.max(64, box.y - 160);
    return { x: 0, y: top, width: Math.min(width, 1000), height: box.y + box.height + 40 - top };
  },
};

/** The browser at hand writes WebP: a third of a PNG's bytes. */
async function webp(session: Session, png: Buffer): Promise<Buffer> {
  const page = await session.newPage();
  try {
    const url = await page.evaluate(
      async source => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        canvas.getContext('2d')?.drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', 0.85);
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  } finally {
    await page.close();
  }
}

await mkdir(media, { recursive: true });
const folder = await temporaryFolder(join(repoRoot, 'samples'));
const session = await Session.start({
  viewport: { width: 1180, height: 700 },
  settings: { 'workbench.activityBar.location': 'hidden', 'editor.minimap.enabled': false },
  say: line => console.log(line),
});
try {
  const workbench = await session.open({ folder: folder.path });
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  for (const theme of ['dark', 'light'] as const) {
    await workbench.theme(theme);
    for (const [name, scene] of Object.entries(scenes)) {
      const to = join(media, `${name}-${theme}.webp`);
      const png = await workbench.page.screenshot({ clip: await scene(workbench) });
      await writeFile(to, await webp(session, png));
      console.log(to);
    }
    // The editor saves by itself: the next theme finds the note as it was.
    await workbench.press('Escape', 'Shift+Home', 'Delete');
  }
} finally {
  await session.stop();
  await folder.remove();
}
