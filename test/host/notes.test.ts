import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { folder, openSample, until, withSetting } from './hovers.ts';

const loss = 'open_clip.ClipLoss.forward';
const attention = 'glide.QKVAttention.forward';

/** A note with cursors at every `‸`, shown in an editor. */
async function note(language: string, text: string): Promise<vscode.TextEditor> {
  const parts = text.split('‸');
  const document = await vscode.workspace.openTextDocument({ language, content: parts.join('') });
  const editor = await vscode.window.showTextDocument(document);
  let offset = 0;
  editor.selections = parts.slice(0, -1).map(part => {
    offset += part.length;
    const position = document.positionAt(offset);
    return new vscode.Selection(position, position);
  });
  return editor;
}

const insert = (entryId: string, parts: readonly string[], target?: object, options: object = {}) =>
  vscode.commands.executeCommand('equationLens.insertEquation', entryId, target, { parts, ...options });

/** What VS Code's own preview shows. */
const rendered = (editor: vscode.TextEditor) =>
  vscode.commands.executeCommand<string>('markdown.api.render', editor.document.getText());

describe('Insert equation', () => {
  const places: [name: string, text: string, around: RegExp][] = [
    ['an empty note', '‸', /katex-display|katex-block/],
    ['the middle of a paragraph', 'before ‸after', /before[\s\S]*katex[\s\S]*after/],
    ['a quote', '> said ‸\n', /<blockquote[\s\S]*katex[\s\S]*<\/blockquote>/],
    ['a nested list item', '- a\n  - b‸\n- c\n', /<ul[\s\S]*<ul[\s\S]*katex[\s\S]*<\/ul>/],
    [
      'an item in a quote',
      '> 1. a‸\n',
      /<blockquote[\s\S]*<ol[\s\S]*katex[\s\S]*<\/ol>[\s\S]*<\/blockquote>/,
    ],
    ['a table', '| a | b |\n| --- | --- |\n| 1 | ‸ |\n', /<td[^>]*>[^<]*<span class="katex"/],
    ['a code fence', '```\nco‸de\n```\n', /<\/pre>[\s\S]*katex/],
  ];
  for (const [name, text, around] of places) {
    it(`renders as math in ${name}`, async () => {
      const editor = await note('markdown', text);
      await insert(attention, ['equation']);
      const html = await rendered(editor);
      assert.match(html, around);
      assert.doesNotMatch(html, /katex-error/);
      assert.ok((html.match(/<span class="katex"/g) ?? []).length >= 3, 'every equation of the entry');
    });
  }

  it('writes at all cursors in one step of undo', async () => {
    const editor = await note('markdown', 'one ‸\n\n> two ‸\n\n- three ‸\n');
    const before = editor.document.getText();
    await insert(loss, ['equation'], undefined, { equations: ['loss'] });
    assert.equal((editor.document.getText().match(/ClipLoss\.forward#loss/g) ?? []).length, 3);
    assert.equal(((await rendered(editor)).match(/<span class="katex"/g) ?? []).length, 3);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), before);
  });

  const formats: [language: string, expected: RegExp][] = [
    ['latex', /\\begin\{equation\}\n {2}\\label\{eq:[\w-]+\}/],
    ['plaintext', /\\mathrm\{loss\}/],
  ];
  for (const [language, expected] of formats) {
    it(`writes ${language}`, async () => {
      const editor = await note(language, 'before ‸');
      await insert(loss, ['equation', 'symbols']);
      assert.match(editor.document.getText(), expected);
    });
  }

  it('writes the fence of GitHub when told so', async () => {
    await withSetting('notes.mathStyle', 'fence', async () => {
      const editor = await note('markdown', '‸');
      await insert(loss, ['equation']);
      assert.match(editor.document.getText(), /```math\n/);
    });
  });

  it('keeps a notebook valid', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'attention.ipynb');
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook, {
      selections: [new vscode.NotebookRange(0, 1)],
    });
    const { document } = notebook.cellAt(0);
    await vscode.commands.executeCommand('notebook.cell.edit');
    const editor = await until(
      async () => vscode.window.activeTextEditor,
      active => active?.document === document,
    );
    assert.ok(editor?.document === document, 'the Markdown cell is edited');
    await insert(loss, ['equation'], undefined, { equations: ['loss'] });
    await until(
      async () => document.getText(),
      text => text.includes('<!-- equation-lens: '),
    );
    await notebook.save();
    const saved = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as {
      nbformat: number;
      cells: { cell_type: string; source: string[] }[];
    };
    assert.equal(saved.nbformat, 4);
    const source = saved.cells[0]?.source.join('') ?? '';
    assert.match(source, /<!-- equation-lens: open_clip\.ClipLoss\.forward#loss -->\n\$\$\n[^$]*\n\$\$/);
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', source);
    assert.match(html, /class="katex"/);
    assert.equal(saved.cells.length, notebook.cellCount);
  });

  it('goes from a card into a note, with the code of the function', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const document = await openSample('open_clip/loss.py');
    const line = document
      .getText()
      .split('\n')
      .findIndex(text => text.includes('class ClipLoss'));
    const def = document
      .getText()
      .split('\n')
      .findIndex((text, at) => at > line && text.includes('def forward'));
    const editor = await note('markdown', 'mine\n‸');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    await insert(loss, ['equation', 'code'], { uri: String(document.uri), line: def, column: 8 });
    assert.match(editor.document.getText(), /^mine\n\n<!-- equation-lens[\s\S]*```python\ndef forward/);
  });
});

describe('From a note to the code', () => {
  const marked = `<!-- equation-lens: ${loss}#loss -->\n$$\nL\n$$\n`;

  it('shows the card over an equation, by marker', async () => {
    const { document } = await note('markdown', `${marked}‸`);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(2, 0),
    );
    const text = hovers
      .flatMap(hover => hover.contents.map(it => (typeof it === 'string' ? it : it.value)))
      .join('\n');
    assert.match(text, /equationLens\.findCode/);
    assert.match(text, /data:image\/svg\+xml/);
  });

  it('offers Show the code above it, and nothing above other formulas', async () => {
    const { document } = await note('markdown', `${marked}\n$$\nE = mc^2\n$$\n‸`);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      9,
    );
    const ours = lenses.filter(lens => lens.command?.command === 'equationLens.findCode');
    assert.equal(ours.length, 1);
    assert.deepEqual(ours[0]?.command?.arguments, [loss]);
  });

  it('completes eq with snippets and pictures, and leaves other words alone', async () => {
    const complete = async (text: string) => {
      const { document, selection } = await note('markdown', text);
      return vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        selection.active,
        undefined,
        400,
      );
    };
    // The contributed snippet of the same prefix has no exercise beside it.
    const isOurs = ({ label }: vscode.CompletionItem) =>
      typeof label === 'object' && label.label === 'eq-clip-loss' && label.description === '6.1';
    const item = (await complete('see eq-clip‸')).items.find(isOurs);
    assert.ok(item, 'eq-clip-loss is offered');
    const documentation = item.documentation as vscode.MarkdownString;
    assert.match(documentation.value, /data:image\/svg\+xml/);
    assert.equal((await complete('equal‸')).items.some(isOurs), false);
    assert.equal((await complete('```\neq‸\n```')).items.some(isOurs), false);
  });

  it('warns where noted lines have moved, and brings them up to date', async () => {
    const head = '0123456789abcdef0123456789abcdef01234567';
    const root = vscode.Uri.joinPath(folder(), 'noted-clone');
    const write = (path: string, text: string) =>
      vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, path), new TextEncoder().encode(text));
    const source = (await openSample('open_clip/loss.py')).getText();
    await write('.git/HEAD', `${head}\n`);
    await write('.git/config', '[remote "origin"]\n\turl = https://github.com/owner/name.git\n');
    await write('src/loss.py', source);
    try {
      const link = `[x](https://github.com/owner/name/blob/abcdef0/src/loss.py#L1-L2 "ClipLoss.forward")`;
      const { document } = await note('markdown', `${link}\n‸`);
      const warnings = () =>
        vscode.languages.getDiagnostics(document.uri).filter(it => it.code === 'moved-permalink');
      const [warning] = await until(
        async () => warnings(),
        found => found.length > 0,
      );
      assert.ok(warning, 'there is a warning');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        warning.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const edit = actions.find(action => action.edit)?.edit;
      assert.ok(edit, 'there is a quick fix');
      await vscode.workspace.applyEdit(edit);
      const [, commit, start] = /blob\/(\w+)\/src\/loss\.py#L(\d+)-L\d+/.exec(document.getText()) ?? [];
      assert.equal(commit, head);
      assert.match(source.split('\n')[Number(start) - 1] ?? '', /def forward/);
      assert.deepEqual(
        await until(
          async () => warnings(),
          found => found.length === 0,
        ),
        [],
      );
    } finally {
      await vscode.workspace.fs.delete(root, { recursive: true });
    }
  });
});
