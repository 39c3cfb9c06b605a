import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { defaultRule, type RuledTensor, tensorByRule } from '../../../src/core/minis/tensorByRule.ts';

const GOLDENS = new URL('../../fixtures/goldens/', import.meta.url);

interface GoldenTensor {
  name: string;
  shape: number[];
  dtype?: 'float32' | 'float64' | 'int64' | 'bool';
  rule: RuledTensor['rule'] | 'tied';
  scale?: number;
  vocab?: number;
  head?: number[];
  values?: (number | string)[];
}

describe('tensorByRule', () => {
  // The test vector of test/fixtures/goldens/RULE.md.
  const vector: [RuledTensor, number, number[]][] = [
    [
      { name: 'x', shape: [5], rule: 'input' },
      0,
      [-0.372573435, -0.475166053, 0.29671064, -0.664512813, -0.165729672],
    ],
    [
      { name: 'attn.in_proj_weight', shape: [2, 16], rule: 'weight' },
      0,
      [-0.204220474, -0.234586924, -0.167130589, 0.0414595008, 0.236954629],
    ],
    [
      { name: 'ln_1.weight', shape: [5], rule: 'norm' },
      0,
      [1.00662422, 0.933241189, 1.02274883, 1.04132354, 1.08830905],
    ],
    [
      { name: 'ln_1.bias', shape: [5], rule: 'bias' },
      1,
      [-0.00690452429, 0.0544616319, 0.00939266756, -0.0669588223, -0.0859725252],
    ],
    [{ name: 'tokens', shape: [5], rule: 'token', vocab: 30 }, 0, [0, 26, 1, 13, 25]],
  ];
  for (const [wanted, seed, numbers] of vector) {
    it(`gives the published numbers by the rule "${wanted.rule}"`, () => {
      const { data } = tensorByRule(wanted, seed);
      for (const [index, value] of numbers.entries()) assert.ok(Math.abs(data[index]! - value) < 1e-8);
    });
  }

  it('gives the first values of every parameter and all values of every input of the golden cases', () => {
    let checked = 0;
    for (const file of readdirSync(GOLDENS).filter(name => name.endsWith('.json'))) {
      const golden = JSON.parse(readFileSync(new URL(file, GOLDENS), 'utf8')) as {
        seed: number;
        parameters: GoldenTensor[];
        inputs: GoldenTensor[];
      };
      for (const it of [...golden.parameters, ...golden.inputs]) {
        const listed = it.head ?? it.values;
        if (it.rule === 'tied' || it.rule === 'explicit' || !listed) continue;
        const { data } = tensorByRule({ ...it, rule: it.rule, type: it.dtype ?? 'float32' }, golden.seed);
        for (const [index, value] of listed.entries()) {
          assert.ok(Math.abs(data[index]! - Number(value)) < 1e-7, `${file}: ${it.name}[${index}]`);
        }
        checked++;
      }
    }
    assert.ok(checked > 500, `${checked} tensors`);
  });

  it('knows which rule each parameter of the golden cases follows', () => {
    const surprises: string[] = [];
    for (const file of readdirSync(GOLDENS).filter(name => name.endsWith('.json'))) {
      const golden = JSON.parse(readFileSync(new URL(file, GOLDENS), 'utf8')) as {
        parameters: GoldenTensor[];
      };
      for (const it of golden.parameters) {
        if (it.rule === 'tied' || it.rule === 'explicit') continue;
        const rule = defaultRule(it.name, it.shape, it.dtype ?? 'float32');
        if (rule !== it.rule) surprises.push(`${file}: ${it.name} ${it.rule}, not ${rule}`);
      }
    }
    assert.deepEqual(surprises, []);
  });

  it('says what an explicit tensor lacks', () => {
    assert.throws(
      () => tensorByRule({ name: 'mask', shape: [2, 2], rule: 'explicit', values: [1] }, 0),
      /mask: 1 values for the shape \[2, 2\]/,
    );
    assert.throws(
      () => tensorByRule({ name: 'ids', shape: [2], rule: 'token' }, 0),
      /ids: the token rule needs a vocabulary/,
    );
  });
});
