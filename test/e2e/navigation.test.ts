import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';

describe('ways to an equation, by keyboard', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder(join(repoRoot, 'samples'));
    session = await Session.start();
    workbench = await session.open({ folder: folder.path });
    await workbench.openFile('glide/unet.py');
  });
  after(async () => {
    await session?.stop();
    await folder?.remove();
  });

  it('a CodeLens stands above a recognised function', async () => {
    await workbench.goTo(105, 10);
    const lenses = await poll('the CodeLens of QKV attention', async () => {
      const titles = await workbench.codeLenses();
      return titles.some(title => title.includes('QKV attention')) ? titles : undefined;
    });
    assert.ok(lenses.some(title => /QKV attention.*6\.5/.test(title)));
  });

  it('the status bar and the step numbers follow the cursor', async () => {
    await workbench.goTo(117, 10);
    const status = workbench.page.locator('.statusbar-item', { hasText: '∑ QKV attention' });
    await status.waitFor();
    await workbench.goTo(124, 6);
    await status.waitFor({ state: 'hidden' });
  });

  it('Go to Equation… finds by title and opens the code', async () => {
    await workbench.runCommand('Equation Lens: Go to Equation…');
    await workbench.pick('Symmetric contrastive loss of CLIP');
    await workbench.editor('loss.py');
  });

  it('Go to Equation… finds by a Japanese title, by TeX and by a symbol of the code', async () => {
    for (const [typed, found] of [
      ['タイムステップの正弦波', 'timestep embedding'],
      ['logits_per_text', 'contrastive loss'],
      ['\\odot', 'scale and shift'],
    ] as const) {
      await workbench.runCommand('Equation Lens: Go to Equation…');
      await workbench.page.locator('.quick-input-widget .quick-input-box input').fill(typed);
      await poll(`${found} for ${typed}`, async () => {
        const rows = await workbench.quickPickRows();
        return rows.some(row => row.includes(found));
      });
      await workbench.closeQuickPick();
    }
  });

  it('the Equation Atlas lists the exercises in a book’s order', async () => {
    await workbench.runCommand('Explorer: Focus on Equation Atlas View');
    const rows = workbench.page.locator('.pane', { hasText: 'Equation Atlas' }).locator('.monaco-list-row');
    const exercises = await poll('the exercises', async () => {
      const labels = (await rows.allInnerTexts()).flatMap(text => /6\.\d+/.exec(text) ?? []);
      return labels.length > 3 ? labels : undefined;
    });
    const numbers = exercises.map(exercise => Number(exercise.split('.')[1]));
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });
});
