import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Frame, Page, Worker } from 'playwright-core';
import { repoRoot } from '../harness/paths.ts';
import { placeOf } from '../harness/place.ts';
import { poll } from '../harness/poll.ts';
import { Session, type SessionOptions } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';

const unet = 'glide/unet.py';

interface Opened {
  readonly session: Session;
  readonly folder: TemporaryFolder;
  readonly panel: Frame;
}

/** The panel on QKV attention, in a window of its own. */
async function openPanel(options: SessionOptions): Promise<Opened> {
  const folder = await temporaryFolder(join(repoRoot, 'samples'));
  const session = await Session.start({ viewport: { width: 1500, height: 1000 }, ...options });
  const workbench = await session.open({ folder: folder.path });
  keepDevices(workbench.page);
  await workbench.openFile(unet);
  await workbench.codeLenses();
  await workbench.goTo(117, 10);
  await workbench.press('Shift+Alt+E');
  return { session, folder, panel: await workbench.webview('.katex') };
}

/** Loses the GPU devices of a worker, as a driver that resets does. */
async function loseDevices(worker: Worker): Promise<number> {
  return worker
    .evaluate(() => {
      const { devices } = self as unknown as { devices?: { destroy(): void }[] };
      for (const device of devices ?? []) device.destroy();
      return devices?.length ?? 0;
    })
    .catch(() => 0);
}

/** Keeps the devices that the workers of a page ask for, for `loseDevices`. */
function keepDevices(page: Page): void {
  page.on('worker', worker => {
    void worker
      .evaluate(() => {
        interface Adapter {
          requestDevice(...wanted: unknown[]): Promise<{ destroy(): void }>;
        }
        const scope = self as unknown as {
          devices?: { destroy(): void }[];
          GPUAdapter?: { prototype: Adapter };
        };
        const adapter = scope.GPUAdapter?.prototype;
        if (!adapter) return;
        const original = adapter.requestDevice;
        adapter.requestDevice = async function (...wanted) {
          const device = await original.apply(this, wanted);
          scope.devices = [...(scope.devices ?? []), device];
          return device;
        };
      })
      .catch(() => undefined);
  });
}

const badge = (panel: Frame) =>
  panel
    .locator('.backend')
    .first()
    .textContent({ timeout: 1000 })
    .catch(() => null);
const verdict = (panel: Frame) =>
  panel
    .locator('.verdict')
    .first()
    .textContent({ timeout: 1000 })
    .catch(() => null);

function untilBadge(panel: Frame, wanted: RegExp): Promise<string> {
  return poll(
    `${wanted} on the badge`,
    async () => {
      const text = (await badge(panel)) ?? '';
      return wanted.test(text) ? text : undefined;
    },
    60_000,
  );
}

function untilVerdict(panel: Frame, wanted: RegExp): Promise<string> {
  return poll(
    `the verdict ${wanted}`,
    async () => {
      const text = (await verdict(panel)) ?? '';
      return wanted.test(text) ? text : undefined;
    },
    60_000,
  );
}

describe('the panel runs the code on screen', () => {
  let opened: Opened;

  before(async () => {
    opened = await openPanel({});
  });
  after(async () => {
    await opened?.session.stop();
    await opened?.folder.remove();
  });

  it('on WASM where WebGPU has no adapter, and says why', async () => {
    const text = await untilBadge(opened.panel, /WASM/);
    assert.match(text, /no adapter|no WebGPU/);
  });

  it('finds that it computes the equation', async () => {
    const text = await untilVerdict(opened.panel, /screen = equation/);
    const difference = Number(/([\d.]+(?:e-\d+)?)\s*$/.exec(text.trim())?.[1]);
    assert.ok(difference < 2e-5, text);
  });

  it('finds a planted bug while it is typed, and that it is gone again', async () => {
    const path = join(opened.folder.path, unet);
    const source = await readFile(path, 'utf8');
    await writeFile(path, source.replace('weight.float(), dim=-1', 'weight.float(), dim=1'));
    await untilVerdict(opened.panel, /departs from the equation.*step 4/s);
    await writeFile(path, source);
    await untilVerdict(opened.panel, /screen = equation/);
  });

  it('names the line that cannot be run', async () => {
    const path = join(opened.folder.path, unet);
    const source = await readFile(path, 'utf8');
    await writeFile(
      path,
      source.replace('        a = th.einsum("bts', '        open("/etc/passwd")\n        a = th.einsum("bts'),
    );
    await untilVerdict(opened.panel, /may not open files.*line 119/s);
    await writeFile(path, source);
    await untilVerdict(opened.panel, /screen = equation/);
  });

  it('has nothing serious for axe-core with its numbers on show', async () => {
    const { panel } = opened;
    await panel.evaluate(axe.source);
    const found = await panel.evaluate(async () => {
      document.body.style.background = 'var(--vscode-editor-background)';
      const runner = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations } = await runner.run(document, { resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
    });
    assert.deepEqual(found, []);
  });
});

describe('the panel on WebGPU', () => {
  it('runs there when told to, with the same verdict', async () => {
    const opened = await openPanel({ webgpu: true, settings: { 'equationLens.run.backend': 'webgpu' } });
    try {
      await untilBadge(opened.panel, /WebGPU/);
      await untilVerdict(opened.panel, /screen = equation/);
    } finally {
      await opened.session.stop();
      await opened.folder.remove();
    }
  });

  it('prefers WASM to a software adapter, and says so', async () => {
    const opened = await openPanel({ webgpu: true });
    try {
      assert.match(await untilBadge(opened.panel, /WASM/), /software/);
    } finally {
      await opened.session.stop();
      await opened.folder.remove();
    }
  });

  it('goes on with WASM when the GPU is lost in the middle, and says so', async () => {
    const opened = await openPanel({ webgpu: true, settings: { 'equationLens.run.backend': 'webgpu' } });
    const { panel, session, folder } = opened;
    try {
      await untilBadge(panel, /WebGPU/);
      await untilVerdict(panel, /screen = equation/);
      let lost = 0;
      for (const worker of panel.page().workers()) lost += await loseDevices(worker);
      assert.ok(lost > 0, 'a device was in use');
      await panel.evaluate(() => {
        const sliders = document.querySelectorAll<HTMLInputElement>('.controls input[type="range"]');
        const slider = [...sliders].at(-2);
        if (!slider) return;
        slider.value = String(Number(slider.value) + 1);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      });
      assert.match(await untilBadge(panel, /WASM/), /The GPU was lost/);
      await untilVerdict(panel, /screen = equation/);
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});

describe('the trained model in the panel', () => {
  it('says what its weights fix, and draws again after a drawing that was cancelled', async () => {
    const folder = await temporaryFolder(join(repoRoot, 'test/fixtures/torch/glide-text2im'));
    const session = await Session.start({ viewport: { width: 1500, height: 1000 } });
    try {
      const file = 'glide_text2im/text2im_model.py';
      const place = placeOf(await readFile(join(folder.path, file), 'utf8'), {
        after: 'class Text2ImUNet',
        within: 'def forward',
        word: 'forward',
      });
      const workbench = await session.open({ folder: folder.path });
      await workbench.openFile(file, place);
      await workbench.codeLenses();
      await workbench.press('Shift+Alt+E');
      const panel = await workbench.webview('.tool-form', 60_000);
      await untilBadge(panel, /WASM/);
      const chooseWeights = (weights: string) =>
        panel.evaluate(wanted => {
          const choice = document.querySelector<HTMLSelectElement>('vscode-dropdown[aria-label="Weights"]');
          if (!choice) throw new Error('there is no choice of weights');
          choice.value = wanted;
          choice.dispatchEvent(new Event('change'));
        }, weights);
      const sliders = () => panel.locator('.controls input[type="range"]').count();
      await chooseWeights('rule');
      await poll('no fixed values', async () => (await panel.locator('.fixed-values').count()) === 0);
      const movable = await sliders();
      await chooseWeights('trained');
      const fixed = panel.locator('.fixed-values', { hasText: 'Fixed by the trained weights: ' });
      await poll('the fixed values', async () => (await fixed.count()) === 1);
      assert.ok((await sliders()) < movable, 'what cannot move is no slider');
      await untilVerdict(panel, /screen = equation/);
      const press = (name: string) =>
        panel.evaluate(wanted => {
          const buttons = [...document.querySelectorAll<HTMLButtonElement>('.tool button')];
          buttons.find(button => button.textContent?.trim() === wanted)?.click();
        }, name);
      const count = (selector: string) => panel.locator(selector).count();
      await press('Draw');
      await poll('a picture on its way', async () => (await count('.tool .picture')) > 0, 60_000, 50);
      await press('Cancel');
      await poll('the drawing to end', async () => (await count('.tool progress')) === 0);
      assert.equal(await panel.locator('.tool', { hasText: 'all right' }).count(), 0, 'it was cut short');
      await press('Draw');
      await poll(
        'the whole picture',
        async () => (await panel.locator('.tool', { hasText: 'all right ✓' }).count()) === 1,
        100_000,
      );
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});
