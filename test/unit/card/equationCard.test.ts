import { strict as assert } from 'node:assert';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import type { Entry } from '../../../src/core/atlas/schema.ts';
import { equationCard } from '../../../src/core/card/equationCard.ts';
import { symbolCard } from '../../../src/core/card/symbolCard.ts';
import { Localizer } from '../../../src/core/l10n/localizer.ts';
import { Typesetter } from '../../../src/core/typeset/typesetter.ts';
import { readPackFolders } from '../../../src/node/readPackFolders.ts';

const typesetter = new Typesetter();
const pictures = (tex: string, display: boolean) => {
  try {
    return typesetter.typeset(tex, { display });
  } catch {
    return undefined;
  }
};
const style = { pictures, theme: 'dark', scale: 1 } as const;
const exercise = (number: string) => `Exercise ${number}`;

/** VS Code cuts a Markdown string there and shows the rest as raw base64. */
const CAP = 100_000;

function entryWith(change: Partial<Entry>): Entry {
  const text = { en: 'words', ja: '言葉' };
  return {
    id: 'x.F.forward',
    title: text,
    exercises: [],
    summary: text,
    equations: [{ id: 'e', tex: 'x = y', spoken: { en: 'x equals y', ja: 'x は y' }, text }],
    symbols: [],
    steps: [],
    ...change,
  };
}

function card(entry: Entry, language: 'en' | 'ja' = 'en', variants: string[] = []) {
  const localizer = new Localizer(language);
  return equationCard({
    entry,
    systemTitle: 'System',
    variants,
    differences: [],
    links: [],
    exercise,
    localizer,
    style,
  });
}

describe('equationCard', () => {
  it('stays far below the cap for every entry of the built-in packs', async () => {
    const { atlas } = loadAtlas(await readPackFolders());
    let largest = 0;
    for (const entry of atlas.entries)
      for (const block of card(entry)) largest = Math.max(largest, block.length);
    assert.ok(atlas.entries.length > 50);
    assert.ok(largest < 0.9 * CAP, `the largest block has ${largest} characters`);
  });

  it('says the equation aloud in the text alternative, in the language asked for', () => {
    assert.match(card(entryWith({})).join(), /alt="x equals y"/);
    assert.match(card(entryWith({}), 'ja').join(), /alt="x は y"/);
  });

  it('shows TeX that does not typeset as it is', () => {
    const equation = { ...entryWith({}).equations[0]!, tex: String.raw`\frac{a}{` };
    assert.match(card(entryWith({ equations: [equation] })).join('\n'), /```latex\n\\frac\{a\}\{\n```/);
  });

  it('shows a variant only where it holds', () => {
    const variants = [{ id: 'v', text: { en: 'splits otherwise', ja: '別の分割' }, when: {} }];
    assert.match(card(entryWith({ variants }), 'en', ['v']).join(), /splits otherwise/);
    assert.doesNotMatch(card(entryWith({ variants })).join(), /splits otherwise/);
  });

  it('lets no markup of a pack through', () => {
    const evil = { en: '<img src=x onerror=1> [a](command:x) **b**', ja: '悪' };
    const symbols = [{ tex: '</code><b>', code: ['"><script>'], meaning: evil }];
    const blocks = card(entryWith({ title: evil, summary: evil, symbols })).join('\n');
    assert.doesNotMatch(blocks, /(?<!\\)<img src=x|<script|<b>|[^\\]\[a/);
  });
});

describe('symbolCard', () => {
  it('names symbol, meaning, shape and step', () => {
    const symbol = {
      tex: 'A',
      code: ['weight'],
      shape: '[B, T]',
      meaning: { en: 'attention weights', ja: '注意の重み' },
    };
    const step = {
      id: 's',
      equation: 'e',
      label: { en: 'softmax', ja: 'ソフトマックス' },
      match: [{ calls: ['softmax'] }],
    };
    const entry = entryWith({ symbols: [symbol], steps: [step] });
    const options = { entry, symbol, step: { step, number: 1 }, links: [], style };
    const english = symbolCard({ ...options, localizer: new Localizer('en') }).join('\n');
    for (const part of ['attention weights', '[B, T]', 'Step 1 of 1: softmax'])
      assert.ok(english.includes(part), part);
    assert.match(
      symbolCard({ ...options, localizer: new Localizer('ja') }).join('\n'),
      /ステップ 1\/1：ソフトマックス/,
    );
  });
});
