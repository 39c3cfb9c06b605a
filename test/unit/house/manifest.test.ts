import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { readmesWithSettings } from '../../../scripts/settingsTable.ts';
import { CommandId } from '../../../src/features/commandIds.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

describe('package.json', () => {
  it('contributes exactly the commands of the code', () => {
    assert.deepEqual([...commands].sort(), Object.values(CommandId).sort());
  });

  it('names only its own commands in menus and keys', () => {
    const { menus = {}, keybindings = [] } = manifest.contributes;
    const used: { command?: string }[] = [
      ...(Object.values(menus).flat() as { command?: string }[]),
      ...keybindings,
    ];
    const foreign = used.flatMap(({ command }) => (command && !commands.includes(command) ? [command] : []));
    assert.deepEqual(foreign, []);
  });

  it('activates by what a reader does, never at start', () => {
    const eager = (manifest.activationEvents as string[]).filter(event =>
      /^\*|onStartupFinished|workspaceContains/.test(event),
    );
    assert.deepEqual(eager, []);
  });

  it('has its settings in both README files (else: npm run readme)', () => {
    for (const [file, text] of readmesWithSettings()) assert.equal(readFileSync(file, 'utf8'), text);
  });
});
