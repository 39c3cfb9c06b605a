import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { givenPrefixes, SNIPPETS_FOLDER, snippetTexts } from '../../../scripts/buildSnippets.ts';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import type { SnippetFile } from '../../../src/core/notes/snippetFile.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

describe('snippets', () => {
  let atlas: Atlas;
  let files: { language: string; snippets: SnippetFile }[];
  before(async () => {
    atlas = await builtInAtlas();
    files = await Promise.all(
      ['markdown', 'latex'].map(async language => ({
        language,
        snippets: JSON.parse(
          await readFile(join(SNIPPETS_FOLDER, `${language}.json`), 'utf8'),
        ) as SnippetFile,
      })),
    );
  });

  it('are those of the packs (else: node --import tsx scripts/buildSnippets.ts)', async () => {
    for (const [file, text] of snippetTexts(atlas, await givenPrefixes())) {
      assert.equal(await readFile(join(SNIPPETS_FOLDER, file), 'utf8'), text, `snippets/${file} is stale`);
    }
  });

  it('have a prefix of their own each, memorable ones for the equations of the exercises', async () => {
    const given = await givenPrefixes();
    const prefixes = Object.values(given);
    assert.equal(new Set(prefixes).size, prefixes.length);
    for (const prefix of prefixes) assert.match(prefix, /^eq-[a-z\d]+(?:-[a-z\d]+)*$/);
    assert.equal(given['open_clip.ClipLoss.forward#loss'], 'eq-clip-loss');
    assert.equal(given['glide.QKVAttention.forward#attention'], 'eq-qkv-attention');
  });

  it('put the cursor on a symbol, and give back the equation when nothing is changed', () => {
    const equations = new Map(
      atlas.entries.flatMap(entry => entry.equations.map(it => [`${entry.id}#${it.id}`, it])),
    );
    for (const { snippets } of files) {
      for (const [key, { body, description }] of Object.entries(snippets)) {
        const text = expanded(body.join('\n'));
        assert.ok(body.join('\n').includes('${1:'), `${key} has a placeholder`);
        const tex = equations.get(key)?.tex ?? '';
        const bare = (value: string) => value.replace(/\s+/g, '');
        assert.ok(bare(text).includes(bare(tex)), key);
        assert.match(description, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
      }
    }
  });
});

/** What VS Code makes of a snippet's body when its placeholders are left as they are. */
function expanded(body: string): string {
  const defaults = new Map<string, string>();
  const plain = (text: string) => text.replace(/\\([\\$}])/g, '$1');
  return body
    .split(/(\\[\\$}]|\$\{\d+(?::(?:\\[\s\S]|[^}\\])*)?\}|\$0)/)
    .map(part => {
      const [, number, text] = /^\$\{(\d+)(?::([\s\S]*))?\}$/.exec(part) ?? [];
      if (number === undefined) return part === '$0' ? '' : plain(part);
      if (text !== undefined) defaults.set(number, plain(text));
      return defaults.get(number) ?? '';
    })
    .join('');
}
