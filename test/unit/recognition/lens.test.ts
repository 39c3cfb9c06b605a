import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Lens } from '../../../src/core/lens.ts';
import { Pace } from '../../../src/core/python/pace.ts';
import type { Position } from '../../../src/core/python/position.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import type { Sighting } from '../../../src/core/recognition/match.ts';
import type { SourceDocument, SourceProvider } from '../../../src/core/sources.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

/** Files by path; uris are `mem:/` and the path. */
class MemorySources implements SourceProvider {
  reads = 0;
  constructor(private readonly files: Record<string, string>) {}

  async read(base: string, path: string): Promise<SourceDocument | undefined> {
    this.reads++;
    const uri = new URL(path, base.replace('mem:/', 'http://mem/')).href.replace('http://mem/', 'mem:/');
    const text = this.files[uri.slice('mem:/'.length)];
    return text === undefined ? undefined : { uri, version: 1, path: uri, text };
  }
}

describe('Lens', () => {
  let parser: PythonParser;
  let unet: string;
  let files: Record<string, string>;
  let sources: MemorySources;
  let lens: Lens;
  before(async () => {
    parser = await loadPythonParser();
    unet = await readFile('packs/glide/mini/unet.py', 'utf8');
  });
  beforeEach(async () => {
    files = { 'repo/model/unet.py': unet };
    sources = new MemorySources(files);
    lens = new Lens(parser, await builtInAtlas(), sources);
  });
  afterEach(() => lens.dispose());
  after(() => parser.dispose());

  const document = (path: string, text: string, version = 1): SourceDocument => ({
    uri: `mem:/${path}`,
    version,
    path,
    text,
  });
  /** The place of `word` in the first line that holds `line`. */
  const placeOf = (text: string, line: string, word: string): Position => {
    const lines = text.split('\n');
    const at = lines.findIndex(it => it.includes(line));
    assert.ok(at >= 0, line);
    return { line: at, character: lines[at]!.indexOf(word, lines[at]!.indexOf(line)) + 1 };
  };
  const sight = (path: string, text: string, line: string, word: string): Promise<Sighting | undefined> =>
    lens.sightingAt(document(path, text), placeOf(text, line, word));

  it('sees a definition on its name', async () => {
    const sighting = await sight('repo/model/unet.py', unet, 'def forward(self, qkv', 'forward');
    assert.equal(sighting?.kind, 'definition');
    assert.equal(sighting?.kind === 'definition' && sighting.match.entryId, 'glide.QKVAttention.forward');
  });

  it('follows self.attention(…) through __init__', async () => {
    const sighting = await sight('repo/model/unet.py', unet, 'self.attention(qkv', 'attention');
    assert.equal(sighting?.kind, 'call');
    assert.equal(sighting?.kind === 'call' && sighting.entryId, 'glide.QKVAttention.forward');
    assert.equal(sighting?.kind === 'call' && sighting.callee, 'self.attention');
  });

  it('tells the symbol and the step of a variable', async () => {
    const sighting = await sight('repo/model/unet.py', unet, 'weight.softmax(', 'weight');
    assert.equal(sighting?.kind, 'symbol');
    if (sighting?.kind !== 'symbol') return;
    assert.equal(sighting.match.entryId, 'glide.QKVAttention.forward');
    assert.ok(sighting.symbol.code.includes('weight'));
    assert.ok(sighting.step);
  });

  const callers: [what: string, text: string, line: string, word: string, entry: string | undefined][] = [
    [
      'a class imported relatively',
      'from .unet import QKVAttention\n\n\nclass A(nn.Module):\n    def __init__(self):\n        self.att = QKVAttention(2)\n\n    def run(self, x):\n        return self.att(x)\n',
      'self.att(x)',
      'att',
      'glide.QKVAttention.forward',
    ],
    [
      'a class imported absolutely, under another name',
      'from model.unet import QKVAttention as Q\nmodel = Q(2)\ny = model(x)\n',
      'model(x)',
      'model',
      'glide.QKVAttention.forward',
    ],
    [
      'a construction',
      'import model.unet\nlayer = model.unet.QKVAttention(2)\n',
      'unet.QKVAttention(',
      'QKVA',
      'glide.QKVAttention.forward',
    ],
    [
      'one of two classes, the same either way',
      'from .unet import QKVAttention\n\n\nclass A:\n    def __init__(self, big):\n        self.att = QKVAttention(8) if big else QKVAttention(2)\n\n    def run(self, x):\n        return self.att(x)\n',
      'self.att(x)',
      'att',
      'glide.QKVAttention.forward',
    ],
    [
      'one of two classes, one of them unknown to the atlas',
      'from .unet import QKVAttention\n\n\nclass Other:\n    def forward(self, x):\n        return x\n\n\nclass A:\n    def __init__(self, big):\n        self.att = QKVAttention(8) if big else Other()\n\n    def run(self, x):\n        return self.att(x)\n',
      'self.att(x)',
      'att',
      undefined,
    ],
    [
      'members of a module list in a loop',
      'from .unet import QKVAttention\n\n\nclass A:\n    def __init__(self):\n        self.layers = nn.ModuleList([QKVAttention(2) for _ in range(3)])\n\n    def run(self, x):\n        for layer in self.layers:\n            x = layer(x)\n        return x\n',
      'layer(x)',
      'layer',
      'glide.QKVAttention.forward',
    ],
    [
      'a method that is inherited',
      'from .unet import QKVAttention\n\n\nclass Mine(QKVAttention):\n    pass\n\n\ndef run(x):\n    att = Mine(2)\n    return att(x)\n',
      'return att(x)',
      'att',
      'glide.QKVAttention.forward',
    ],
    [
      'a parameter with a type',
      'from .unet import QKVAttention\n\n\ndef run(att: QKVAttention, x):\n    return att(x)\n',
      'return att(x)',
      'att(',
      'glide.QKVAttention.forward',
    ],
    [
      'a star import',
      'from .unet import *\nlayer = QKVAttention(2)\n',
      'QKVAttention(',
      'QKVA',
      'glide.QKVAttention.forward',
    ],
    [
      'a name from nowhere',
      'from .gone import QKVAttention\nlayer = QKVAttention(2)\n',
      'layer = QKV',
      'QKVA',
      undefined,
    ],
    [
      'a call of what another call gave',
      'from .unet import make\ny = make()(x)\n',
      'make()',
      'make',
      undefined,
    ],
  ];
  for (const [what, text, line, word, entry] of callers) {
    it(`${entry ? 'resolves' : 'stays silent for'} ${what}`, async () => {
      const sighting = await sight('repo/model/caller.py', text, line, word);
      assert.equal(sighting?.kind === 'call' ? sighting.entryId : undefined, entry);
      if (sighting?.kind === 'call') assert.equal(sighting.uri, 'mem:/repo/model/unet.py');
    });
  }

  it('ends on imports that go round in circles', async () => {
    files['repo/a.py'] = 'from .b import Thing\n';
    files['repo/b.py'] = 'from .a import Thing\n';
    assert.equal(
      await sight('repo/c.py', 'from .a import Thing\nThing(1)\n', 'Thing(1)', 'Thing'),
      undefined,
    );
  });

  it('asks nobody for torch', async () => {
    await sight('repo/c.py', 'import torch.nn as nn\nlayer = nn.Linear(1, 1)\n', 'nn.Linear(', 'Linear');
    assert.equal(sources.reads, 0);
  });

  it('stops when the question is withdrawn', async () => {
    const text = 'from .unet import QKVAttention\nlayer = QKVAttention(2)\n';
    const at = placeOf(text, 'layer = ', 'QKVA');
    assert.equal(
      await lens.sightingAt(document('repo/model/c.py', text), at, { isCancellationRequested: true }),
      undefined,
    );
  });

  it('reads each version once, and follows edits', () => {
    const first = lens.matches(document('repo/model/unet.py', unet));
    assert.equal(lens.matches(document('repo/model/unet.py', unet))[0]?.function, first[0]?.function);
    const edited = unet.replace('weight.softmax(', 'weight.sigmoid(');
    const second = lens.matches(document('repo/model/unet.py', edited, 2));
    assert.ok(first.some(it => it.entryId === 'glide.QKVAttention.forward'));
    assert.ok(!second.some(it => it.entryId === 'glide.QKVAttention.forward'));
    assert.equal(second.length, first.length - 1);
  });

  it('hides systems that are switched off and entries that are muted', () => {
    const all = lens.matches(document('repo/model/unet.py', unet)).length;
    lens.useFilter({ systems: new Set(), entries: new Set(['glide.QKVAttention.forward']) });
    assert.equal(lens.matches(document('repo/model/unet.py', unet)).length, all - 1);
    lens.useFilter({ systems: new Set(['glide']), entries: new Set() });
    assert.deepEqual(lens.matches(document('repo/model/unet.py', unet)), []);
    lens.useFilter({ systems: new Set(), entries: new Set() });
    assert.equal(lens.matches(document('repo/model/unet.py', unet)).length, all);
  });

  it('finds the match around a position and behind a definition', () => {
    const doc = document('repo/model/unet.py', unet);
    const inside = lens.matchAt(doc, placeOf(unet, 'weight.softmax(', 'softmax'));
    assert.equal(inside?.entryId, 'glide.QKVAttention.forward');
    const cls = lens.definitionAt(doc, placeOf(unet, 'class QKVAttention', 'QKV'));
    assert.equal(cls?.entryId, 'glide.QKVAttention.forward');
    assert.equal(
      lens.judgementsAt(doc, placeOf(unet, 'weight.softmax(', 'softmax'))[0]?.entryId,
      'glide.QKVAttention.forward',
    );
  });

  it('scans texts that nobody shows, with pauses, and parses only what may hold an entry', async () => {
    let pauses = 0;
    const pace = new Pace(async () => {
      pauses++;
    }, 0);
    const found = await lens.scan(document('repo/model/unet.py', unet), pace);
    assert.deepEqual(
      found.map(it => it.entryId),
      lens.matches(document('repo/model/unet.py', unet)).map(it => it.entryId),
    );
    assert.ok(pauses > 0);
    pauses = 0;
    assert.deepEqual(await lens.scan(document('repo/setup.py', 'def main():\n    pass\n'), pace), []);
    assert.equal(pauses, 0);
  });

  it('finds all matches in slices, between which others are served', async () => {
    const doc = document('repo/model/unet.py', unet);
    const asked: (string | undefined)[] = [];
    const pace = new Pace(async () => {
      asked.push(lens.matchAt(doc, placeOf(unet, 'weight.softmax(', 'softmax'))?.entryId);
    }, 0);
    const found = await lens.matchesInSlices(doc, pace);
    assert.deepEqual(
      found?.map(it => it.entryId),
      lens.matches(doc).map(it => it.entryId),
    );
    assert.ok(asked.length > 0);
    assert.deepEqual(new Set(asked), new Set(['glide.QKVAttention.forward']));
  });

  for (const [name, interrupt] of [
    [
      'the document goes on',
      () => lens.matches({ ...document('repo/model/unet.py', `${unet}\n`), version: 2 }),
    ],
    ['the document is closed', () => lens.close(document('repo/model/unet.py', unet).uri)],
  ] as const) {
    it(`gives up slices when ${name}`, async () => {
      const pace = new Pace(async () => void interrupt(), 0);
      assert.equal(await lens.matchesInSlices(document('repo/model/unet.py', unet), pace), undefined);
    });
  }

  it('gives up slices when nobody waits any more', async () => {
    const pace = new Pace(async () => {}, 0);
    const cancelled = { isCancellationRequested: true };
    assert.equal(
      await lens.matchesInSlices(document('repo/model/unet.py', unet), pace, cancelled),
      undefined,
    );
  });

  it('places the steps of a match', () => {
    const match = lens
      .matches(document('repo/model/unet.py', unet))
      .find(it => it.entryId === 'glide.QKVAttention.forward');
    assert.ok(match);
    const alignment = lens.alignment(match);
    assert.deepEqual(alignment.unplaced, []);
    assert.ok(alignment.steps.length > 2);
  });
});
