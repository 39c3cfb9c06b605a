import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths.ts';
import { placeOf } from '../harness/place.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import { themeKinds } from '../harness/themes.ts';
import type { Hover, Workbench } from '../harness/workbench.ts';

const unet = 'glide/unet.py';
const attention = { after: 'class QKVAttention', within: 'def forward', word: 'forward' };

/** VS Code clips wider pictures. */
const widest = 600;

function svgOf(hover: Hover): string {
  const data = hover.images[0]?.src ?? '';
  assert.match(data, /^data:image\/svg\+xml;base64,/);
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64').toString('utf8');
}

describe('hover in the workbench', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder(join(repoRoot, 'samples'));
    session = await Session.start();
    workbench = await session.open({ folder: folder.path });
    await workbench.openFile(unet);
  });
  after(async () => {
    await session?.stop();
    await folder?.remove();
  });

  async function hoverAt(
    search: Parameters<typeof placeOf>[1],
    timeout?: number,
  ): Promise<Hover | undefined> {
    const { line, column } = placeOf(await readFile(join(folder.path, unet), 'utf8'), search);
    return workbench.hoverAt(line, column, timeout);
  }

  it('shows title, exercise and crisp pictures that fit', async () => {
    const hover = await hoverAt(attention);
    assert.ok(hover, 'a card opens');
    assert.match(hover.text, /GLIDE/);
    assert.match(hover.text, /6\.5/);
    assert.ok(hover.images.length >= 2, 'equations and symbols are pictures');
    for (const image of hover.images) {
      assert.ok(image.naturalWidth > 0, `${image.alt} is drawn`);
      assert.ok(image.width <= widest, `${image.alt} is ${image.width} px wide`);
      assert.notEqual(image.alt.trim(), '', 'every picture has a text alternative');
    }
  });

  it('shows the callee over a call', async () => {
    const hover = await hoverAt({ within: 'self.attention(qkv', word: 'attention' });
    assert.match(hover?.text ?? '', /6\.5/);
  });

  it('shows the symbol over a variable', async () => {
    const hover = await hoverAt({ within: 'weight = th.einsum', word: 'weight' });
    assert.match(hover?.text ?? '', /attention weights/);
  });

  it('is silent over an unknown forward', async () => {
    assert.equal(
      await hoverAt({ after: 'class Upsample', within: 'def forward', word: 'forward' }, 4000),
      undefined,
    );
  });

  it('opens by keyboard', async () => {
    const { line, column } = placeOf(await readFile(join(folder.path, unet), 'utf8'), attention);
    const hover = await workbench.hoverByKeyboard(line, column);
    assert.match(hover?.text ?? '', /6\.5/);
  });

  it('draws its pictures in the colours of each kind of theme', async () => {
    const drawn = new Map<string, string>();
    for (const kind of themeKinds) {
      await workbench.theme(kind);
      const hover = await hoverAt(attention);
      assert.ok(hover, `a card opens in ${kind}`);
      const svg = svgOf(hover);
      assert.doesNotMatch(svg, /currentColor/, 'a picture cannot ask for the colour of its surroundings');
      drawn.set(kind, svg);
    }
    assert.notEqual(drawn.get('dark'), drawn.get('light'));
    assert.notEqual(drawn.get('hc-dark'), drawn.get('hc-light'));
    await workbench.theme('dark');
  });

  it('mutes a card from the card', async () => {
    const hover = await hoverAt(attention);
    assert.ok(hover, 'a card opens');
    await workbench.hover.locator('a[title="Mute this card"]').click();
    // The workbench writes the setting, the extension hears of it: only then is the hover gone.
    const deadline = Date.now() + 15_000;
    let gone = false;
    while (!gone && Date.now() < deadline) gone = (await hoverAt(attention, 2500)) === undefined;
    assert.ok(gone, 'the card is muted');
    await workbench.runCommand('Equation Lens: Show Muted Cards Again…');
    await workbench.pick('glide.QKVAttention.forward');
    await workbench.press('Enter');
    assert.match((await hoverAt(attention))?.text ?? '', /6\.5/);
  });
});

describe('hover in the web extension host', () => {
  it('shows the same card', async () => {
    const folder = await temporaryFolder(join(repoRoot, 'samples'));
    const session = await Session.start({ webHost: true });
    try {
      const workbench = await session.open({ folder: folder.path });
      await workbench.openFile(unet);
      const { line, column } = placeOf(await readFile(join(folder.path, unet), 'utf8'), attention);
      const hover = await workbench.hoverAt(line, column, 30_000);
      assert.match(hover?.text ?? '', /6\.5/);
      assert.ok(hover?.images.every(image => image.naturalWidth > 0));
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});

describe('hover under a Japanese display language', () => {
  it('speaks Japanese', async () => {
    const folder = await temporaryFolder(join(repoRoot, 'samples'));
    const session = await Session.start({ locale: 'ja' });
    try {
      const workbench = await session.open({ folder: folder.path });
      await workbench.openFile(unet);
      const { line, column } = placeOf(await readFile(join(folder.path, unet), 'utf8'), attention);
      const hover = await workbench.hoverAt(line, column);
      assert.match(hover?.text ?? '', /演習問題 6\.5/);
      assert.match(hover?.images[0]?.alt ?? '', /転置/);
      await workbench.hover.locator('a[title="LaTeX をコピー"]').waitFor();
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});

describe('hover in a workspace that is not trusted', () => {
  it('shows the card of the built-in packs', async () => {
    const folder = await temporaryFolder(join(repoRoot, 'samples'));
    const session = await Session.start({
      workspaceTrust: true,
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
        'security.workspace.trust.untrustedFiles': 'open',
      },
    });
    try {
      const workbench = await session.open({ folder: folder.path });
      await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      await workbench.openFile(unet);
      const { line, column } = placeOf(await readFile(join(folder.path, unet), 'utf8'), attention);
      assert.match((await workbench.hoverAt(line, column))?.text ?? '', /6\.5/);
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});
