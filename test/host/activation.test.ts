import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

describe('activation', () => {
  it('happens when Python is opened', async () => {
    const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
    assert.ok(extension);
    await vscode.workspace.openTextDocument({ language: 'python', content: 'x = 1\n' });
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
