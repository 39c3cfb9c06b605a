import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import { themeKinds } from '../harness/themes.ts';
import type { Workbench } from '../harness/workbench.ts';

describe('Explain this block', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let workbench: Workbench;
  let panel: Frame;

  before(async () => {
    folder = await temporaryFolder(join(repoRoot, 'samples'));
    session = await Session.start({ viewport: { width: 1500, height: 1000 } });
    workbench = await session.open({ folder: folder.path });
    await workbench.openFile('glide/unet.py');
    await workbench.codeLenses();
    await workbench.goTo(117, 10);
    await workbench.press('Shift+Alt+E');
    panel = await workbench.webview('.katex');
  });
  after(async () => {
    await session?.stop();
    await folder?.remove();
  });

  const text = async () => (await panel.locator('body').allInnerTexts()).join();
  const shows = (pattern: RegExp) => poll(`${pattern} in the panel`, async () => pattern.test(await text()));

  const seriousViolations = () =>
    panel.evaluate(async () => {
      const runner = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations } = await runner.run(document, { resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
    });

  it('opens beside the code with title, exercise, code and steps', async () => {
    await shows(/QKV attention with text keys/);
    await shows(/Exercise 6\.5/);
    await shows(/weight = th\.einsum/);
    await shows(/scaled scores/);
  });

  it('keeps KaTeX’s MathML for screen readers', async () => {
    assert.ok((await panel.evaluate(() => document.querySelectorAll('.katex-mathml math').length)) > 2);
  });

  it('draws its equations in KaTeX’s own fonts', async () => {
    await poll('the fonts', () =>
      panel.evaluate(() => {
        const loaded = [...document.fonts]
          .filter(({ status }) => status === 'loaded')
          .map(({ family }) => family);
        return ['KaTeX_Main', 'KaTeX_Math'].every(name => loaded.some(family => family.includes(name)));
      }),
    );
  });

  it('follows what is typed into the editor', async () => {
    const path = join(folder.path, 'glide', 'unet.py');
    const source = await readFile(path, 'utf8');
    await writeFile(path, source.replace('# Half of the root', '# One half of the root'));
    await shows(/# One half of the root/);
    await writeFile(path, source);
    await shows(/# Half of the root/);
  });

  it('switches its language in place', async () => {
    await panel.evaluate(() => {
      const control = [...document.querySelectorAll<HTMLElement>('*')].find(
        element => element.childElementCount === 0 && element.textContent?.trim() === '日本語',
      );
      control?.click();
    });
    await shows(/演習問題 6\.5/);
    await panel.evaluate(() => {
      const control = [...document.querySelectorAll<HTMLElement>('*')].find(
        element => element.childElementCount === 0 && element.textContent?.trim() === 'English',
      );
      control?.click();
    });
    await shows(/Exercise 6\.5/);
  });

  /** Ground and text of the toolkit's dropdown, beside what the theme says of dropdowns. */
  const dropdownColours = () =>
    panel.evaluate(() => {
      const dropdown = document.querySelector('vscode-dropdown');
      if (!dropdown?.shadowRoot) throw new Error('there is no dropdown');
      const probe = document.body.appendChild(document.createElement('div'));
      probe.style.background = 'var(--vscode-dropdown-background)';
      probe.style.color = 'var(--vscode-foreground)';
      const [shown, themes] = [dropdown, probe].map(it => {
        const { backgroundColor, color } = getComputedStyle(it);
        return { backgroundColor, color };
      });
      probe.remove();
      return { shown, themes };
    });

  it('has nothing serious for axe-core in any kind of theme', async () => {
    await panel.evaluate(axe.source);
    // The workbench paints behind the page; axe would take the transparent page for white.
    await panel.evaluate(() => {
      document.body.style.background = 'var(--vscode-editor-background)';
    });
    for (const kind of themeKinds) {
      await workbench.theme(kind);
      await poll(`${kind} in the panel`, () =>
        panel.evaluate(
          wanted => document.body.dataset.vscodeThemeKind === wanted,
          {
            dark: 'vscode-dark',
            light: 'vscode-light',
            'hc-dark': 'vscode-high-contrast',
            'hc-light': 'vscode-high-contrast-light',
          }[kind],
        ),
      );
      // The toolkit's own parts follow a moment later.
      let violations = await seriousViolations();
      for (let round = 0; round < 10 && violations.length > 0; round++) {
        await new Promise(resolve => setTimeout(resolve, 300));
        violations = await seriousViolations();
      }
      assert.deepEqual(violations, [], kind);
      const { shown, themes } = await dropdownColours();
      assert.deepEqual(shown, themes, kind);
    }
    await workbench.theme('dark');
  });

  it('opens again with the window, from where it was', async () => {
    // With the entry in the panel's own state.
    await workbench.stored('glide.QKVAttention.forward');
    await workbench.page.reload();
    await workbench.ready();
    // A whole workbench and its extension host start again before the panel can come back.
    panel = await workbench.webview('.katex', 60_000);
    await shows(/QKV attention with text keys/);
  });
});
