import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { openSample, until, withSetting } from './hovers.ts';

const unet = 'glide/unet.py';

async function lensTitles(document: vscode.TextDocument): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    50,
  );
  return lenses.map(lens => lens.command?.title ?? '');
}

describe('CodeLens', () => {
  it('stands above every recognised function, with title and exercise', async () => {
    const document = await openSample(unet);
    const titles = await lensTitles(document);
    assert.ok(
      titles.some(title => /QKV attention.*6\.5/.test(title)),
      titles.join('\n'),
    );
    const recognised = [
      'TimestepBlock',
      'TimestepEmbedSequential',
      'ResBlock',
      'AttentionBlock',
      'QKVAttention',
    ];
    assert.equal(titles.length, recognised.length);
  });

  it('stands above nothing else', async () => {
    assert.deepEqual(await lensTitles(await openSample('silent.py')), []);
  });

  it('can be switched off', async () => {
    const document = await openSample(unet);
    await withSetting('codeLens.enabled', false, async () => {
      const titles = await until(
        () => lensTitles(document),
        found => found.length === 0,
      );
      assert.deepEqual(titles, []);
    });
  });
});

describe('Find code for equation', () => {
  it('goes to the one function of the workspace that computes it', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('equationLens.findCode', 'open_clip.ClipLoss.forward');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor, 'an editor is open');
    assert.match(editor.document.uri.path, /open_clip\/loss\.py$/);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /def forward/);
  });
});

describe('Copy LaTeX', () => {
  it('puts the equation at the cursor on the clipboard', async () => {
    const document = await openSample('open_clip/loss.py');
    const editor = await vscode.window.showTextDocument(document);
    const line = document
      .getText()
      .split('\n')
      .findIndex(text => text.includes('def forward'));
    editor.selection = new vscode.Selection(line, 9, line, 9);
    await vscode.commands.executeCommand('equationLens.copyLatex');
    assert.match(await vscode.env.clipboard.readText(), /\\mathrm|\\frac|\\sum/);
  });
});
