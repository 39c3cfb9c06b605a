import { strict as assert } from 'node:assert';
import type { Frame } from 'playwright-core';
import { gateCode, gateFiles, gatePack } from '../harness/gate.ts';
import { placeOf } from '../harness/place.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';
import { writeFiles } from '../harness/writeFiles.ts';

const def = placeOf(gateCode, { within: 'def forward', word: 'forward' });

describe('packs of the reader in the panel', () => {
  let session: Session;
  let folder: TemporaryFolder;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryFolder();
    await writeFiles(folder.path, gateFiles());
    session = await Session.start({ viewport: { width: 1500, height: 1000 } });
    workbench = await session.open({ folder: folder.path });
    await workbench.configure({ 'equationLens.packs': ['python'] });
    await workbench.openFile('gate.py');
  });
  after(async () => {
    await session?.stop();
    await folder?.remove();
  });

  let panel: Frame;
  const text = async () => (await panel.locator('body').allInnerTexts()).join();
  const shows = (pattern: RegExp) =>
    poll(`${pattern} in the panel`, async () => pattern.test(await text()), 60_000);

  it('run a Python mini of their own beside the code', async () => {
    assert.match((await workbench.hoverAt(def.line, def.column))?.text ?? '', /Leaky gate/);
    await workbench.goTo(def.line, def.column);
    await workbench.press('Shift+Alt+E');
    panel = await workbench.webview('.run');
    await shows(/screen = equation/);
    await shows(/your mini/);
    assert.doesNotMatch(await text(), /Upstream check/, 'nobody has numbers of upstream for it');
  });

  it('run again when the mini is edited, and tell at which step it departs', async () => {
    const { 'python/mini/gate.py': mini } = gateFiles();
    await writeFiles(folder.path, {
      'python/mini/gate.py': String(mini).replace('1 - self.leak', '2 - self.leak'),
    });
    await shows(/departs from the equation first at step 2/);
    await writeFiles(folder.path, { 'python/mini/gate.py': String(mini) });
    await shows(/screen = equation/);
  });

  it('run an ONNX file as their mini, with the weights that it holds', async () => {
    await workbench.configure({ 'equationLens.packs': ['onnx'] });
    await poll('the panel without Python', async () => !(await text()).includes('Reference module'));
    await shows(/screen = equation/);
    await shows(/kept/);
  });

  it('say in a sentence why an ONNX file cannot be run, and run the code all the same', async () => {
    await writeFiles(folder.path, { 'onnx/gate.onnx': 'this is no model' });
    await shows(/gate\.onnx is no ONNX file\./);
    assert.match(await text(), /openness/);
  });

  it('run from the code alone', async () => {
    await workbench.configure({ 'equationLens.packs': ['screen'] });
    await poll('nothing said of ONNX', async () => !/no ONNX file/.test(await text()));
    await shows(/openness[\s\S]*kept/);
    assert.doesNotMatch(await text(), /screen = equation/);
  });
});

/** Where everything that gets through would go. */
const CANARY = 'http://canary.invalid';
const script = 'window.top.canary = window.canary = true';
const attacks = [
  `<img src="${CANARY}/img" onerror="${script}">`,
  `<script>${script}</script>`,
  `<svg onload="${script}"><image href="${CANARY}/svg"/></svg>`,
  `![picture](${CANARY}/markdown.png)`,
  `[link](command:workbench.action.closeWindow)`,
  `<iframe srcdoc="<script>${script}</script>"></iframe>`,
  `<style>@import url(${CANARY}/style.css);</style>`,
];
const hostile = attacks.join(' ');
const yaml = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A pack whose every text attacks; its TeX is such that no check refuses it. */
const hostilePack = gatePack('', `y = \\text{${attacks[0]?.replaceAll('"', '')}} + k u`)
  .replaceAll('mine', 'bad')
  .replace(/summary: \{.*\}/, () => `summary: {en: ${yaml(hostile)}, ja: ${yaml(hostile)}}`)
  .replace(/spoken: \{.*\}/, () => `spoken: {en: ${yaml(`"${hostile}`)}, ja: ${yaml(hostile)}}`)
  .replace(/text: \{en: The state.*\}/, () => `text: {en: ${yaml(hostile)}, ja: ${yaml(hostile)}}`)
  .replace(
    /title: \{en: Leaky.*\}/,
    () => `title: {en: ${yaml(`Leaky gate ${hostile}`)}, ja: ${yaml(hostile)}}`,
  )
  .replace(/title: \{en: My gates.*\}/, () => `title: {en: ${yaml(hostile)}, ja: ${yaml(hostile)}}`)
  .replaceAll(/meaning: \{.*\}\}/g, () => `meaning: {en: ${yaml(hostile)}, ja: ${yaml(hostile)}}}`)
  .replaceAll(/label: \{en: (How|What).*\}/g, () => `label: {en: ${yaml(hostile)}, ja: ${yaml(hostile)}}`);

const texAttacks = [
  '\\href{javascript:alert(1)}{y}',
  `\\includegraphics{${CANARY}/tex.png}`,
  '\\def\\x{\\x\\x}\\x',
  `\\htmlData{x=1}{y}`,
];

const hostileNote = `# ${hostile}

### Exercise 4.2 ${hostile}
The file is [here](https://github.com/example/gates/blob/abc1234/other.py). The \`forward\` method of the \`OtherGate\` class: ${hostile}

${attacks.join('\n\n')}

${texAttacks.map(tex => `$$\n${tex}\n$$`).join('\n\n')}

$$
y = \\text{${attacks[0]?.replaceAll('"', '')}}
$$

\`\`\`python
    def forward(self, state, update):
        openness = torch.sigmoid(self.scale * state)
        kept = self.leak + (1 - self.leak) * openness
        return state + kept * update
\`\`\`
`;

describe('hostile packs and notes', () => {
  it('make no request and run no script, in hovers and in the panel', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder.path, {
      'gate.py': gateCode,
      'other.py': gateCode.replaceAll('LeakyGate', 'OtherGate'),
      'packs/hostile.lens.yaml': hostilePack,
      ...Object.fromEntries(
        texAttacks.map((tex, index) => [
          `packs/tex${index}.lens.yaml`,
          gatePack('', tex).replaceAll('mine', `tex${index}`),
        ]),
      ),
      'notes.md': hostileNote,
    });
    const session = await Session.start({ viewport: { width: 1500, height: 1000 } });
    try {
      const page = await session.newPage();
      const asked: string[] = [];
      page.context().on('request', request => asked.push(request.url()));
      await page.close();
      const workbench = await session.open({ folder: folder.path });
      await workbench.configure({ 'equationLens.packs': ['packs'], 'equationLens.solutions': ['notes.md'] });

      await workbench.openFile('gate.py');
      const hover = await workbench.hoverAt(def.line, def.column, 30_000);
      assert.match(hover?.text ?? '', /Leaky gate/);
      assert.ok(
        hover?.images.every(image => image.src.startsWith('data:image/svg+xml')),
        'only pictures that we drew',
      );
      assert.ok(
        hover?.links.every(link => !link.href.includes('canary') && !link.href.includes('closeWindow')),
      );
      await workbench.goTo(def.line, def.column);
      await workbench.press('Shift+Alt+E');
      const panel = await workbench.webview('.run');
      await poll('the run in the panel', async () =>
        (await panel.locator('body').allInnerTexts()).join().includes('openness'),
      );

      await workbench.openFile('other.py');
      const other = await workbench.hoverAt(def.line, def.column, 30_000);
      assert.match(other?.text ?? '', /notes\.md/);
      assert.ok(other?.images.every(image => image.src.startsWith('data:image/svg+xml')));
      await workbench.goTo(def.line, def.column);
      await workbench.press('Shift+Alt+E');
      await poll('the second panel', async () => {
        for (const frame of workbench.page.frames()) {
          const body = await frame
            .locator('main')
            .allInnerTexts()
            .catch(() => []);
          if (body.join().includes('OtherGate')) return true;
        }
        return false;
      });

      for (const frame of workbench.page.frames()) {
        const ran = await frame
          .evaluate(() => 'canary' in globalThis || document.querySelector('img[onerror], [onload]') !== null)
          .catch(() => false);
        assert.equal(ran, false, `a script ran in ${frame.url().slice(0, 80)}`);
      }
      const left = asked.filter(url => url.includes('canary'));
      assert.deepEqual(left, [], 'nothing a pack names is fetched');
      assert.ok(
        asked.some(url => url.includes('/webview/panel.js')),
        'the listener hears the page',
      );
      const problems = await poll('the problems', async () => {
        const rows = await workbench.problems();
        return rows.some(row => row.includes('href')) ? rows : undefined;
      });
      assert.ok(problems.length >= texAttacks.length);
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});

describe('packs and solutions in a workspace that is not trusted', () => {
  it('are off, and said to be; the cards of the built-in packs stay', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder.path, {
      ...gateFiles(),
      '.vscode/settings.json': JSON.stringify({
        'equationLens.packs': ['python'],
        'equationLens.solutions': ['*.md'],
      }),
    });
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
      await workbench.openFile('gate.py');
      await poll('the notice', async () =>
        (await workbench.notifications()).some(it => /off until you trust this workspace/.test(it)),
      );
      assert.equal(await workbench.hoverAt(def.line, def.column, 5000), undefined);
    } finally {
      await session.stop();
      await folder.remove();
    }
  });
});
