import { strict as assert } from 'node:assert';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import type { Snapshot } from '../../src/core/protocol.ts';
import { firstPage } from '../../webview/firstPage.tsx';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session, type SessionOptions } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';

const unet = 'glide/unet.py';
/** A copy of the fixture: its class has several functions with an equation. */
const model = 'clone/src/open_clip/model.py';
/** Lines of `QKVAttention.forward` in the samples, 1-based. */
const lines = { class: 98, split: 110, softmax: 118 };

/** How long a panel may take on a busy machine. */
const PATIENCE = 60_000;

const count = (panel: Frame, selector: string) => panel.locator(selector).count();
const textOf = (panel: Frame, selector: string) =>
  panel
    .locator(selector)
    .allTextContents()
    .then(texts => texts.join(' '));

function untilText(panel: Frame, selector: string, wanted: RegExp): Promise<string> {
  return poll(
    `${wanted} in ${selector}`,
    async () => {
      const text = await textOf(panel, selector).catch(() => '');
      return wanted.test(text) ? text : undefined;
    },
    PATIENCE,
  );
}

async function start(options: SessionOptions = {}) {
  const folder = await temporaryFolder(join(repoRoot, 'samples'));
  await cp(join(repoRoot, 'test/fixtures/torch/open_clip'), join(folder.path, 'clone'), { recursive: true });
  const session = await Session.start({ viewport: { width: 1500, height: 1000 }, ...options });
  return { folder, session };
}

describe('the panel in hand', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let workbench: Workbench;
  let panel: Frame;

  before(async () => {
    ({ folder, session } = await start());
    workbench = await session.open({ folder: folder.path });
    await workbench.openFile(unet);
    await workbench.codeLenses();
    // Five lines: the first two steps.
    await workbench.goTo(lines.split, 9);
    await workbench.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await workbench.press('Shift+Alt+E');
    panel = await workbench.webview('.katex', PATIENCE);
    await untilText(panel, '.verdict', /screen = equation/);
    await untilText(panel, '.backend', /WASM/);
  });
  after(async () => {
    await session?.stop();
    await folder?.remove();
  });

  const cell = (row: number, column: number, rows: number, columns: number) =>
    panel
      .locator('.step-card')
      .nth(3)
      .locator('.thumbnail canvas')
      .first()
      .evaluate(
        (canvas, at) => {
          const box = canvas.getBoundingClientRect();
          const clientX = box.left + ((at.column + 0.5) / at.columns) * box.width;
          const clientY = box.top + ((at.row + 0.5) / at.rows) * box.height;
          canvas.dispatchEvent(new MouseEvent('click', { clientX, clientY, bubbles: true }));
        },
        { row, column, rows, columns },
      );
  const menuItem = async (menu: string, item: string) => {
    await panel.locator(`${menu} summary`).first().click();
    await panel.locator(`${menu}[open] button`, { hasText: item }).click();
  };

  it('has the steps in focus that the selection touches', async () => {
    await poll('the focused steps', async () => {
      const pressed = await panel.locator('.step-card.selected .step-number').allTextContents();
      return pressed.join() === '1,2';
    });
  });

  it('shows the tensors of every step beside its equation', async () => {
    const cards = panel.locator('.step-card');
    assert.equal(await cards.count(), 5);
    for (const card of await cards.all()) assert.ok((await card.locator('.thumbnail').count()) > 0);
  });

  it('lights up row, symbol and line together for a cell that is clicked', async () => {
    // The sample's one bright cell: the query of place 2 reads caption token 1.
    await cell(2, 1, 5, 8);
    await poll('the step of the cell', async () => {
      const steps = await panel.locator('.code .line.selected').allTextContents();
      return steps.length === 1 && steps[0]?.includes('th.softmax(weight');
    });
    const symbol = await panel.evaluate(() => document.documentElement.dataset.symbol);
    const lit = await textOf(panel, `.step-card .el-symbol-${symbol}`);
    assert.match(lit, /A/);
    assert.ok((await count(panel, `.code .el-symbol-${symbol}`)) > 0, 'the symbol in the code');
    assert.match(await textOf(panel, '[id="tensor-softmax-weight"] .value'), /\[0, 2, 1\] = /);
    assert.ok((await count(panel, '[id="tensor-softmax-weight"] .bars rect')) === 8, 'the row as bars');
    const highlight = workbench.page.locator('.view-overlays .cdr[class*="ced-"]');
    await poll('the line in the editor', async () => (await highlight.count()) > 0);
    await cell(2, 1, 5, 8);
    await poll('the light to go out', async () => {
      return (await panel.evaluate(() => document.documentElement.dataset.symbol)) === '';
    });
  });

  it('names axes by their symbols, only where they hold', async () => {
    assert.match(
      await textOf(panel, '[id="tensor-softmax-weight"] .shape'),
      /\[B·H, T, S\+T\] = \[1, 5, 8\]/,
    );
    // Before the caption is put in front, k is not S+T long.
    assert.doesNotMatch(await textOf(panel, '[id="tensor-split-k"] .axes'), /S\+T/);
  });

  it('copies a card and the picture of a tensor', async () => {
    await menuItem('.step-card .menu', 'PNG');
    await untilText(panel, '.notice', /Copied/);
    const types = await workbench.page.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap(item => [...item.types]),
    );
    assert.deepEqual(types, ['image/png']);
    await menuItem('[id="tensor-softmax-weight"] .menu', 'Copy picture as SVG');
    await poll('the SVG on the clipboard', async () => {
      const text = await workbench.page.evaluate(() => navigator.clipboard.readText()).catch(() => '');
      return text.startsWith('<svg') && text.includes('S+T = 8');
    });
  });

  it('puts the reference module beside the code, with the same steps', async () => {
    await panel.getByText('Compare with the reference module').click();
    await poll('the reference module', async () => (await count(panel, '.mini-code .code .line')) > 5);
    const numbers = await panel.locator('.mini-code .step-number[aria-pressed]').allTextContents();
    assert.deepEqual(numbers, ['1', '2', '3', '4', '5']);
    await panel.getByText('Hide the reference module').click();
  });

  it('holds its own against upstream’s numbers', async () => {
    await panel.locator('.upstream-check button').click();
    const text = await untilText(panel, '.upstream-check', /your code/);
    assert.match(text, /✓ our mini: \d+ tensors of upstream.*✓ your code: \d+ tensors/s);
  });

  it('does without a bar at the bottom at 320 pixels, for axe-core too', async () => {
    await workbench.page.setViewportSize({ width: 760, height: 900 });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await poll('a narrow panel', () => panel.evaluate(() => document.body.clientWidth < 420));
    await panel.evaluate(() => {
      document.body.style.width = '320px';
      document.body.style.background = 'var(--vscode-editor-background)';
    });
    const wide = await panel.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          'main, .columns > *, .card, .step-run, .controls, .panel-header',
        ),
      ]
        .filter(element => element.getBoundingClientRect().right > 321)
        .map(element => element.className),
    );
    assert.deepEqual(wide, []);
    await panel.evaluate(axe.source);
    const serious = await panel.evaluate(async () => {
      const runner = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations } = await runner.run(document, { resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
    });
    assert.deepEqual(serious, []);
    await panel.evaluate(() => {
      document.body.style.width = '';
    });
    await workbench.page.setViewportSize({ width: 1500, height: 1000 });
  });

  it('says that the code is not recognised any more while it is nonsense, and comes back', async () => {
    const path = join(folder.path, unet);
    const source = await readFile(path, 'utf8');
    await writeFile(
      path,
      source.replace('class QKVAttention', 'class Nonsense(((').replace('softmax', 'hard'),
    );
    await untilText(panel, '.summary.note', /no longer/);
    assert.ok((await count(panel, '.step-card .katex')) > 0);
    await writeFile(path, source);
    await untilText(panel, '.verdict', /screen = equation/);
    await poll('the note to go', async () => (await count(panel, '.summary.note')) === 0);
  });

  it('takes the first function with an equation where a whole file is selected', async () => {
    await workbench.openFile('open_clip/loss.py');
    await workbench.press('Control+A', 'Shift+Alt+E');
    await workbench.webview('main[data-entry="open_clip.ClipLoss.forward"]', PATIENCE);
  });

  it('explains the main function of a class and lists the others', async () => {
    const source = await readFile(join(folder.path, model), 'utf8');
    await workbench.openFile(model);
    await workbench.goTo(source.slice(0, source.indexOf('class CLIP(')).split('\n').length, 8);
    await workbench.press('Shift+Alt+E');
    const clip = await workbench.webview('main[data-entry="open_clip.CLIP.forward"]', PATIENCE);
    await untilText(clip, '.siblings', /encode_text/);
    await clip.locator('.siblings button', { hasText: 'encode_text' }).click();
    await workbench.webview('main[data-entry="open_clip.CLIP.encode_text"]', PATIENCE);
  });
});

/** The built extension with files of its `dist/` missing. */
async function extensionWithout(...gone: string[]): Promise<TemporaryFolder> {
  const extension = await temporaryFolder();
  for (const name of ['package.json', 'package.nls.json', 'package.nls.ja.json'])
    await cp(join(repoRoot, name), join(extension.path, name));
  for (const name of ['l10n', 'media', 'snippets', 'dist'])
    await cp(join(repoRoot, name), join(extension.path, name), { recursive: true });
  for (const name of gone) await rm(join(extension.path, 'dist', name));
  return extension;
}

describe('the panel without', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let extension: TemporaryFolder | undefined;
  afterEach(async () => {
    await session?.stop();
    await folder?.remove();
    await extension?.remove();
    extension = undefined;
  });

  async function explain(): Promise<Frame> {
    const workbench = await session.open({
      folder: folder.path,
      ...(extension ? { extension: extension.path } : {}),
    });
    await workbench.openFile(unet);
    await workbench.codeLenses();
    await workbench.goTo(lines.softmax, 10);
    await workbench.press('Shift+Alt+E');
    return workbench.webview('.katex', PATIENCE);
  }

  it('onnxruntime-web says so, and goes on with our own kernels', async () => {
    ({ folder, session } = await start());
    extension = await extensionWithout(
      'ort-wasm-simd-threaded.asyncify.wasm.gz',
      'ort-wasm-simd-threaded.jspi.wasm.gz',
    );
    const panel = await explain();
    await untilText(panel, '.backend', /TypeScript.*onnxruntime-web could not be loaded/);
    await untilText(panel, '.verdict', /screen = equation/);
    await poll('the run to end', async () => (await count(panel, '.run[aria-busy="false"]')) === 1);
  });

  it('a browser that can suspend WebAssembly runs on the other build of onnxruntime-web', async () => {
    ({ folder, session } = await start({ initScript: 'delete WebAssembly.Suspending' }));
    extension = await extensionWithout('ort-wasm-simd-threaded.jspi.wasm.gz');
    const panel = await explain();
    await untilText(panel, '.backend', /WASM/);
    await untilText(panel, '.verdict', /screen = equation/);
  });

  it('its script, or before it, explains all the same', async () => {
    ({ folder, session } = await start());
    extension = await extensionWithout('webview/showPanel.js');
    const panel = await explain();
    await poll('the page to be shown', async () => panel.locator('.step-card').first().isVisible());
    assert.equal(await count(panel, '.step-card.selected'), 1);
    assert.ok((await count(panel, '.step-card .katex-mathml')) > 3);
  });

  it('its tracer has taken over what was drawn, to the letter', async () => {
    ({ folder, session } = await start());
    extension = await extensionWithout('webview/tracer.js');
    const panel = await explain();
    // Alive: nothing but the panel's script tells that there is no tracer.
    await untilText(panel, '.run-status', /tracer\.js/);
    const snapshot = JSON.parse((await textOf(panel, '#snapshot')) || 'null') as Snapshot;
    const drawn = firstPage(snapshot);
    const [now, before] = await panel.evaluate(html => {
      const page = new DOMParser().parseFromString(html, 'text/html');
      return [document, page].map(it =>
        ['.panel-header h1', '.place', '.summary', '.code', '.steps', '.controls label'].map(selector =>
          [...it.querySelectorAll(selector)].map(part => part.outerHTML.replace(/ (tabindex)="[^"]*"/g, '')),
        ),
      ) as [string[][], string[][]];
    }, drawn);
    assert.deepEqual(now.slice(0, 5), before.slice(0, 5));
    assert.equal(now[5]?.length, before[5]?.length);
    assert.ok(now[4]?.join('').includes('<math'));
  });

  it('its page drawn beforehand draws it by itself', async () => {
    ({ folder, session } = await start());
    extension = await extensionWithout('lazy/firstPage.cjs');
    const panel = await explain();
    await untilText(panel, '.verdict', /screen = equation/);
  });
});
