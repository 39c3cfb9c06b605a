import { strict as assert } from 'node:assert';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import type { Entry } from '../../../src/core/atlas/schema.ts';
import type { CodeSnapshot, Snapshot } from '../../../src/core/protocol.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';
import { firstPage } from '../../../webview/firstPage.tsx';

const { atlas } = loadAtlas(await readPackFolders());

function snapshotOf(entry: Entry | null, change: Partial<Snapshot> = {}): Snapshot {
  return {
    entry,
    systemTitle: 'GLIDE',
    explored: null,
    language: 'en',
    theme: 'dark',
    backend: 'auto',
    followCursor: false,
    code: null,
    codeProblem: null,
    siblings: [],
    ownMini: null,
    focusedSteps: [],
    focusRequest: 1,
    startAt: 'explanation',
    ...change,
  };
}

function codeOf(text: string): CodeSnapshot {
  return {
    uri: 'file:///clone/model.py',
    path: 'clone/model.py',
    qualname: 'f',
    version: 1,
    text,
    firstLine: 4,
    nameLine: 4,
    nameColumn: 4,
    steps: [],
    unplaced: [],
    differences: [],
    variants: [],
  };
}

const count = (html: string, part: string) => html.split(part).length - 1;
/** As it stands in HTML. */
const written = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

describe('the first page', () => {
  for (const language of ['en', 'ja'] as const) {
    it(`holds title, steps and typeset equations of every entry (${language})`, () => {
      for (const entry of atlas.entries) {
        const html = firstPage(snapshotOf(entry, { language }));
        assert.ok(html.includes(`<h1>${written(entry.title[language])}</h1>`), entry.id);
        assert.equal(count(html, 'class="step-title"'), entry.steps.length, entry.id);
        assert.ok(count(html, '<math') >= entry.symbols.length, `${entry.id}: equations without MathML`);
        assert.equal(count(html, 'katex-error'), 0, entry.id);
      }
    });
  }

  it('shows the code on screen, line by line', () => {
    const html = firstPage(snapshotOf(atlas.entries[0]!, { code: codeOf('def f(x):\n    return x\n') }));
    assert.equal(count(html, 'class="line"'), 3);
    assert.ok(html.includes('start="5"'));
  });

  it('takes nothing that code or packs say for markup', () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    const entry = atlas.entries[0]!;
    const page = snapshotOf(
      { ...entry, title: { en: evil, ja: evil }, symbols: [{ ...entry.symbols[0]!, tex: evil }] },
      { code: codeOf(`def f():\n    return "${evil}"\n`) },
    );
    assert.equal(count(firstPage(page), '<img'), 0);
  });

  it('says what a function without an entry is called', () => {
    assert.ok(firstPage(snapshotOf(null, { code: codeOf('def f(): ...') })).includes('<h1>f</h1>'));
  });
});
