import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { repoRoot } from '../harness/paths.ts';
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
  await workbench.openFile(unet);
  await workbench.codeLenses();
  await workbench.goTo(117, 10);
  await workbench.press('Shift+Alt+E');
  return { session, folder, panel: await workbench.webview('.katex') };
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
});
