import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fnv1a, gaussianNoise, RuleStream } from '../../../src/core/minis/ruleStream.ts';

describe('RuleStream', () => {
  // The test vector of test/fixtures/goldens/RULE.md.
  const vector: [string, number, number[]][] = [
    [
      '0:x',
      0xa1b2cad5,
      [0.31371327629312873, 0.26241697440855205, 0.648355319397524, 0.16774358204565942, 0.41713516251184046],
    ],
    [
      '0:attn.in_proj_weight',
      0x9958576a,
      [
        0.09155904431827366, 0.030826138332486153, 0.16573881590738893, 0.5829190018121153,
        0.9739092667587101,
      ],
    ],
    [
      '0:ln_1.weight',
      0x0e98887d,
      [0.5331209325231612, 0.16620587510988116, 0.6137442623730749, 0.7066177153028548, 0.941544984234497],
    ],
    [
      '1:ln_1.bias',
      0xc595f477,
      [0.4654773788060993, 0.7723081610165536, 0.5469633392058313, 0.16520590102300048, 0.07013739016838372],
    ],
    [
      '0:tokens',
      0x6ba739f5,
      [
        0.023423974867910147, 0.8874713187105954, 0.038384812185540795, 0.45475255814380944,
        0.8637263008859009,
      ],
    ],
  ];
  for (const [name, hash, numbers] of vector) {
    it(`gives the published numbers for "${name}"`, () => {
      assert.equal(fnv1a(name), hash);
      const stream = new RuleStream(name);
      assert.deepEqual(
        numbers.map(() => stream.next()),
        numbers,
      );
    });
  }

  it('gives the published noise', () => {
    const wanted = [-2.50035238, 2.02486968, 1.42915261, -0.709241211, 1.54682064, 0.054854773];
    const noise = gaussianNoise('0:noise.demo', wanted.length);
    for (const [index, value] of wanted.entries()) assert.ok(Math.abs(noise[index]! - value) < 1e-8);
  });

  it('stays in range whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 1000 }), (name, n) => {
        const stream = new RuleStream(name);
        const u = stream.next();
        const k = stream.below(n);
        return u >= 0 && u < 1 && Number.isInteger(k) && k >= 0 && k < n && Number.isFinite(stream.gauss());
      }),
    );
  });
});
