import { strict as assert } from 'node:assert';
import { Budget, defaultLimits, type Limits } from '../../../../src/core/trace/interpreter/limits.ts';
import { torchModules } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { noFiles, tracerFixture } from './tracerFixture.ts';

const limits: Partial<Limits> = { steps: 200_000, elements: 1_000_000, bytes: 100_000_000, nodes: 3000 };

/** Program → limit that must stop it. */
const endless: Record<string, readonly [string, string]> = {
  'an endless loop': ['while True: pass', 'steps'],
  'an endless loop that catches everything': [
    'while True:\n  try:\n    while True: pass\n  except BaseException: pass\n  finally: continue',
    'steps',
  ],
  'an endless generator': ['def g():\n  while True: yield 1\nlist(g())', 'steps'],
  'an endless iterator of the library': ['import itertools\nsum(itertools.count())', 'steps'],
  'an endless iter()': ['list(iter(int, 1))', 'steps'],
  'a huge range': ['sum(range(10**12))', 'steps'],
  'a comprehension over a huge range': ['[x for x in range(10**12)]', 'steps'],
  'endless recursion': ['def f(n): return f(n + 1)\nf(0)', 'depth'],
  'mutual recursion through classes': ['class A:\n  def __getattr__(self, n): return self.x\nA().y', 'depth'],
  'recursion in __repr__': ['class A:\n  def __repr__(self): return repr(self)\nprint(A())', 'depth'],
  'recursion in __eq__': ['class A:\n  def __eq__(self, o): return self == o\nA() == A()', 'depth'],
  'recursion in a generator': ['def g(): yield from g()\nlist(g())', 'depth'],
  'a recursive property': ['class A:\n  @property\n  def x(self): return self.x\nA().x', 'depth'],
  'recursion in decorators': ['def d(f):\n  return d(f)\n@d\ndef f(): pass', 'depth'],
  'a list nested without end': [
    'a = []\nfor i in range(20000): a = [a]\nimport copy\ncopy.deepcopy(a)',
    'depth',
  ],
  'a long text': ["'a' * 10**9", 'elements'],
  'a text that doubles': ["s = 'a'\nwhile True: s += s", 'elements'],
  'a long list': ['[0] * 10**9', 'elements'],
  'a list that doubles': ['a = [0]\nwhile True: a += a', 'elements'],
  'a number that squares': ['x = 3\nwhile True: x = x * x', 'elements'],
  'a tower of powers': ['10 ** 10 ** 10', 'elements'],
  'a shift': ['1 << 10**9', 'elements'],
  'a huge tensor': ['import torch\ntorch.zeros(10**9)', 'elements'],
  'a huge product': [
    'import torch\nx = torch.zeros(1000, 1)\n(x + x.T.expand(1000, 1000).reshape(1, -1)).sum()',
    'elements',
  ],
  'a tab as wide as can be': ['"\\t".expandtabs(10**10)', 'elements'],
  'a text filled with zeros': ['"a".zfill(10**10)', 'elements'],
  'a list that grows by slices': ['x = [1]\nwhile True: x[len(x):] = x', 'elements'],
  'copies of a list': ['x = [0] * 900000\nwhile True: x[:]', 'bytes'],
  'a long list searched for ever': ['x = [0] * 900000\nwhile True: x.count(1)', 'steps'],
  'long texts compared for ever': ['x, y = "a" * 900000, "a" * 900000 + "b"\nwhile True: x < y', 'steps'],
  'a tensor of too many numbers': ['import torch\ntorch.tensor([[0] * 2000] * 2000)', 'elements'],
  'numbers of a tensor for ever': ['import torch\nx = torch.zeros(900000)\nwhile True: x.tolist()', 'bytes'],
  'an endless graph': ['import torch\nx = torch.ones(2)\nwhile True: x = x + x', 'nodes'],
  'many big lists': ['keep = []\nwhile True: keep.append([0] * 900000)', 'bytes'],
};

describe('limits of a run', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await tracerFixture(torchModules);
  });

  for (const [name, [source, limit]] of Object.entries(endless)) {
    it(`${name} ends at ${limit}`, () => {
      const done = tracer.start({ sources: noFiles, limits }).exec(source, 'hostile.py');
      assert.ok(!done.ok, 'the program ended');
      assert.equal(done.failure.kind, 'limit', done.failure.traceback);
      assert.equal(done.failure.construct, limit, done.failure.message);
      assert.match(done.failure.message, /^[A-Z].*[.?]$/s);
      assert.equal(done.failure.file, 'hostile.py');
    });
  }

  it('ends when time is up', () => {
    let now = 0;
    const budget = new Budget(defaultLimits, () => {
      now += 40_000;
      return now;
    });
    budget.checkTime();
    assert.throws(() => budget.step(5000), {
      kind: 'milliseconds',
      message: 'The run takes longer than 60,000 ms.',
    });
  });

  it('ends when cancelled, in the middle', () => {
    let asked = 0;
    const cancel = {
      get cancelled() {
        return ++asked > 3;
      },
    };
    const done = tracer.start({ sources: noFiles, cancel }).exec('while True: pass', 'endless.py');
    assert.ok(!done.ok);
    assert.equal(done.failure.kind, 'cancelled');
  });

  it('refuses sources that are nested too deeply or too long', () => {
    for (const source of [
      `x = ${'('.repeat(5000)}1${')'.repeat(5000)}`,
      `x = ${'-'.repeat(20_000)}1`,
      `${'[0'.repeat(3000)}${']'.repeat(3000)}`,
      `x = ${'1 + '.repeat(20_000)}1`,
    ]) {
      const done = tracer.start({ sources: noFiles }).exec(source, 'deep.py');
      assert.ok(!done.ok);
      assert.notEqual(done.failure.construct, 'internal');
    }
    const long = tracer
      .start({ sources: noFiles, limits: { sourceLength: 1000 } })
      .exec(`x = 1\n${'#'.repeat(2000)}`, 'long.py');
    assert.ok(!long.ok);
    assert.equal(long.failure.construct, 'sourceLength');
  });

  it('lets no traced code reach files, processes, clocks, code at run time or unseeded chance', () => {
    const programs = [
      "open('/etc/passwd')",
      "exec('1')",
      "eval('1')",
      "compile('1', '', 'eval')",
      "__import__('os')",
      'input()',
      "import os\nos.system('ls')",
      "import os\nos.listdir('.')",
      "import os\nos.path.exists('/')",
      'import time\ntime.time()',
      "from pathlib import Path\nPath('/').read_text()",
      'import random\nrandom.random()',
      'import subprocess\nsubprocess.run([])',
      'import socket\nsocket.socket()',
      'import sys\nsys._getframe()',
      'import json\njson.load(None)',
      '().__class__.__subclasses__()',
      'import ctypes\nctypes.CDLL(None)',
      "import torch\ntorch.load('x')",
      'import torch\nx = torch.rand(2)\nprint(x.sum().item())',
    ];
    for (const source of programs) {
      const done = tracer.start({ sources: noFiles }).exec(source, 'escape.py');
      assert.ok(!done.ok, source);
      assert.equal(done.failure.kind, 'refusal', `${source}: ${done.failure.traceback}`);
      assert.ok(done.failure.message.length > 0);
    }
  });

  it('cannot be talked out of a refusal by except', () => {
    const source =
      'import torch\ntry:\n    torch.no_such_function()\nexcept BaseException:\n    print("approximated")';
    const run = tracer.start({ sources: noFiles });
    const done = run.exec(source, 'try.py');
    assert.ok(!done.ok);
    assert.equal(done.failure.construct, 'torch.no_such_function');
    assert.equal(done.failure.line, 2);
    assert.equal(run.log, '');
  });
});
