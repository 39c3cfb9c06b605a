import { strict as assert } from 'node:assert';
import type { Outline } from '../../../src/core/python/outline.ts';
import { EMPTY_OUTLINE } from '../../../src/core/python/readableText.ts';
import { RememberedOutlines } from '../../../src/core/python/rememberedOutlines.ts';

describe('remembered outlines', () => {
  const setUp = (most: number) => {
    const read: string[] = [];
    const outliner = {
      outline: (text: string): Outline => {
        read.push(text);
        return { ...EMPTY_OUTLINE };
      },
    };
    return { read, outlines: new RememberedOutlines(outliner, most) };
  };

  it('reads a text once', () => {
    const { read, outlines } = setUp(2);
    const first = outlines.outline('a');
    outlines.outline('b');
    assert.equal(outlines.outline('a'), first);
    assert.deepEqual(read, ['a', 'b']);
  });

  it('forgets the text that was not asked for longest', () => {
    const { read, outlines } = setUp(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) outlines.outline(text);
    assert.deepEqual(read, ['a', 'b', 'c', 'b']);
  });
});
