import { strict as assert } from 'node:assert';
import { type ElementType, tensorData } from '../../../../src/core/trace/graph/data.ts';
import { type Attributes, Graph } from '../../../../src/core/trace/graph/graph.ts';
import { erf } from '../../../../src/core/trace/kernels/erf.ts';
import { evaluate } from '../../../../src/core/trace/kernels/evaluate.ts';

/** An operand: its type, shape and numbers. */
type Operand = readonly [ElementType, readonly number[], readonly number[]];
const floats = (...values: number[]): Operand => ['float32', [values.length], values];
const ints = (...values: number[]): Operand => ['int64', [values.length], values];

function compute(op: string, operands: readonly Operand[], attributes: Attributes = {}): number[][] {
  const graph = new Graph();
  const feeds = new Map(
    operands.map(([type, shape, values], i) => [`x${i}`, tensorData(type, shape, values)] as const),
  );
  const inputs = operands.map(([type, shape], i) => graph.feed('input', `x${i}`, type, shape));
  return evaluate(graph.ops(op, inputs, attributes), feeds).map(o => Array.from(o.data));
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('kernels', () => {
  const cases: readonly (readonly [
    string,
    string,
    readonly Operand[],
    Attributes,
    readonly (readonly number[])[],
  ])[] = [
    ['halves round to even', 'Round', [floats(0.5, 1.5, 2.5, -0.5, -1.5)], {}, [[0, 2, 2, -0, -2]]],
    [
      'remainders have the sign of the divisor',
      'Mod',
      [ints(7, -7, 7, -7), ints(3, 3, -3, -3)],
      { fmod: 0 },
      [[1, 2, -2, -1]],
    ],
    [
      'C remainders have the sign of the dividend',
      'Mod',
      [floats(7, -7), floats(3, 3)],
      { fmod: 1 },
      [[1, -1]],
    ],
    ['integers are divided towards zero', 'Div', [ints(7, -7), ints(2, 2)], {}, [[3, -3]]],
    ['not-a-number wins in Max', 'Max', [floats(1, nan), floats(nan, 1)], {}, [[nan, nan]]],
    ['not-a-number wins in ReduceMax', 'ReduceMax', [floats(1, nan, 3)], { axes: [0], keepdims: 0 }, [[nan]]],
    ['not-a-number counts as largest', 'ArgMax', [floats(1, nan, 3)], { axis: 0, keepdims: 0 }, [[1]]],
    ['the first of equal values is picked', 'ArgMax', [floats(1, 3, 3)], { axis: 0, keepdims: 0 }, [[1]]],
    [
      'equal values keep their order',
      'TopK',
      [floats(2, 1, 2, 1)],
      { axis: 0, k: 3, largest: 1 },
      [
        [2, 2, 1],
        [0, 2, 1],
      ],
    ],
    ['softmax does not overflow', 'Softmax', [floats(1000, 1000)], { axis: 0 }, [[0.5, 0.5]]],
    ['softmax of minus infinity is zero', 'Softmax', [floats(-inf, 0)], { axis: 0 }, [[0, 1]]],
    [
      'softmax of nothing but minus infinity is not a number',
      'Softmax',
      [floats(-inf, -inf)],
      { axis: 0 },
      [[nan, nan]],
    ],
    [
      'infinity becomes the smallest integer',
      'Cast',
      [floats(inf, 2.9, -2.9)],
      { to: 'int64' },
      [[-(2 ** 63), 2, -2]],
    ],
    ['not-a-number is true', 'Cast', [floats(nan, 0, -0)], { to: 'bool' }, [[1, 0, 0]]],
    ['negative indices count from the end', 'Gather', [floats(1, 2, 3), ints(-1, 0)], { axis: 0 }, [[3, 1]]],
    ['one to any power is one', 'Pow', [floats(1, 2), floats(nan, 0)], {}, [[1, 1]]],
    ['sums of nothing are zero', 'ReduceSum', [['float32', [0], []]], { axes: [0], keepdims: 0 }, [[0]]],
  ];
  for (const [title, op, operands, attributes, expected] of cases)
    it(title, () => assert.deepEqual(compute(op, operands, attributes), expected));

  it('sum in double precision and round once', () => {
    const many = new Array<number>(100_000).fill(0.1);
    const [sum] = compute('ReduceSum', [floats(...many)], { axes: [0], keepdims: 0 });
    assert.equal(sum![0], Math.fround(Math.fround(0.1) * 100_000));
  });

  it('refuse integers beyond 2^53, division by zero and indices out of range', () => {
    assert.throws(() => compute('Mul', [ints(2 ** 52), ints(4)]), /beyond 2\^53/);
    assert.throws(() => compute('Div', [ints(1), ints(0)]), /ZeroDivisionError/);
    assert.throws(
      () => compute('Gather', [floats(1, 2), ints(2)], { axis: 0 }),
      /index 2 is out of bounds for dimension with size 2/,
    );
  });

  it('have the error function to fifteen digits', () => {
    // Abramowitz & Stegun, table 7.1
    const table = [
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
    ] as const;
    for (const [x, y] of table) {
      assert.ok(Math.abs(erf(x) - y) < 2e-15, `erf(${x}) = ${erf(x)}`);
      assert.equal(erf(-x), -erf(x));
    }
    assert.equal(erf(inf), 1);
    assert.ok(Number.isNaN(erf(nan)));
  });
});
