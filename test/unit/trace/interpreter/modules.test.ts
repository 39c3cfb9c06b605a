import { strict as assert } from 'node:assert';
import { torchModules } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { loadFiles, noFiles, tracerFixture } from './tracerFixture.ts';

describe('modules of the workspace', () => {
  let tracer: Tracer;
  before(async () => {
    tracer = await tracerFixture(torchModules);
  });

  /** Files, the one that is loaded, and what a variable of it must show. */
  const cases: Record<string, readonly [Record<string, string>, string, string, string]> = {
    'absolute, from the folder of the repository': [
      { 'models/vit.py': 'x = 5', 'models/blip.py': 'from models.vit import x' },
      'models/blip.py',
      'x',
      '5',
    ],
    'below src': [
      { 'src/pkg/__init__.py': '', 'src/pkg/a.py': 'from pkg.b import y', 'src/pkg/b.py': 'y = 1' },
      'src/pkg/a.py',
      'y',
      '1',
    ],
    relative: [
      { 'p/__init__.py': '', 'p/q/__init__.py': '', 'p/q/a.py': 'from ..b import z as w', 'p/b.py': 'z = 7' },
      'p/q/a.py',
      'w',
      '7',
    ],
    'of a sibling module by name': [
      { 'p/__init__.py': '', 'p/a.py': 'from . import b\nv = b.k', 'p/b.py': 'k = 3' },
      'p/a.py',
      'v',
      '3',
    ],
    star: [
      { 'a.py': 'from b import *\nv = (one, "two" in dir())', 'b.py': '__all__ = ["one"]\none = 1\ntwo = 2' },
      'a.py',
      'one',
      '1',
    ],
    'star without __all__': [
      { 'a.py': 'from b import *', 'b.py': 'one = 1\n_two = 2' },
      'a.py',
      '_two',
      "module 'a' has no attribute '_two'",
    ],
    aliased: [
      { 'a.py': 'import p.b as c\nimport p.b\nv = (c.k, p.b.k)', 'p/__init__.py': '', 'p/b.py': 'k = 4' },
      'a.py',
      'v',
      '(4, 4)',
    ],
    cyclic: [
      {
        'a.py': 'import b\nx = 1\ndef f(): return b.y',
        'b.py': 'import a\ny = 2\ndef g(): return a.x',
        'c.py': 'import a, b\nv = (a.f(), b.g())',
      },
      'c.py',
      'v',
      '(2, 1)',
    ],
    'without running the package for a file inside': [
      { 'p/__init__.py': 'raise RuntimeError("ran")', 'p/a.py': 'x = 1', 'main.py': 'from p.a import x' },
      'main.py',
      'x',
      '1',
    ],
    'running the package when a name of it is needed': [
      { 'p/__init__.py': 'name = "ran"', 'main.py': 'import p\nv = p.name' },
      'main.py',
      'v',
      "'ran'",
    ],
    'of a name that the package defines, not the file of that name': [
      {
        'p/__init__.py': 'from .loss import loss',
        'p/loss.py': 'def loss(): return 3',
        'main.py': 'import p\nv = p.loss()',
      },
      'main.py',
      'v',
      '3',
    ],
    'inside a function': [
      { 'a.py': 'def f():\n    from b import k\n    return k\nv = f()', 'b.py': 'k = 9' },
      'a.py',
      'v',
      '9',
    ],
    'that are missing, handled': [
      { 'a.py': 'try:\n    import xformers\nexcept ImportError:\n    xformers = None' },
      'a.py',
      'xformers',
      'None',
    ],
    'under if': [
      { 'a.py': 'import typing\nif typing.TYPE_CHECKING:\n    from nowhere import T\nelse:\n    T = 1' },
      'a.py',
      'T',
      '1',
    ],
    'named like one of the standard library': [
      { 'math.py': 'pi = 3', 'a.py': 'import math\nv = math.pi > 3' },
      'a.py',
      'v',
      'True',
    ],
  };
  for (const [name, [files, path, variable, expected]] of Object.entries(cases)) {
    it(`imports ${name}`, () => assert.equal(loadFiles(tracer, files, path).text(variable), expected));
  }

  it('a failing statement poisons its own names and no others', () => {
    const { text, run } = loadFiles(
      tracer,
      {
        'a.py':
          'good = 1\nbad = open("x")\nalso = bad\nfine = good + 1\ndef f(): return bad\nclass A:\n    x = open("y")\n    z = 5\nw = A.z',
      },
      'a.py',
    );
    assert.equal(text('fine'), '2');
    assert.equal(text('w'), '5');
    assert.match(
      text('bad'),
      /^'bad' could not be defined \(\/repo\/a.py, line 2\): Traced code may not open files\.$/,
    );
    assert.match(text('also'), /could not be defined/);
    assert.deepEqual(
      run.problems.map(problem => problem.names),
      [['bad'], ['also']],
    );
  });

  it('an unknown import fails when it is used, by name', () => {
    const source =
      'import xformers.ops as ops\nfrom apex.normalization import FusedLayerNorm\ndef f(): return ops.memory_efficient_attention(1)\nclass A(FusedLayerNorm): pass\ndef g(): return isinstance(3, FusedLayerNorm)\n';
    const { run } = loadFiles(tracer, { 'a.py': source }, 'a.py');
    const call = (name: string) => {
      const module = run.load('/repo/a.py');
      assert.ok(module.ok);
      const fn = module.value.attributes.get(name);
      return fn === undefined
        ? run.guard(() => run.interpreter.getAttribute(module.value, name))
        : run.call(fn, []);
    };
    const used = call('f');
    assert.ok(!used.ok);
    assert.equal(used.failure.construct, 'xformers.ops.memory_efficient_attention');
    assert.equal(used.failure.line, 2);
    assert.equal(used.failure.file, '/repo/a.py');
    const derived = call('A');
    assert.ok(!derived.ok);
    assert.equal(derived.failure.construct, 'apex.normalization.FusedLayerNorm');
    const asked = call('g');
    assert.ok(asked.ok && asked.value === false);
  });

  it('a syntax error costs the statement it is in', () => {
    const { text } = loadFiles(
      tracer,
      {
        'a.py':
          'x = 1\ndef broken(:\n    return 1\n\nclass A:\n    def fine(self): return 2\n\n    def bad(self): return )\n\nv = A().fine()\n',
      },
      'a.py',
    );
    assert.equal(text('x'), '1');
    assert.equal(text('v'), '2');
  });

  it('reads nothing outside the roots', () => {
    const asked: string[] = [];
    const run = tracer.start({
      sources: {
        roots: ['/repo'],
        read: path => {
          asked.push(path);
          return path === '/repo/p/a.py' ? 'from ....etc import passwd\nimport secret' : undefined;
        },
      },
    });
    run.load('/repo/p/a.py');
    assert.deepEqual(
      asked.filter(path => !path.startsWith('/repo/')),
      [],
    );
  });

  it('tells where an exception came from, as Python does', () => {
    const source =
      'import torch\n\ndef outer(x):\n    return inner(x)\n\ndef inner(x):\n    return x.view(\n        7, 7)\n\nouter(torch.zeros(2))\n';
    const done = tracer.start({ sources: noFiles }).exec(source, 'shapes.py');
    assert.ok(!done.ok);
    const { failure } = done;
    assert.deepEqual(
      [failure.kind, failure.construct, failure.file, failure.line],
      ['exception', 'RuntimeError', 'shapes.py', 6],
    );
    assert.match(
      failure.traceback,
      /File "shapes.py", line 10, in <module>\n {4}outer\(torch.zeros\(2\)\)\n {2}File "shapes.py", line 4, in outer\n/,
    );
  });

  describe('names of the library, which are defined when they are asked for', () => {
    const shown: Record<string, readonly [string, string]> = {
      'an own function in the place of one is called, also by those who import it later': [
        'import torch.nn.functional as F\nF.softmax = lambda *a: 7\nfrom torch.nn import functional as G\nprint(F.softmax(1), G.softmax(2))',
        '7 7\n',
      ],
      'the original is kept by who kept it': [
        'import torch, torch.nn.functional as F\nold = F.relu\nF.relu = None\nprint(F.relu, old(torch.tensor([-1, 2])).tolist())',
        'None [0, 2]\n',
      ],
      'a deleted one is gone': [
        'import math\nmath.sqrt\ndel math.sqrt, math.exp\nprint(hasattr(math, "sqrt"), hasattr(math, "exp"), math.floor(2.5))',
        'False False 2\n',
      ],
      'all are there for who looks at all': [
        'import torch.nn.functional as F, math\nprint("gelu" in dir(F), "layer_norm" in vars(F), "tau" in dir(math), "_native" in dir(math))',
        'True True True False\n',
      ],
      'a star import brings what Python files put in the place of natives': [
        'from torch.functional import *\nfrom torch import tensor\nprint(where(tensor([0, 1, 1]) == 1)[0].tolist())',
        '[1, 2]\n',
      ],
      'whichever is asked for first': [
        'from torch import nonzero, tensor, where\nprint(where(tensor([0, 1]) == 1)[0].tolist(), nonzero(tensor([0, 1])).tolist())',
        '[1] [[1]]\n',
      ],
      'a class of the library can be patched': [
        'from torch import nn\nnn.Module.twice = lambda self, x: 2 * x\nprint(nn.Linear(1, 1).twice(4))',
        '8\n',
      ],
    };
    for (const [name, [source, printed]] of Object.entries(shown)) {
      it(name, () => {
        const run = tracer.start({ sources: noFiles });
        const done = run.exec(source, 'a.py');
        assert.equal(done.ok ? run.log : done.failure.message, printed);
      });
    }

    it('what one run changes no other sees', () => {
      const log = (source: string) => {
        const run = tracer.start({ sources: noFiles });
        const done = run.exec(source, 'a.py');
        return done.ok ? run.log : done.failure.message;
      };
      const spoil =
        'import math, torch, itertools\nfrom torch import nn\nmath.pi = 3\ntorch.relu = None\nnn.Module.extra = 1\nnn.Linear = None\ndel math.sqrt\nitertools.count = 5';
      assert.equal(log(spoil), '');
      assert.equal(
        log(
          'import math, torch, itertools\nfrom torch import nn\nprint(math.pi > 3, torch.relu is None, hasattr(nn.Module, "extra"), nn.Linear is None, hasattr(math, "sqrt"), itertools.count == 5)',
        ),
        'True False False False True False\n',
      );
    });
  });
});
