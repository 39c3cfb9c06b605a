import { strict as assert } from 'node:assert';
import { CaptionError } from '../../../src/core/minis/caption.ts';
import { ddimSchedule } from '../../../src/core/minis/ddimSchedule.ts';
import { questionTokens } from '../../../src/core/minis/question.ts';

describe('questionTokens', () => {
  it('frames the words with the marks of the question encoder', () => {
    assert.deepEqual(questionTokens('what color is the circle'), [28, 14, 15, 17, 18, 7, 31]);
    assert.deepEqual(
      questionTokens('How many shapes are there ?'),
      questionTokens('how many shapes are there'),
    );
  });

  const wrong: [text: string, word: string, offered: string][] = [
    ['what color is my circle', 'my', 'the'],
    ['what is above the', '', 'square'],
    ['is there a pink circle', 'pink', 'red'],
    ['why', 'why', 'what'],
  ];
  for (const [text, word, offered] of wrong) {
    it(`says which word of "${text}" does not fit`, () => {
      assert.throws(
        () => questionTokens(text),
        (error: unknown) =>
          error instanceof CaptionError && error.word === word && error.offered.includes(offered),
      );
    });
  }
});

describe('ddimSchedule', () => {
  it('walks the times of upstream’s ddim20 with its shares of signal', () => {
    const jumps = ddimSchedule(20);
    assert.deepEqual(
      jumps.map(jump => jump.t),
      Array.from({ length: 20 }, (_, k) => 950 - 50 * k),
    );
    assert.ok(Math.abs(jumps[0]!.alphaBar - 0.00582014926969516) < 1e-15);
    assert.ok(Math.abs(jumps[19]!.alphaBar - 0.999958715775178) < 1e-12);
    assert.equal(jumps[19]!.alphaBarPrev, 1);
    for (const [k, jump] of jumps.slice(0, -1).entries())
      assert.equal(jump.alphaBarPrev, jumps[k + 1]!.alphaBar);
  });

  it('refuses a number of steps that no stride gives, and names one that works', () => {
    assert.throws(() => ddimSchedule(600), /500/);
    assert.throws(() => ddimSchedule(0), RangeError);
    assert.throws(() => ddimSchedule(2.5), RangeError);
  });
});
