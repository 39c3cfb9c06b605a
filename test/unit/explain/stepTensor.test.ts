import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { codeTokens } from '../../../src/core/explain/codeTokens.ts';
import { npyFile } from '../../../src/core/explain/npyFile.ts';
import { numpyText, tensorJson } from '../../../src/core/explain/numpyText.ts';
import {
  isDistribution,
  type StepTensor,
  tensorSlice,
  tensorStats,
} from '../../../src/core/explain/stepTensor.ts';

const tensor = (shape: number[], values: number[], dtype: StepTensor['dtype'] = 'float32'): StepTensor => ({
  name: 'a',
  shape,
  dtype,
  values: Float32Array.from(values),
});

describe('tensorSlice', () => {
  it('reads every element of a random tensor at its own index', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, shape => {
        const size = shape.reduce((product, n) => product * n, 1);
        const whole = tensor(
          shape,
          Array.from({ length: size }, (_, i) => i),
        );
        const leadingShape = shape.slice(0, -2);
        const seen: number[] = [];
        const walk = (leading: number[]): void => {
          if (leading.length < leadingShape.length) {
            for (let i = 0; i < leadingShape[leading.length]!; i++) walk([...leading, i]);
            return;
          }
          const slice = tensorSlice(whole, leading);
          for (let row = 0; row < slice.rows; row++) {
            for (let column = 0; column < slice.columns; column++) {
              const index = slice.indexOf(row, column);
              const flat = index.reduce((sum, n, axis) => sum * shape[axis]! + n, 0);
              assert.equal(slice.at(row, column), flat);
              seen.push(flat);
            }
          }
        };
        walk([]);
        assert.equal(new Set(seen).size, size);
      }),
    );
  });
});

describe('tensorStats', () => {
  it('leaves out and counts what is not finite', () => {
    const stats = tensorStats(tensor([4], [1, -3, Number.NaN, Number.POSITIVE_INFINITY]));
    assert.deepEqual(stats, { min: -3, max: 1, mean: -1, notFinite: 2 });
  });
});

describe('isDistribution', () => {
  const cases: readonly [string, StepTensor, boolean][] = [
    ['rows that sum to one', tensor([2, 2], [0.25, 0.75, 1, 0]), true],
    ['a negative element', tensor([1, 2], [-0.5, 1.5]), false],
    ['a row that does not sum to one', tensor([2, 2], [0.5, 0.5, 0.5, 0.4]), false],
    ['a scalar', tensor([], [1]), false],
  ];
  for (const [what, given, expected] of cases)
    it(`${what}: ${expected}`, () => assert.equal(isDistribution(given), expected));
});

describe('npyFile', () => {
  for (const dtype of ['float32', 'float64', 'int64', 'int32', 'bool'] as const) {
    it(`writes ${dtype} with a header that ends on a multiple of 64`, () => {
      const bytes = npyFile(tensor([2, 2], [0, 1, 1, 0], dtype));
      assert.equal(Buffer.from(bytes.slice(1, 6)).toString(), 'NUMPY');
      const header = new DataView(bytes.buffer).getUint16(8, true);
      assert.equal((header + 10) % 64, 0);
      assert.match(Buffer.from(bytes.slice(10, 10 + header)).toString(), /'shape': \(2, 2\), \}\s*\n$/);
      assert.equal((bytes.length - header - 10) % 4, 0);
    });
  }
});

describe('numpyText and tensorJson', () => {
  it('write numbers that read back as the same float32', () => {
    const values = [0.1, -1e-20, 3.4e38, 5];
    const text = numpyText(tensor([4], values));
    const read = /\[(.*)\]/.exec(text)![1]!.split(', ').map(Number);
    assert.deepEqual(read.map(Math.fround), values.map(Math.fround));
    assert.deepEqual(
      JSON.parse(tensorJson(tensor([4], values))).values.map(Math.fround),
      values.map(Math.fround),
    );
  });
  it('have words for what is not finite', () => {
    const odd = tensor([2], [Number.NaN, Number.NEGATIVE_INFINITY]);
    assert.match(numpyText(odd), /np\.nan, -np\.inf/);
    assert.deepEqual(JSON.parse(tensorJson(odd)).values, ['NaN', '-Infinity']);
  });
});

describe('codeTokens', () => {
  const symbols = [
    { tex: 'Q', code: ['q'], meaning: { en: 'q', ja: 'q' } },
    { tex: 't', code: ['self.scale'], meaning: { en: 't', ja: 't' } },
  ];
  it('gives the code back, line by line', () => {
    const code = 'def f(self, q):\n    """doc\n    q"""\n    return q * self.scale.exp()  # q\n';
    assert.equal(
      codeTokens(code, symbols)
        .map(line => line.map(token => token.text).join(''))
        .join('\n'),
      code,
    );
  });
  it('marks names that hold symbols, not comments, strings or parts of names', () => {
    const marked = (code: string) =>
      codeTokens(code, symbols)
        .flat()
        .filter(token => token.symbol !== undefined)
        .map(token => token.text);
    // `self` has a scope of its own, so that a dotted name may come in two tokens.
    assert.equal(marked('qk = q @ self.scale.exp() # q\n"q"').join(''), 'qself.scale');
  });
});
