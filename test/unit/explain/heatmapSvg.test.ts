import { strict as assert } from 'node:assert';
import { heatmapSvg } from '../../../src/core/explain/heatmapSvg.ts';
import type { StepTensor } from '../../../src/core/explain/stepTensor.ts';

const caption = { title: 'weights <A> & "B"', axes: ['T = 2', 'S = 3'], ink: '#cccccc' } as const;
const tensor = (values: number[], ...shape: number[]): StepTensor => ({
  name: 'weight',
  shape,
  dtype: 'float32',
  values: Float32Array.from(values),
});
const titles = (svg: string) => [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(match => match[1]);

describe('a heatmap as SVG', () => {
  it('has every cell of the slice with its index and value', () => {
    const svg = heatmapSvg(tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 2, 2, 3), [1], caption);
    assert.deepEqual(titles(svg), [
      '[1, 0, 0] = 6',
      '[1, 0, 1] = 7',
      '[1, 0, 2] = 8',
      '[1, 1, 0] = 9',
      '[1, 1, 1] = 10',
      '[1, 1, 2] = 11',
    ]);
    for (const words of ['T = 2', 'S = 3', '>11<', '>0<']) assert.ok(svg.includes(words), words);
  });

  it('gives equal values equal colours, others other ones', () => {
    const svg = heatmapSvg(tensor([1, 2, 1], 3), [], caption);
    const [a, b, c] = [...svg.matchAll(/fill="([^"]+)"><title>/g)].map(match => match[1]);
    assert.equal(a, c);
    assert.notEqual(a, b);
  });

  it('crosses out what is no number', () => {
    const svg = heatmapSvg(tensor([1, Number.NaN], 2), [], caption);
    assert.equal(svg.match(/<path /g)?.length, 1);
    assert.ok(svg.includes('NaN'));
  });

  it('lets no text become markup', () => {
    const svg = heatmapSvg(tensor([1], 1), [], { ...caption, ink: '"><script>' });
    assert.ok(!svg.includes('<A>') && !svg.includes('<script>'));
  });
});
