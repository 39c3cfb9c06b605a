import { strict as assert } from 'node:assert';
import type { Captures } from '../../../../src/core/trace/interpreter/captures.ts';
import type { Interpreter } from '../../../../src/core/trace/interpreter/interpreter.ts';
import type { Value } from '../../../../src/core/trace/interpreter/values.ts';
import { Tensor } from '../../../../src/core/trace/tensor/tensor.ts';
import { torchModules } from '../../../../src/core/trace/torch/modules.ts';
import { noFiles, tracerFixture } from './tracerFixture.ts';

const source = `import torch
import torch.nn as nn

class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.lin = nn.Linear(n, n)
        self.count = 0

    def forward(self, x, scale=2.0):
        a, (b, *c) = x.sum(), [x[0], x[1], 5]
        y = x * scale
        y = y + 1
        y[0] = 0.0
        y += 10
        for i, h in enumerate(y):
            z = h
        self.cache = y
        y.mul_(0)
        if (w := y.shape[0]) > 1:
            out = self.lin(
                y
            )
        return out

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(2), Block(2)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

def helper(t):
    def inner(q): return q
    return inner(t) * 3

net = Net()
with torch.no_grad():
    for p in net.parameters(): p.fill_(0.5)
result = net(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
k = helper(4)
`;

describe('captures', () => {
  let captures: Captures;
  let interpreter: Interpreter;

  before(async () => {
    const tracer = await tracerFixture(torchModules);
    const run = tracer.start({ sources: noFiles });
    const done = run.exec(source, 'net.py');
    assert.ok(done.ok, done.ok ? '' : done.failure.traceback);
    interpreter = run.interpreter;
    captures = run.captures(done.value.attributes.get('net'));
  });

  const shown = (value: Value | undefined): string => {
    if (value === undefined) return 'nothing';
    return value instanceof Tensor
      ? interpreter.repr(interpreter.call(interpreter.getAttribute(value, 'tolist'), []))
      : interpreter.repr(value);
  };

  const selectors: Record<string, string> = {
    'Block.forward:x': '[[1.0, 2.0], [3.0, 4.0]]',
    'Block.forward@1:x': '[[0.5, 0.5], [0.5, 0.5]]',
    'Block.forward:a': '10.0',
    'Block.forward:b': '[1.0, 2.0]',
    'Block.forward:y#0': '[[2.0, 4.0], [6.0, 8.0]]',
    'Block.forward:y#1': '[[3.0, 5.0], [7.0, 9.0]]',
    'Block.forward:y#2': '[[0.0, 0.0], [7.0, 9.0]]',
    'Block.forward:y#3': '[[10.0, 10.0], [17.0, 19.0]]',
    'Block.forward:y': '[[0.0, 0.0], [0.0, 0.0]]',
    'Block.forward:z#0': '[10.0, 10.0]',
    'Block.forward:i': '1',
    'Block.forward:self.cache': '[[10.0, 10.0], [17.0, 19.0]]',
    'Block.forward:w': '2',
    'Block.forward:scale': '2.0',
    'Block.forward:return': '[[0.5, 0.5], [0.5, 0.5]]',
    'module:blocks.1': '[[0.5, 0.5], [0.5, 0.5]]',
    'module:blocks.0.lin': '[[0.5, 0.5], [0.5, 0.5]]',
    'module:': '[[0.5, 0.5], [0.5, 0.5]]',
    'module:blocks.0@1': 'nothing',
    'helper:return': '12',
    'helper.<locals>.inner:q': '4',
    'helper:t': '4',
    'Block.forward:nothing': 'nothing',
    'Block.forward@7:y': 'nothing',
    'Block.forward:y#99': 'nothing',
    nonsense: 'nothing',
  };
  for (const [selector, expected] of Object.entries(selectors)) {
    it(`${selector} is ${expected}`, () => assert.equal(shown(captures.select(selector)), expected));
  }

  it('finds what the statements of some lines assigned, in order, per call', () => {
    const line = source.split('\n').findIndex(text => text.includes('y = x * scale'));
    const found = captures.inLines('net.py', line, line + 1, 0);
    assert.deepEqual(
      found.map(c => [c.name, shown(c.value)]),
      [
        ['y', '[[2.0, 4.0], [6.0, 8.0]]'],
        ['y', '[[3.0, 5.0], [7.0, 9.0]]'],
      ],
    );
    assert.equal(captures.inLines('net.py', line, line + 1).length, 4);
    assert.deepEqual([found[0]!.span.startLine, found[0]!.span.startColumn], [line, 8]);
  });

  it('keeps nothing when it is not asked to', async () => {
    const tracer = await tracerFixture(torchModules);
    const run = tracer.start({ sources: noFiles, capture: false });
    assert.ok(run.exec(source, 'net.py').ok);
    assert.deepEqual(run.captures().all(), []);
  });
});
