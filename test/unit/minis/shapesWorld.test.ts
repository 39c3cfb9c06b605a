import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CaptionError, parseCaption } from '../../../src/core/minis/caption.ts';
import { captionTokens, tokenText, wordIds } from '../../../src/core/minis/captionTokens.ts';
import { drawScene, picturePixels, pictureTensor, placeCaption } from '../../../src/core/minis/drawScene.ts';
import {
  allCaptions,
  isHeldOut,
  objectOf,
  sampleScene,
  sceneCaption,
} from '../../../src/core/minis/sampleScene.ts';
import { findObjects, scorePicture } from '../../../src/core/minis/scorePicture.ts';
import { BACKGROUND, COLORS, PALETTE, SHAPES, WORDS } from '../../../src/core/minis/shapesWorld.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const dataset = read('../../../packs/weights/dataset.json');
const vectors: {
  seed: number;
  name: string;
  heldout: boolean | null;
  caption: string;
  objs: [string, string, number, number, number][];
  token_ids: number[];
  image_hex: string;
}[] = read('../../fixtures/shapes/dataset.vectors.json');

describe('the shapes world', () => {
  it('has the words, colours and shapes of the data set', () => {
    assert.deepEqual([...WORDS], dataset.words);
    assert.deepEqual([...BACKGROUND], dataset.background);
    assert.deepEqual([...SHAPES], dataset.shapes);
    assert.deepEqual([...COLORS], Object.keys(dataset.colors));
    for (const color of COLORS) assert.deepEqual([...PALETTE[color]], dataset.colors[color]);
  });

  for (const it_ of vectors) {
    it(`draws "${it_.caption}" (${it_.name}) as published`, () => {
      const scene = sampleScene(it_.seed, it_.name, it_.heldout ?? undefined);
      assert.equal(scene.caption, it_.caption);
      assert.deepEqual(
        scene.objects.map(o => [o.color, o.shape, o.cx, o.cy, o.r]),
        it_.objs,
      );
      assert.equal(Buffer.from(drawScene(scene.objects)).toString('hex'), it_.image_hex);
      assert.deepEqual(captionTokens(it_.caption), it_.token_ids);
    });
  }

  it('holds the published scenes out', () => {
    const heldOut: string[] = [];
    for (const axis of [0, 1] as const) {
      for (let a = 0; a < 12; a++) {
        for (let b = 0; b < 12; b++) {
          if (a !== b && isHeldOut(a, b, axis)) {
            heldOut.push(sceneCaption(objectOf(a), objectOf(b), axis, false));
          }
        }
      }
    }
    assert.deepEqual(heldOut.sort(), [...dataset.heldout_scenes].sort());
  });

  it('has 540 captions, all of which it reads and writes back', () => {
    const captions = allCaptions();
    assert.equal(new Set(captions).size, 540);
    for (const text of captions) {
      assert.equal(parseCaption(text).text, text);
      assert.equal(tokenText(captionTokens(text)), text);
    }
  });

  it('reads both captions of a scene as the same scene', () => {
    const above = parseCaption('a red square above a blue circle');
    const below = parseCaption('a blue circle below a red square');
    assert.deepEqual(above.scene, below.scene);
    assert.equal(above.scene?.axis, 0);
    assert.equal(parseCaption(' A red square LEFT OF a red circle ').relation, 'left of');
  });

  const wrong: [string, string, number, RegExp][] = [
    ['a purple square', 'purple', 1, /"purple" does not fit and is no word of the model \(word 2\).*"red"/],
    ['red square', 'red', 0, /use "a"/],
    ['a red', '', 2, /a word is missing \(word 3\); use "square", "circle" or "triangle"/],
    ['a red square beside a blue circle', 'beside', 3, /"above", "below", "left" or "right"/],
    ['a red square left a blue circle', 'a', 4, /use "of"/],
    ['a red square above a blue circle now', 'now', 7, /complete before it/],
    ['a red square above a red square', 'red', 5, /the two objects are the same/],
    ['', '', 0, /a word is missing \(word 1\)/],
  ];
  for (const [text, word, position, message] of wrong) {
    it(`says what is wrong with "${text}"`, () => {
      assert.throws(
        () => parseCaption(text),
        (error: CaptionError) => {
          assert.ok(error instanceof CaptionError);
          assert.deepEqual([error.word, error.position], [word, position]);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('names the word of a question that no model knows', () => {
    assert.deepEqual(wordIds('what color is the square?'), [14, 15, 17, 18, 6]);
    assert.throws(
      () => wordIds('what size is it'),
      /"size" \(word 2\) is no word of the model; its words are a, red/,
    );
    assert.throws(() => captionTokens('a a a a a a a a a a a'), /more than 10 words/);
  });

  it('sees every drawn member of the data set as what it is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(undefined, true, false), (n, heldOut) => {
        const scene = sampleScene(7, `scored.${n}`, heldOut);
        const score = scorePicture(drawScene(scene.objects), parseCaption(scene.caption));
        return score.right && score.seen.every(it => it.overlap === 1);
      }),
      { numRuns: 400 },
    );
  });

  it('tells exchanged bindings and a wrong relation from a right picture', () => {
    const caption = parseCaption('a red square above a blue circle');
    const drawn = (text: string) => drawScene(placeCaption(parseCaption(text)));
    assert.equal(scorePicture(drawn('a red square above a blue circle'), caption).right, true);
    const exchanged = scorePicture(drawn('a blue square above a red circle'), caption);
    assert.deepEqual(
      [exchanged.colors, exchanged.shapes, exchanged.exchanged, exchanged.right],
      [true, true, true, false],
    );
    const reversed = scorePicture(drawn('a red square below a blue circle'), caption);
    assert.deepEqual([reversed.binding, reversed.relation, reversed.right], [true, false, false]);
    const single = scorePicture(drawn('a red square'), caption);
    assert.deepEqual([single.count, single.right], [false, false]);
    assert.deepEqual(findObjects(drawScene([])), []);
  });

  it('takes pictures to the networks and back unchanged', () => {
    const pixels = drawScene(sampleScene(3, 'round').objects);
    const tensor = pictureTensor(pixels);
    assert.deepEqual(tensor.shape, [1, 3, 16, 16]);
    assert.equal(tensor.data[0], Math.fround(pixels[0]! / 127.5 - 1));
    assert.deepEqual(picturePixels(tensor), pixels);
  });
});
