import { strict as assert } from 'node:assert';
import { symbolForm } from '../../../src/core/atlas/symbolForm.ts';

describe('symbolForm', () => {
  const cases: readonly (readonly [tex: string, code: readonly string[], name: string, form: string])[] = [
    [String.raw`K_y,\,V_y`, ['ek', 'ev'], 'ev', 'V_y'],
    [
      String.raw`g_v(\boldsymbol{v}),\ g_w(\boldsymbol{w})`,
      ['image', 'text'],
      'image',
      String.raw`g_v(\boldsymbol{v})`,
    ],
    [
      String.raw`g_v(\boldsymbol{v}),\ g_w(\boldsymbol{w})`,
      ['image', 'text'],
      'text',
      String.raw`g_w(\boldsymbol{w})`,
    ],
    [String.raw`s(I, T) / \tau,\ s(T, I) / \tau`, ['i2t', 't2i'], 't2i', String.raw`s(T, I) / \tau`],
    // A space, not a comma.
    [String.raw`t\,\omega`, ['args'], 'args', String.raw`t\,\omega`],
    [String.raw`[\gamma, \beta]`, ['scale_shift'], 'scale_shift', String.raw`[\gamma, \beta]`],
    [String.raw`p(x \mid z, y)`, ['logits'], 'logits', String.raw`p(x \mid z, y)`],
    // Two forms of one name, and three names for two forms: which is which is not said.
    [String.raw`K,\,\tilde{K}`, ['k'], 'k', String.raw`K,\,\tilde{K}`],
    [String.raw`K_y,\,V_y`, ['ek', 'ev', 'encoder_kv'], 'ev', String.raw`K_y,\,V_y`],
    ['Q, K', ['q', 'k'], 'other', 'Q, K'],
  ];
  for (const [tex, code, name, form] of cases) {
    it(`gives ${form} for ${name} of ${tex}`, () =>
      assert.equal(symbolForm({ tex, code: [...code] }, name), form));
  }
});
