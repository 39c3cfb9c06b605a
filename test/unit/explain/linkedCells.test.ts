import { strict as assert } from 'node:assert';
import { type FocusedCell, linkedBand, type NamedAxis } from '../../../src/core/explain/linkedCells.ts';

const axes = (text: string): NamedAxis[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map(part => {
      const [name = '', size] = part.split('=');
      return { name: name === '?' ? undefined : name, size: Number(size) };
    });

/** Row 2, column 1 of the attention map of head 0. */
const cell: FocusedCell = { axes: axes('BH=2 T=5 S+T=8'), index: [0, 2, 1] };

const cases: readonly (readonly [
  what: string,
  tensor: string,
  leading: number[],
  band: object | undefined,
])[] = [
  ['the query of the row', 'BH=2 C=4 T=5', [0], { column: 2 }],
  ['the key of the column', 'BH=2 C=4 S+T=8', [0], { column: 1 }],
  ['the same place of another map', 'BH=2 T=5 S+T=8', [0], { row: 2, column: 1 }],
  ['nothing of another head', 'BH=2 C=4 T=5', [1], undefined],
  ['nothing where the size is another', 'BH=2 C=4 T=6', [0], undefined],
  ['nothing where no axis has a name', '?=5 ?=8', [], undefined],
  ['an element of a vector', 'T=5', [], { column: 2 }],
  ['nothing of a number', '', [], undefined],
];

describe('cells that belong together', () => {
  for (const [what, tensor, leading, band] of cases) {
    it(what, () => assert.deepEqual(linkedBand(cell, axes(tensor), leading), band));
  }

  it('takes the first of two axes with one name', () => {
    const logits: FocusedCell = { axes: axes('n=4 n=4'), index: [3, 1] };
    assert.deepEqual(linkedBand(logits, axes('n=4 d=8'), []), { row: 3 });
  });
});
