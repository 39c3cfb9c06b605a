import { strict as assert } from 'node:assert';
import type { Mini } from '../../../src/core/atlas/schema.ts';
import { configControls, movableConfig } from '../../../src/core/minis/configControls.ts';
import { fitsTrained } from '../../../src/core/minis/fixedConfig.ts';

const text = { en: 'a', ja: 'あ' };
const slider = (value: number) => ({ default: value, min: 1, max: 9, label: text });
const mini: Mini = {
  file: 'mini/f.py',
  trained: 'weights',
  trainedConfig: { dim: 8, table: [1] },
  config: {
    dim: slider(4),
    words: slider(3),
    steps: slider(5),
    plain: { default: true, label: text },
    kind: { default: 'a', options: ['a', 'b'], label: text },
    unused: slider(2),
    constant: { default: 7, label: text },
  },
  drivers: [
    {
      name: 'one',
      inputs: [{ name: 'x', shape: ['words', 'dim'], dtype: 'float32', rule: 'input' }],
      code: 'steps plain kind constant',
    },
    { name: 'two', config: { steps: null }, fixed: ['steps'], trained: false, inputs: [], code: 'dim steps' },
  ],
  samples: [
    { name: 'story', title: text, text, config: { words: 2 }, fixed: ['words'], code: '' },
    { name: 'learned', title: text, text, weights: 'trained', code: '' },
    { name: 'other-dim', title: text, text, config: { dim: 6 }, fixed: ['dim'], code: '' },
  ],
};
const [one, two] = mini.drivers as [Mini['drivers'][number], Mini['drivers'][number]];
const [story, learned, otherDim] = mini.samples;
const shown = (...args: Parameters<typeof configControls>) =>
  configControls(...args).map(({ name, value, fixed }) => [name, value, fixed ?? 'moves']);

describe('The controls of a run', () => {
  it('are what driver and inputs ask for, with the reader’s values', () => {
    assert.deepEqual(shown(mini, { driver: one, trained: false }, { dim: 5, plain: false }), [
      ['dim', 5, 'moves'],
      ['words', 3, 'moves'],
      ['steps', 5, 'moves'],
      ['plain', false, 'moves'],
      ['kind', 'a', 'moves'],
    ]);
    const kinds = configControls(mini, { driver: one, trained: false }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['slider', 'slider', 'slider', 'switch', 'choice']);
  });

  it('stay where a sample wants them, wherever the reader had moved them', () => {
    const controls = shown(mini, { driver: one, sample: story, trained: false }, { words: 9, dim: 5 });
    assert.deepEqual(controls.slice(0, 2), [
      ['dim', 5, 'moves'],
      ['words', 2, 'sample'],
    ]);
  });

  it('stay where the trained weights want them, and for a sample made for these with any weights', () => {
    assert.deepEqual(shown(mini, { driver: one, trained: true }, { dim: 5 })[0], ['dim', 8, 'trained']);
    assert.deepEqual(shown(mini, { driver: one, sample: learned, trained: false })[0], ['dim', 8, 'trained']);
  });

  it('are not there for what a driver takes away', () => {
    assert.deepEqual(shown(mini, { driver: two, trained: false }, { steps: 3 }), [['dim', 4, 'moves']]);
  });

  it('give the run only what the reader may choose', () => {
    const choice = { driver: one, sample: story, trained: true };
    assert.deepEqual(movableConfig(mini, choice, { dim: 5, words: 9, steps: 2 }), { steps: 2 });
  });

  it('offer trained weights where driver and sample agree with them', () => {
    assert.equal(fitsTrained(mini, one, undefined), true);
    assert.equal(fitsTrained(mini, one, story), true);
    assert.equal(fitsTrained(mini, one, otherDim), false);
    assert.equal(fitsTrained(mini, two, undefined), false);
    const { trained: _, trainedConfig: __, ...without } = mini;
    assert.equal(fitsTrained(without, one, undefined), false);
  });
});
