import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { placeOf } from '../harness/place.ts';
import { hoverProviders } from './hoverProviders.ts';
import { attention, hoversAt, hoverText, openSample, until, withoutPictures, withSetting } from './hovers.ts';

const unet = 'glide/unet.py';

describe('hover', () => {
  it('shows the equation of a definition: pictures, symbols, exercise', async () => {
    const markdown = await hoverText(await openSample(unet), attention);
    assert.match(markdown, /data:image\/svg\+xml;base64,/);
    const text = withoutPictures(markdown);
    assert.match(text, /6\.5/);
    assert.match(text, /GLIDE/i);
    assert.match(text, /weight/);
    assert.match(text, /softmax of Q transposed/);
  });

  it('keeps each part below the size at which VS Code cuts it', async () => {
    for (const part of await hoversAt(await openSample(unet), attention)) assert.ok(part.length < 100_000);
  });

  it('shows the callee at a call through an attribute of __init__', async () => {
    const document = await openSample(unet);
    const call = await hoverText(document, { within: 'self.attention(qkv', word: 'attention' });
    assert.match(withoutPictures(call), /6\.5/);
  });

  it('shows the callee at a call into another file', async () => {
    const document = await openSample(unet);
    const call = await hoverText(document, {
      within: 'return timestep_embedding(timesteps',
      word: 'timestep_embedding',
    });
    assert.match(withoutPictures(call), /timestep/i);
    assert.match(call, /data:image\/svg\+xml/);
  });

  it('shows the symbol of a variable, with its shape', async () => {
    const document = await openSample(unet);
    const text = withoutPictures(await hoverText(document, { within: 'weight = th.einsum', word: 'weight' }));
    assert.match(text, /attention weights/);
    assert.match(text, /\[B·H, T, S\+T\]/);
  });

  it('names the variant where the code differs', async () => {
    const text = withoutPictures(await hoverText(await openSample('variants/unet.py'), attention));
    assert.match(text, /channel order/);
  });

  it('is silent where only names agree', async () => {
    const document = await openSample('silent.py');
    for (const name of ['QKVAttention', 'ClipLoss', 'Upsample']) {
      const text = await hoverText(document, {
        after: `class ${name}`,
        within: 'def forward',
        word: 'forward',
      });
      assert.equal(text, '', `${name} must have no card`);
    }
  });

  it('is silent on keywords, comments and unrelated names', async () => {
    const document = await openSample(unet);
    assert.equal(await hoverText(document, { within: 'import math', word: 'import' }), '');
    assert.equal(await hoverText(document, { within: '# Half of the root', word: 'Half' }), '');
    assert.equal(
      await hoverText(document, { after: 'class Upsample', within: 'def forward', word: 'forward' }),
      '',
    );
  });

  it('works in an untitled document', async () => {
    const content = (await openSample(unet)).getText();
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);
  });

  it('finds its place behind CRLF, tabs, emoji and Japanese', async () => {
    const sample = (await openSample(unet)).getText();
    const content = sample
      .replace('    def forward(self, qkv', '    # 注意 🙂🙂 の計算\n    def forward(self, qkv')
      .replaceAll('    ', '\t')
      .replaceAll('\n', '\r\n');
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);
  });

  it('follows edits, and keeps the card while the line is unfinished', async () => {
    const content = (await openSample(unet)).getText();
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    assert.notEqual(await hoverText(document, attention), '');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# one line more\n# and another\n');
    await vscode.workspace.applyEdit(edit);
    assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);

    const line = document
      .getText()
      .split('\n')
      .findIndex(text => text.includes('a = th.einsum'));
    const unfinished = new vscode.WorkspaceEdit();
    unfinished.insert(document.uri, new vscode.Position(line + 1, 0), '        b = th.cat([a, (\n');
    await vscode.workspace.applyEdit(unfinished);
    assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);
  });

  it('works in both sides of a diff editor', async () => {
    const left = await openSample(unet);
    const right = await openSample('variants/unet.py');
    await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, 'before ↔ after');
    const visible = await until(
      async () => vscode.window.visibleTextEditors.map(editor => editor.document.uri.path),
      paths => paths.includes(left.uri.path) && paths.includes(right.uri.path),
    );
    assert.ok(visible.includes(left.uri.path) && visible.includes(right.uri.path), 'both sides are open');
    assert.match(withoutPictures(await hoverText(left, attention)), /6\.5/);
    assert.match(withoutPictures(await hoverText(right, attention)), /channel order/);
  });

  it('works in a Python cell of a notebook', async () => {
    const uri = (await openSample('attention.ipynb')).uri;
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const cell = notebook.getCells().find(candidate => candidate.document.languageId === 'python');
    assert.ok(cell, 'there is a Python cell');
    assert.match(withoutPictures(await hoverText(cell.document, attention)), /6\.5/);
  });

  it('works on a virtual file system', async () => {
    const content = new TextEncoder().encode((await openSample(unet)).getText());
    const registration = vscode.workspace.registerFileSystemProvider('lenstest', oneFile(content));
    try {
      const document = await vscode.workspace.openTextDocument(
        vscode.Uri.parse('lenstest:/repository/unet.py'),
      );
      await vscode.languages.setTextDocumentLanguage(document, 'python');
      assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);
    } finally {
      registration.dispose();
    }
  });

  it('works on a file outside the workspace', async () => {
    const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
    assert.ok(extension);
    const uri = vscode.Uri.joinPath(extension.extensionUri, 'samples', unet);
    assert.equal(vscode.workspace.getWorkspaceFolder(uri), undefined, 'the file lies outside');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(withoutPictures(await hoverText(document, attention)), /6\.5/);
  });

  it('leaves other languages alone', async () => {
    const content = (await openSample(unet)).getText();
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
    assert.equal(await hoverText(document, attention), '');
  });

  it('survives what is not Python', async () => {
    for (const content of [
      '',
      '\uFEFF',
      '\0\0\0 def forward(',
      'def forward(self, qkv',
      `x = ${'('.repeat(2000)}`,
    ]) {
      const document = await vscode.workspace.openTextDocument({ language: 'python', content });
      const position = new vscode.Position(0, 0);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      assert.equal(hovers.length, 0);
    }
  });
});

describe('settings of the hover', () => {
  const text = async () => withoutPictures(await hoverText(await openSample(unet), attention));

  it('speaks Japanese when told so', async () => {
    await withSetting('language', 'ja', async () => {
      const japanese = await until(text, value => /演習/.test(value));
      assert.match(japanese, /クエリー/);
      assert.match(japanese, /LaTeX をコピー/);
    });
    assert.match(await until(text, value => /Exercise/.test(value)), /Exercise 6\.5/);
  });

  it('can be switched off', async () => {
    await withSetting('hover.enabled', false, async () => {
      assert.equal(await until(text, value => value === ''), '');
    });
    assert.match(await until(text, value => value !== ''), /6\.5/);
  });

  it('leaves out a system that is switched off', async () => {
    await withSetting('systems.disabled', ['glide'], async () => {
      assert.equal(await until(text, value => value === ''), '');
      const loss = await openSample('open_clip/loss.py');
      assert.notEqual(await hoverText(loss, { within: 'def forward', word: 'forward' }), '');
    });
  });

  it('leaves out a muted entry, and only that', async () => {
    await withSetting('mutedEntries', ['glide.QKVAttention.forward'], async () => {
      assert.equal(await until(text, value => value === ''), '');
      const document = await openSample(unet);
      const other = { after: 'class ResBlock', within: 'def forward', word: 'forward' };
      assert.notEqual(await hoverText(document, other), '');
    });
  });

  it('scales the equations, up to what a hover can show', async () => {
    const width = async () =>
      Number(/width=["']?([\d.]+)/.exec(await hoverText(await openSample(unet), attention))?.[1]);
    const usual = await width();
    assert.ok(usual > 0);
    await withSetting('hover.scale', 1.5, async () => {
      const scaled = await until(width, value => value > usual);
      assert.ok(Math.abs(scaled / usual - 1.5) < 0.02, `${usual} px became ${scaled} px`);
    });
    await withSetting('hover.scale', 3, async () => {
      const scaled = await until(width, value => value > usual);
      assert.ok(scaled > usual && scaled <= 600, `${usual} px became ${scaled} px`);
    });
  });
});

describe('cancellation', () => {
  it('ends a hover that nobody waits for any more', async () => {
    const document = await openSample(unet);
    await hoverText(document, attention);
    const provider = hoverProviders()[0];
    assert.ok(provider, 'the extension registered a hover provider');
    const { line, column } = placeOf(document.getText(), attention);
    const ask = (token: vscode.CancellationToken) =>
      provider.provideHover(document, new vscode.Position(line - 1, column - 1), token);

    const waiting = new vscode.CancellationTokenSource();
    assert.ok(await ask(waiting.token));
    const gone = new vscode.CancellationTokenSource();
    gone.cancel();
    assert.equal(await ask(gone.token), undefined);
  });
});

/** A file system that holds one file wherever one looks. */
function oneFile(content: Uint8Array): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: uri => {
      if (!uri.path.endsWith('/unet.py')) throw vscode.FileSystemError.FileNotFound(uri);
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: content.length };
    },
    readDirectory: () => [],
    readFile: () => content,
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
