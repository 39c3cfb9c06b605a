import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { openSample } from './hovers.ts';

describe('manifest', () => {
  const extension = () => {
    const found = vscode.extensions.getExtension('equation-lens.equation-lens');
    assert.ok(found);
    return found;
  };

  it('contributes only commands that exist', async () => {
    await openSample('glide/unet.py');
    await extension().activate();
    const there = new Set(await vscode.commands.getCommands(true));
    const contributed: { command: string }[] = extension().packageJSON.contributes.commands;
    assert.ok(contributed.length > 0);
    assert.deepEqual(
      contributed.map(({ command }) => command).filter(command => !there.has(command)),
      [],
    );
  });

  it('leaves no placeholder untranslated', () => {
    const { contributes } = extension().packageJSON;
    assert.doesNotMatch(JSON.stringify(contributes), /"%[\w.]+%"/);
  });
});
