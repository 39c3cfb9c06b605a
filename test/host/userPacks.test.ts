import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { gateCode, gatePack } from '../harness/gate.ts';
import {
  attention,
  folder,
  hoverText,
  openSample,
  type Search,
  until,
  withoutPictures,
  withSetting,
} from './hovers.ts';

const forward: Search = { within: 'def forward', word: 'forward' };

const at = (path: string) => vscode.Uri.joinPath(folder(), path);
const write = (path: string, text: string) =>
  vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));
const remove = (path: string) => vscode.workspace.fs.delete(at(path), { recursive: true });

/** Replaces a part of a document without saving it. */
async function edit(document: vscode.TextDocument, part: string, by: string): Promise<void> {
  const from = document.getText().indexOf(part);
  assert.ok(from >= 0, `${part} is there`);
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(from), document.positionAt(from + part.length));
  change.replace(document.uri, range, by);
  await vscode.workspace.applyEdit(change);
}

const errorsOf = (path: string) =>
  vscode.languages.getDiagnostics(at(path)).filter(it => it.source === 'Equation Lens');

describe('Packs of the reader', () => {
  before(async () => {
    await write('own/gate.py', gateCode);
    await write('own/gate.lens.yaml', gatePack(''));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await remove('own');
  });

  const card = async (good: (text: string) => boolean) =>
    until(async () => withoutPictures(await hoverText(await openSample('own/gate.py'), forward)), good);

  it('show their cards, live while the pack is edited, and are gone with the setting', async () => {
    assert.equal(await hoverText(await openSample('own/gate.py'), forward), '', 'no card before');
    await withSetting('packs', ['own/gate.lens.yaml'], async () => {
      assert.match(await card(it => it.includes('My gates')), /Leaky gate[\s\S]*My gates/);
      const pack = await openSample('own/gate.lens.yaml');
      await edit(pack, 'Leaky gate', 'Gate with a leak');
      assert.match(await card(it => it.includes('with a leak')), /Gate with a leak/);
      assert.ok(pack.isDirty, 'nothing had to be saved');
      await edit(pack, 'Gate with a leak', 'Leaky gate');
      await pack.save();
    });
    assert.equal(await card(it => it === ''), '');
  });

  it('may come as a folder', async () => {
    await withSetting('packs', ['own'], async () => {
      assert.match(await card(it => it.includes('Leaky gate')), /Leaky gate/);
    });
  });

  it('say what is wrong at its line, while the other packs keep working', async () => {
    await write(
      'own/broken.lens.yaml',
      gatePack('').replaceAll('mine', 'other').replace('summary:', 'sumary:'),
    );
    await write(
      'own/hostile.lens.yaml',
      gatePack('', '\\\\href{javascript:alert(1)}{y}'.slice(1)).replaceAll('mine', 'bad'),
    );
    await withSetting('packs', ['own'], async () => {
      const found = await until(
        async () => errorsOf('own/broken.lens.yaml'),
        it => it.length > 1,
      );
      const unknown = found.find(it => it.message.includes('sumary'));
      assert.equal(unknown?.range.start.line, 6);
      assert.match(unknown?.message ?? '', /unknown field/);
      const [refused] = errorsOf('own/hostile.lens.yaml');
      assert.match(refused?.message ?? '', /\\href/);
      assert.match(await card(it => it.includes('Leaky gate')), /Leaky gate/);
      const broken = await openSample('own/broken.lens.yaml');
      await edit(broken, 'sumary:', 'summary:');
      assert.deepEqual(
        await until(
          async () => errorsOf('own/broken.lens.yaml'),
          it => it.length === 0,
        ),
        [],
      );
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await remove('own/hostile.lens.yaml');
    await remove('own/broken.lens.yaml');
  });

  it('may override a built-in entry, which comes back afterwards', async () => {
    const theirs = async (good: (text: string) => boolean) =>
      until(async () => withoutPictures(await hoverText(await openSample('glide/unet.py'), attention)), good);
    const before = await theirs(it => it !== '');
    assert.match(before, /GLIDE/);
    const override = gatePack('')
      .replaceAll('mine.LeakyGate.forward', 'glide.QKVAttention.forward')
      .replace('system: mine', 'system: glide')
      .replace(/title: \{en: Leaky gate[^}]*\}/, 'title: {en: My own attention, ja: 自分の注意}')
      .replace(/ {4}signature:\n(?: {6}.*\n)+/, SIGNATURE)
      .replace(/ {4}steps:\n[\s\S]*$/, '    steps: []\n');
    await write('own/attention.lens.yaml', override);
    try {
      await withSetting('packs', ['own/attention.lens.yaml'], async () => {
        const now = await theirs(it => it.includes('My own'));
        assert.match(now, /My own attention/);
        assert.match(now, /equationLens\.runMini/, 'the built-in mini still runs');
      });
      assert.equal(await theirs(it => it === before), before);
    } finally {
      await remove('own/attention.lens.yaml');
    }
  });

  it('begin with the function under the cursor, and live from the first save', async () => {
    const code = await openSample('own/gate.py');
    const editor = await vscode.window.showTextDocument(code);
    const line = code.getText().slice(0, code.getText().indexOf('openness =')).split('\n').length - 1;
    editor.selection = new vscode.Selection(line, 8, line, 8);
    await vscode.commands.executeCommand('equationLens.newPack');
    const fresh = await until(
      async () => vscode.window.activeTextEditor,
      it => it?.document.uri.path.endsWith('/LeakyGate.lens.yaml') === true,
    );
    assert.ok(fresh);
    const text = fresh.document.getText();
    assert.match(text, /^# yaml-language-server: \$schema=\S+pack\.schema\.json\n/);
    assert.match(text, /parameters: \[state, update\]/);
    assert.match(fresh.document.getText(fresh.selection), /^\\mathrm\{LeakyGate\}/, 'the TeX is selected');
    await fresh.edit(it => it.replace(fresh.selection, 'y = s + k u'));
    try {
      assert.ok(await fresh.document.save());
      const packs = await until(
        async () => vscode.workspace.getConfiguration('equationLens').get<string[]>('packs') ?? [],
        it => it.length > 0,
      );
      assert.deepEqual(packs, ['LeakyGate.lens.yaml']);
      assert.match(await card(it => it.includes('LeakyGate.forward')), /LeakyGate\.forward/);
    } finally {
      await vscode.workspace
        .getConfiguration('equationLens')
        .update('packs', undefined, vscode.ConfigurationTarget.Workspace);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await remove('LeakyGate.lens.yaml');
    }
  });
});

/** What the built-in entry is recognised by, as far as this needs it. */
const SIGNATURE = `    signature:
      kind: method
      name: forward
      class: [QKVAttention]
      path: [glide_text2im/unet.py]
      parameters: [qkv, encoder_kv]
      attributes: [n_heads]
      calls: [reshape, split, cat, sqrt, einsum, softmax, float, type]
      operators: ["//", "*", "/", "%", "is", "not", "=="]
`;

const NOTE = `# Gates

### Exercise 4.2
The file is [here](https://github.com/example/gates/blob/abc1234/own/gate.py).
The \`forward\` method of the \`LeakyGate\` class opens with $g = \\sigma(w s)$:

$$
y = s + \\bigl(\\lambda + (1-\\lambda) g\\bigr) u
$$

\`\`\`python
    def forward(self, state, update):
        openness = torch.sigmoid(self.scale * state)
        kept = self.leak + (1 - self.leak) * openness
        return state + kept * update
\`\`\`

### Exercise 6.5
My own view of attention:

$$
A = \\operatorname{softmax}(K^\\top Q)
$$
`;

describe('Solutions of the reader', () => {
  before(async () => {
    await write('own/gate.py', gateCode);
    await write('own/gates.md', NOTE);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await remove('own');
  });

  const cardOf = (path: string, search: Search, good: (text: string) => boolean) =>
    until(async () => withoutPictures(await hoverText(await openSample(path), search)), good);

  it('hover over the functions they quote, marked with their note, live while it is edited', async () => {
    await withSetting('solutions', ['own/*.md'], async () => {
      const text = await cardOf('own/gate.py', forward, it => it.includes('gates.md'));
      assert.match(text, /gates\.md/);
      assert.match(text, /4\.2/);
      const target = /command:equationLens\.openNote\?([^)\s"]+)/.exec(text)?.[1];
      assert.ok(target, 'a click opens the note');
      const [uri, line] = JSON.parse(decodeURIComponent(target)) as [string, number];
      await vscode.commands.executeCommand('equationLens.openNote', uri, line);
      const shown = vscode.window.activeTextEditor;
      assert.ok(shown);
      assert.match(shown.document.uri.path, /own\/gates\.md$/);
      assert.match(shown.document.lineAt(shown.selection.active.line).text, /Exercise 4\.2|def forward/);
      const note = await openSample('own/gates.md');
      await edit(note, 'Exercise 4.2', 'Exercise 4.7');
      assert.match(await cardOf('own/gate.py', forward, it => it.includes('4.7')), /4\.7/);
    });
    assert.equal(await cardOf('own/gate.py', forward, it => it === ''), '');
  });

  it("put the author's version beside the built-in entries of the same exercise", async () => {
    await withSetting('solutions', ['own/gates.md'], async () => {
      const text = await cardOf('glide/unet.py', attention, it => it.includes('gates.md'));
      assert.match(text, /GLIDE[\s\S]*gates\.md/);
    });
  });
});
