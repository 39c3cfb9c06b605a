import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { contextsOf } from '../../../src/core/recognition/functionContext.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { findPythonFiles } from '../../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const FILES = 'test/fixtures/recognition/files';

describe('recognition', () => {
  let parser: PythonParser;
  let recognizer: Recognizer;
  before(async () => {
    parser = await loadPythonParser();
    recognizer = new Recognizer(await builtInAtlas());
  });
  after(() => parser.dispose());

  const matchesIn = async (path: string) =>
    recognizer.matches(parser.outline(await readFile(path, 'utf8')), { path });
  const summary = async (path: string) =>
    (await matchesIn(path)).map(it => [it.function.qualname, it.entryId, it.variants]);

  it('says nothing of functions that only share names', async () => {
    assert.deepEqual(await summary(`${FILES}/near_misses.py`), []);
  });

  it('says nothing of the sample that must stay silent', async () => {
    assert.deepEqual(await summary('samples/silent.py'), []);
  });

  it('names in what guided-diffusion differs', async () => {
    assert.deepEqual(await summary(`${FILES}/guided.py`), [
      ['QKVAttentionLegacy.forward', 'glide.QKVAttention.forward', ['no_text']],
      ['QKVAttention.forward', 'glide.QKVAttention.forward', ['qkv_outermost', 'no_text']],
    ]);
  });

  it('names another channel order and a mask together, and no cast that is not there', async () => {
    assert.deepEqual(await summary(`${FILES}/masked.py`), [
      ['QKVAttention.forward', 'glide.QKVAttention.forward', ['masked', 'qkv_outermost']],
    ]);
    const [match] = await matchesIn(`${FILES}/masked.py`);
    const entry = recognizer.atlas.entry('glide.QKVAttention.forward');
    assert.ok(match && entry);
    const differences = recognizer.align(entry, match.function).differences.map(it => it.id);
    assert.deepEqual(differences, ['root_on_both']);
  });

  it('recognises the sample of GLIDE', async () => {
    const found = (await summary('samples/glide/unet.py')).map(([qualname]) => qualname);
    for (const qualname of [
      'TimestepBlock.forward',
      'ResBlock.forward',
      'AttentionBlock.forward',
      'QKVAttention.forward',
    ]) {
      assert.ok(found.includes(qualname), qualname);
    }
  });

  it('recognises what our own modules write as equations, each as itself', async () => {
    const { files } = await findPythonFiles('packs');
    let count = 0;
    for (const file of files) {
      for (const match of await matchesIn(`packs/${file}`)) {
        const entry = recognizer.atlas.entry(match.entryId);
        assert.ok(entry?.signature);
        assert.equal(entry.signature.name, match.function.name, `${file} ${match.function.qualname}`);
        count++;
      }
    }
    assert.ok(count >= 50, `only ${count} functions of our modules were recognised`);
  });

  const edits: [what: string, edit: (text: string) => string, entry: string | undefined][] = [
    ['the file in another folder', text => text, 'glide.QKVAttention.forward'],
    [
      'an extra parameter',
      text => text.replace('encoder_kv=None):', 'encoder_kv=None, mask=None):'),
      'glide.QKVAttention.forward',
    ],
    [
      'a class with a longer name',
      text => text.replace('class QKVAttention(', 'class TextQKVAttention('),
      'glide.QKVAttention.forward',
    ],
    ['softmax replaced', text => text.replace('softmax(', 'sigmoid('), undefined],
    ['concatenation replaced', text => text.replaceAll('torch.cat(', 'torch.stack('), undefined],
    [
      'another function name',
      text => text.replace('def forward(self, qkv', 'def extra_repr(self, qkv'),
      undefined,
    ],
  ];
  for (const [what, edit, expected] of edits) {
    it(`${expected === undefined ? 'falls silent' : 'still recognises'}: ${what}`, async () => {
      const text = await readFile('packs/glide/mini/unet.py', 'utf8');
      const start = text.indexOf('class QKVAttention(');
      const end = text.indexOf('\nclass ', start);
      const changed = text.slice(0, start) + edit(text.slice(start, end)) + text.slice(end);
      if (what !== 'the file in another folder') assert.notEqual(changed, text);
      const outline = parser.outline(changed);
      const fn = outline.functions.find(it => /QKVAttention\.(forward|extra_repr)$/.test(it.qualname));
      assert.ok(fn);
      const found = recognizer
        .matches(outline, { path: 'other/place/attention.py' })
        .find(it => it.function === fn);
      assert.equal(found?.entryId, expected);
    });
  }

  it('keeps the reasons: evidence for a match, the reason for a refusal, the runner-up', async () => {
    const [match] = (await matchesIn('packs/glide/mini/unet.py')).filter(
      it => it.entryId === 'glide.QKVAttention.forward',
    );
    assert.ok(match);
    const kinds = match.evidence.map(it => it.kind);
    for (const kind of ['name', 'class', 'parameters', 'calls'] as const)
      assert.ok(kinds.includes(kind), kind);
    assert.ok(match.confidence > 0.7 && match.confidence <= 1);
    const text = await readFile(`${FILES}/near_misses.py`, 'utf8');
    const contexts = contextsOf(parser.outline(text), { path: 'near_misses.py' });
    const sigmoid = contexts.find(it => it.fn.qualname === 'SigmoidAttention.forward');
    assert.ok(sigmoid);
    assert.match(recognizer.judge(sigmoid)[0]?.rejected ?? '', /softmax → sigmoid/);
  });

  it('judges a body that was cut into helper methods as a whole', () => {
    const text = [
      'class QKVAttention(nn.Module):',
      '    def __init__(self, n_heads):',
      '        self.n_heads = n_heads',
      '',
      '    def _attend(self, q, k, v, ch):',
      '        scale = 1 / math.sqrt(math.sqrt(ch))',
      '        weight = th.einsum("bct,bcs->bts", q * scale, k * scale)',
      '        weight = th.softmax(weight.float(), dim=-1).type(weight.dtype)',
      '        return th.einsum("bts,bcs->bct", weight, v)',
      '',
      '    def forward(self, qkv, encoder_kv=None):',
      '        bs, width, length = qkv.shape',
      '        ch = width // (3 * self.n_heads)',
      '        heads = bs * self.n_heads',
      '        q, k, v = qkv.reshape(heads, 3 * ch, length).split(ch, dim=1)',
      '        if encoder_kv is not None:',
      '            ek, ev = encoder_kv.reshape(heads, 2 * ch, -1).split(ch, dim=1)',
      '            k, v = th.cat([ek, k], dim=-1), th.cat([ev, v], dim=-1)',
      '        a = self._attend(q, k, v, ch)',
      '        return a.reshape(bs, -1, length)',
    ].join('\n');
    const matches = recognizer.matches(parser.outline(text), { path: 'unet.py' });
    assert.deepEqual(
      matches.map(it => it.entryId),
      ['glide.QKVAttention.forward'],
    );
    const elsewhere = recognizer.matches(parser.outline(text.replace('th.softmax', 'th.sigmoid')), {
      path: 'unet.py',
    });
    assert.deepEqual(elsewhere, []);
  });

  it('gives the same answer every time', async () => {
    assert.deepEqual(await summary('packs/glide/mini/unet.py'), await summary('packs/glide/mini/unet.py'));
  });
});
