import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeVsix } from '../../scripts/makeVsix.ts';
import { repoRoot } from '../harness/paths.ts';
import { placeOf } from '../harness/place.ts';
import { Session } from '../harness/session.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';

describe('the packaged extension', () => {
  it('hovers in a clean VS Code into which it was installed', async () => {
    const place = await temporaryFolder();
    const folder = await temporaryFolder(join(repoRoot, 'samples'));
    const vsix = await makeVsix(join(place.path, 'equation-lens.vsix'));
    const session = await Session.start({ vsix: [vsix.path] });
    try {
      const workbench = await session.open({ folder: folder.path, extension: '' });
      const file = 'open_clip/loss.py';
      await workbench.openFile(file);
      const text = await readFile(join(folder.path, file), 'utf8');
      const { line, column } = placeOf(text, { within: 'def forward', word: 'forward' });
      const hover = await workbench.hoverAt(line, column, 30_000);
      assert.match(hover?.text ?? '', /6\.1/);
      assert.ok((hover?.images.length ?? 0) > 0);
    } finally {
      await session.stop();
      await folder.remove();
      await place.remove();
    }
  });
});
