import { strict as assert } from 'node:assert';
import { sourcesFromMap } from '../../../../src/core/trace/sourceProvider.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { makeTracer } from '../torch/snippetRunner.ts';

/** What cannot be done truthfully, and the name that the refusal has to say. */
const refused: readonly (readonly [code: string, name: string])[] = [
  ['nn.LSTM(2, 3)', 'torch.nn.LSTM'],
  ['nn.GRU(2, 3)', 'torch.nn.GRU'],
  ['nn.EmbeddingBag(3, 2)', 'torch.nn.EmbeddingBag'],
  ['nn.LazyLinear(3)', 'torch.nn.LazyLinear'],
  ['nn.Embedding(3, 2, max_norm=1.0)', 'max_norm'],
  ['nn.Fold((2, 2), 1)', 'torch.nn.Fold'],
  ['nn.Dropout(0.5).train()(x)', 'dropout'],
  ['nn.Dropout2d(0.5).train()(x)', 'dropout'],
  ['F.dropout(x)', 'dropout'],
  ['F.gumbel_softmax(x)', 'gumbel_softmax'],
  ['F.grid_sample(x, x)', 'grid_sample'],
  ['F.ctc_loss(x, x, x, x)', 'ctc_loss'],
  ['F.normalize(x, out=x)', 'normalize(out'],
  ['F.mse_loss(x, x, weight=x)', 'mse_loss(weight'],
  ['nn.init.orthogonal_(x)', 'orthogonal_'],
  ['nn.utils.clip_grad_norm_([x], 1.0)', 'clip_grad_norm_'],
  ["torch.load('weights.pt')", 'torch.load'],
  ["torch.save(x, 'weights.pt')", 'torch.save'],
  ["torch.hub.load('a/b', 'c')", 'torch.hub.load'],
  ["torch.jit.load('x')", 'torch.jit.load'],
  ['torch.linalg.svd(x)', 'torch.linalg.svd'],
  ['torch.linalg.no_such_thing(x)', 'torch.linalg.no_such_thing'],
  ['torch.vmap(abs)', 'torch.vmap'],
  ['torch.no_such_function(x)', 'torch.no_such_function'],
  ['torch.autograd.grad(x, x)', 'torch.autograd.grad'],
  ['torch.optim.AdamW([x])', 'torch.optim.AdamW'],
  ['torch.utils.data.DataLoader([x])', 'DataLoader'],
  ['torch.distributed.isend(x, 1)', 'torch.distributed.isend'],
  ["hasattr(torch, 'something_new')", 'torch.something_new'],
  ["timm.create_model('vit_base_patch16_224')", 'timm.create_model'],
  ['timm.layers.DropPath(0.1).train()(x)', 'DropPath'],
  ["transformers.AutoModel.from_pretrained('bert')", 'AutoModel.from_pretrained'],
  ["transformers.BertTokenizer.from_pretrained('bert')", 'BertTokenizer.from_pretrained'],
  ["transformers.BertConfig.from_json_file('c.json')", 'BertConfig.from_json_file'],
  ['transformers.PreTrainedModel(transformers.BertConfig()).generate()', 'generate'],
  ['transformers.T5Model', 'transformers.T5Model'],
  ['np.random.rand(3)', 'numpy.random.rand'],
  ["np.load('a.npy')", 'numpy.load'],
  ['np.fft', 'numpy.fft'],
  ['RotaryEmbedding(8, use_xpos=True)', 'use_xpos'],
];

describe('what the stand-ins cannot do truthfully', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await makeTracer();
  });

  /** Inside `try … except Exception`, which must not swallow a refusal. */
  function failureOf(code: string) {
    const run = tracer.start({ sources: sourcesFromMap(new Map(), []), capture: false });
    const outcome = run.exec(
      `import numpy as np
import timm
import timm.layers
import torch
import transformers
from rotary_embedding_torch import RotaryEmbedding
from torch import nn
import torch.nn.functional as F
x = torch.ones(1, 2, 3, 3)
try:
    result = ${code}
except Exception:
    result = None
`,
      'main.py',
    );
    return outcome.ok ? undefined : outcome.failure;
  }

  it('is refused by name at the line that asked for it, and no except clause hides it', function () {
    this.timeout(60_000);
    const wrong = refused.flatMap(([code, name]) => {
      const failure = failureOf(code);
      if (!failure) return [`${code}: went through`];
      if (failure.kind !== 'refusal')
        return [`${code}: ${failure.kind} ${failure.construct}: ${failure.message}`];
      if (!`${failure.construct} ${failure.message}`.includes(name))
        return [`${code}: says ${failure.message}`];
      return failure.file === 'main.py' && failure.line === 10
        ? []
        : [`${code}: placed at ${failure.file}:${failure.line}`];
    });
    assert.deepEqual(wrong, []);
  });
});
