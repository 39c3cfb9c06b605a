import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { parseCaption } from '../../../src/core/minis/caption.ts';
import { drawScene, placeCaption } from '../../../src/core/minis/drawScene.ts';
import { PromptTally } from '../../../src/core/minis/promptTally.ts';
import { scorePicture } from '../../../src/core/minis/scorePicture.ts';

const prompts: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('../../../packs/weights/prompts.json', import.meta.url), 'utf8'),
);

describe('PromptTally', () => {
  for (const kind of Object.keys(prompts)) {
    it(`counts the ${kind} prompts of exercise 6.6 as right when the data set draws them`, () => {
      const tally = new PromptTally();
      for (const prompt of prompts[kind]!) {
        const caption = parseCaption(prompt);
        tally.add(scorePicture(drawScene(placeCaption(caption)), caption));
      }
      assert.equal(tally.total, 64);
      assert.equal(tally.of('right'), 64);
      assert.equal(tally.of('exchanged'), 0);
    });
  }

  it('tells a wrong colour from a wrong relation', () => {
    const caption = parseCaption('a red square left of a blue circle');
    const tally = new PromptTally();
    for (const drawn of [
      'a red square left of a blue circle',
      'a green square left of a blue circle',
      'a red square right of a blue circle',
      'a blue square left of a red circle',
    ]) {
      tally.add(scorePicture(drawScene(placeCaption(parseCaption(drawn))), caption));
    }
    assert.equal(tally.total, 4);
    assert.deepEqual(
      [
        tally.of('colors'),
        tally.of('shapes'),
        tally.of('binding'),
        tally.of('relation'),
        tally.of('exchanged'),
      ],
      [3, 4, 2, 1, 1],
    );
  });
});
