import { equal, throws } from 'node:assert/strict';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import type { GoldenCase } from '../../../src/core/minis/goldenCase.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

let atlas: Atlas;

before(async function () {
  this.timeout(60_000);
  atlas = await builtInAtlas();
});

/** A case as somebody else would write it: its id is the name of no driver. */
function foreign(
  entry: string,
  inputs: readonly string[],
  config: Record<string, unknown> = {},
  id = 'a.case.of.another',
): GoldenCase {
  return {
    id,
    entry,
    seed: 0,
    config,
    parameters: [],
    inputs: inputs.map(name => ({ name, shape: [1] })),
    outputs: [],
  };
}

function driverOf(goldenCase: GoldenCase, entry = goldenCase.entry): string {
  return makeRunSpec(atlas.entry(entry)!, { goldenCase }).driver.name;
}

describe('run spec: the driver of a case that no driver is named after', () => {
  const block = 'open_clip.ResidualAttentionBlock.forward';
  const bert = 'blip.BertSelfAttention.forward';
  const rows: [string, GoldenCase, string][] = [
    [
      'no mask is asked for',
      foreign(block, ['x'], { act_layer: 'QuickGELU' }),
      'open_clip.ResidualAttentionBlock',
    ],
    [
      'a mask is given',
      foreign(block, ['x', 'attn_mask'], { act_layer: 'GELU' }),
      'open_clip.ResidualAttentionBlock.causal',
    ],
    ['keys and values are given', foreign(block, ['x', 'kv']), 'open_clip.ResidualAttentionBlock.cross'],
    [
      'cross-attention without a mask',
      foreign(bert, ['hidden_states', 'encoder_hidden_states']),
      'blip.med.BertSelfAttention.cross',
    ],
    ['self-attention', foreign(bert, ['hidden_states', 'attention_mask']), 'blip.med.BertSelfAttention.self'],
    ['a stand-in is for samples', foreign('blip.Attention.forward', ['x']), 'blip.vit.Attention'],
    [
      'with text',
      foreign('glide.QKVAttention.forward', ['qkv', 'encoder_kv']),
      'glide.QKVAttention.encoder_kv',
    ],
    ['without text', foreign('glide.QKVAttention.forward', ['qkv']), 'glide.QKVAttention'],
  ];
  for (const [title, goldenCase, driver] of rows) {
    it(title, () => equal(driverOf(goldenCase), driver));
  }
});

describe('run spec: a case that cannot be meant', () => {
  const attention = 'glide.QKVAttention.forward';

  it('belongs to another entry', () => {
    const other = foreign('glide.ResBlock.forward', ['x', 'emb'], {}, 'glide.ResBlock.film');
    throws(() => driverOf(other, attention), /glide\.ResBlock\.film is one of glide\.ResBlock\.forward/);
  });

  it('may belong to the function that its driver calls on the way', () => {
    const loss = foreign(
      'open_clip.ClipLoss.forward',
      ['image_features_raw', 'text_features_raw', 't'],
      {},
      'clip.loss',
    );
    equal(driverOf(loss, 'open_clip.ClipLoss.get_logits'), 'clip.loss');
  });

  it('holds another kind of value', () => {
    throws(
      () => driverOf(foreign(attention, ['qkv'], { n_heads: 'two' })),
      /n_heads of the case is a number, not "two"/,
    );
  });

  it('leaves the sliders’ ranges and keeps keys of its own', () => {
    equal(
      driverOf(foreign(attention, ['qkv'], { n_heads: 64, note: 'mine', S: null })),
      'glide.QKVAttention',
    );
  });

  it('does not meet what every object inherits', () => {
    const entry = atlas.entry(attention)!;
    for (const name of ['constructor', '__proto__', 'toString']) {
      const config = JSON.parse(`{"${name}": 1}`) as Record<string, unknown>;
      throws(() => makeRunSpec(entry, { config }), new RegExp(`has no config ${name}; it has`));
    }
  });
});

describe('run spec: what the reader cannot choose', () => {
  const clip = 'open_clip.CLIP.forward';

  it('is refused with the reason', () => {
    const entry = atlas.entry(clip)!;
    const trained = new Map();
    throws(
      () => makeRunSpec(entry, { sample: 'binding', config: { batch: 2 } }),
      /^RunSpecError: batch is 4 with the sample binding\.$/,
    );
    throws(
      () => makeRunSpec(entry, { trained, config: { embed_dim: 8 } }),
      /^RunSpecError: embed_dim is 32 with the trained weights clip\.$/,
    );
  });

  it('may be said as it is', () => {
    equal(makeRunSpec(atlas.entry(clip)!, { sample: 'binding', config: { batch: 4 } }).config.batch, 4);
  });

  it('comes with the trained weights, which have one size', () => {
    const { config } = makeRunSpec(atlas.entry(clip)!, { trained: new Map() });
    equal(config.embed_dim, 32);
    equal(config.batch, 2);
  });

  it('are trained weights that do not fit the driver', () => {
    const entry = atlas.entry('dalle2.DiffusionPriorNetwork.forward')!;
    throws(
      () => makeRunSpec(entry, { driver: 'dalle2.DiffusionPriorNetwork.norotary', trained: new Map() }),
      /do not fit the driver dalle2\.DiffusionPriorNetwork\.norotary/,
    );
  });
});
