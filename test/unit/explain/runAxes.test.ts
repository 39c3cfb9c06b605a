import { strict as assert } from 'node:assert';
import type { EquationSymbol } from '../../../src/core/atlas/schema.ts';
import { runAxes } from '../../../src/core/explain/runAxes.ts';
import type { StepTensor } from '../../../src/core/explain/stepTensor.ts';

const symbol = (code: string, shape: string): EquationSymbol =>
  ({ tex: code, code: [code], shape, meaning: { en: code, ja: code } }) as EquationSymbol;

const tensor = (name: string, ...shape: number[]): StepTensor => ({
  name,
  shape,
  dtype: 'float32',
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index),
});

describe('axes of the tensors of a run', () => {
  const symbols = [symbol('q', '[C, T]'), symbol('k', '[C, S+T]')];

  it('have the names of their symbols', () => {
    const q = tensor('q', 4, 5);
    assert.deepEqual(runAxes(symbols, [q], [])(q), [
      { name: 'C', size: 4 },
      { name: 'T', size: 5 },
    ]);
  });

  it('have no name that holds only later', () => {
    const early = tensor('k', 4, 5);
    const late = tensor('k', 4, 8);
    const axesOf = runAxes(symbols, [early, late], []);
    assert.deepEqual(
      [axesOf(early), axesOf(late)].map(axes => axes.map(axis => axis.name)),
      [
        ['C', undefined],
        ['C', 'S+T'],
      ],
    );
  });

  it('of an output are those of the step tensor that it is', () => {
    const q = tensor('q', 4, 5);
    const y = { ...tensor('y', 4, 5) };
    const other = tensor('z', 5, 4);
    const axesOf = runAxes(symbols, [q], [y, other]);
    assert.deepEqual(
      axesOf(y).map(axis => axis.name),
      ['C', 'T'],
    );
    assert.deepEqual(
      axesOf(other).map(axis => axis.name),
      [undefined, undefined],
    );
  });
});
