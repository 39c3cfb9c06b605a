import { strict as assert } from 'node:assert';
import { gitCloneOf, originOf } from '../../../src/core/notes/gitClone.ts';
import { movedLine, notedFunction } from '../../../src/core/notes/movedPermalinks.ts';
import { notedPermalinks, permalinkUrl } from '../../../src/core/notes/permalink.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const url = `https://github.com/openai/glide-text2im/blob/${commit}/glide_text2im/unet.py#L261-L288`;

describe('permalinks', () => {
  it('are found as they were written', () => {
    const link = {
      web: 'https://github.com/openai/glide-text2im',
      commit,
      path: 'a b/(x)_y.py',
      lines: { start: 3, end: 3 },
      qualname: 'f',
    };
    const [found] = notedPermalinks(`see [x](${permalinkUrl(link)} "f")`);
    assert.equal(found?.path, 'a b/(x)_y.py');
    assert.deepEqual([found?.start, found?.end, found?.repository], [3, 3, 'openai/glide-text2im']);
  });

  it('are found in 20 MB, and in nothing else', () => {
    assert.equal(notedPermalinks(`${'word '.repeat(4_000_000)}${url}`).length, 1);
    for (const text of [
      'https://github.com/a/b',
      'https://github.com/a/b/blob/main/x.py#L1',
      'https://github.com/a/b/blob/0123456/../../x.py#L1',
    ]) {
      assert.deepEqual(notedPermalinks(text), []);
    }
  });

  const functions = [
    { qualname: 'QKVAttention.forward', start: 270, end: 297 },
    { qualname: 'forward', start: 1, end: 2 },
  ];

  it('name their function in their own line, else by the marker above', () => {
    const named = notedFunction(`[x](${url} "QKVAttention.forward")`, '', functions, () => undefined);
    assert.equal(named?.start, 270);
    const above = '<!-- equation-lens: glide.QKVAttention.forward#attention -->\n$$\nx\n$$\n';
    assert.equal(notedFunction(`<${url}>`, above, functions, () => 'QKVAttention.forward')?.start, 270);
    assert.equal(
      notedFunction(`<${url}>`, 'no marker', functions, () => undefined),
      undefined,
    );
  });

  it('are brought up to date with the words around them', () => {
    const line = `[\`glide_text2im/unet.py:261-288\`](${url} "QKVAttention.forward")`;
    const [link] = notedPermalinks(line);
    assert.ok(link);
    const next = 'f'.repeat(40);
    assert.equal(
      movedLine(line, link, url, { start: 270, end: 297, commit: next }),
      `[\`glide_text2im/unet.py:270-297\`](https://github.com/openai/glide-text2im/blob/${next}/glide_text2im/unet.py#L270-L297 "QKVAttention.forward")`,
    );
  });
});

describe('gitCloneOf', () => {
  const of = (files: Record<string, string>) => gitCloneOf('/home/me/clone/pkg', async path => files[path]);
  const config =
    '[core]\n\tbare = false\n[remote "fork"]\n\turl = git@github.com:me/x.git\n[remote "origin"]\n\turl = git@github.com:openai/glide-text2im.git\n';

  it('reads HEAD, its branch, packed refs and the remote', async () => {
    const expected = {
      root: '/home/me/clone',
      repository: 'openai/glide-text2im',
      web: 'https://github.com/openai/glide-text2im',
      commit,
    };
    const git = '/home/me/clone/.git';
    assert.deepEqual(await of({ [`${git}/HEAD`]: `${commit}\n`, [`${git}/config`]: config }), expected);
    assert.deepEqual(
      await of({
        [`${git}/HEAD`]: 'ref: refs/heads/main\n',
        [`${git}/refs/heads/main`]: `${commit}\n`,
        [`${git}/config`]: config,
      }),
      expected,
    );
    assert.deepEqual(
      await of({
        [`${git}/HEAD`]: 'ref: refs/heads/main\n',
        [`${git}/packed-refs`]: `# pack-refs\n${commit} refs/heads/main\n`,
        [`${git}/config`]: config,
      }),
      expected,
    );
  });

  it('follows the file of a worktree', async () => {
    const found = await of({
      '/home/me/clone/.git': 'gitdir: ../main/.git/worktrees/clone\n',
      '/home/me/main/.git/worktrees/clone/HEAD': 'ref: refs/heads/w\n',
      '/home/me/main/.git/worktrees/clone/commondir': '../..\n',
      '/home/me/main/.git/refs/heads/w': commit,
      '/home/me/main/.git/config': config,
    });
    assert.equal(found?.commit, commit);
    assert.equal(found?.repository, 'openai/glide-text2im');
  });

  it('knows when there is none, or half of one', async () => {
    assert.equal(await of({}), undefined);
    assert.deepEqual(await of({ '/home/me/clone/.git/HEAD': 'ref: ../../../etc/passwd' }), {
      root: '/home/me/clone',
    });
    assert.deepEqual(await of({ '/home/me/clone/.git/HEAD': 'garbage' }), { root: '/home/me/clone' });
  });

  for (const address of [
    'https://github.com/a/b.git',
    'https://user:pw@github.com/a/b',
    'ssh://git@github.com:22/a/b.git',
    'git@github.com:a/b',
  ]) {
    it(`reads ${address}`, () =>
      assert.deepEqual(originOf(`[remote "origin"]\n url = ${address}\n`), {
        repository: 'a/b',
        web: 'https://github.com/a/b',
      }));
  }
});
