import { strict as assert } from 'node:assert';
import { ExploreError, exploreEntry, exploreQuestions } from '../../../src/core/explain/exploreEntry.ts';
import { computeRun, kernelEngine } from '../../../src/core/minis/computeRun.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { traceEntry } from '../../../src/core/minis/traceEntry.ts';
import { sourcesFromMap } from '../../../src/core/trace/sourceProvider.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { makeTracer } from '../trace/torch/snippetRunner.ts';

const code = `import torch
from torch import nn

class Gate(nn.Module):
    def __init__(self, dim, num_heads, bias=True):
        super().__init__()
        self.fc = nn.Linear(dim, dim, bias=bias)

    def forward(self, x, mask=None):
        gate = torch.sigmoid(self.fc(x))
        return gate * x

def pair(tokens, scale):
    doubled = tokens * 2
    return doubled, doubled.float() * scale
`;

describe('a function that the atlas does not know', () => {
  const run = async (
    qualname: string,
    answers?: { constructorArguments?: string; callArguments: string },
  ) => {
    const parser = await loadPythonParser();
    const outline = parser.outline(code);
    const fn = outline.functions.find(candidate => candidate.qualname === qualname)!;
    const entry = exploreEntry(fn, code.split('\n'), answers ?? exploreQuestions(outline, fn));
    const path = '/workspace/gate.py';
    const sources = sourcesFromMap(new Map([[path, code]]), ['/workspace']);
    const traced = traceEntry(
      await makeTracer(),
      { kind: 'screen', path, sources, outline, qualname },
      makeRunSpec(entry, {}),
    );
    assert.ok(traced.ok, traced.ok ? '' : traced.failure.message);
    return computeRun(
      traced.value,
      kernelEngine(() => 0),
    );
  };

  it('runs on guesses and shows the tensor of every statement', async () => {
    const result = await run('Gate.forward');
    const names = result.steps.flatMap(step => step.tensors.map(tensor => tensor.name));
    assert.deepEqual([...new Set(names)], ['gate', 'return']);
    assert.deepEqual(result.outputs[0]!.data.shape, [2, 5, 16]);
  });

  it('takes shapes, whole numbers and Python values from the reader', async () => {
    const result = await run('pair', { callArguments: 'ids[3], scale=0.5' });
    const [first, second] = result.outputs.map(output => Array.from(output.data.data, Number));
    assert.equal(first!.length, 3);
    assert.deepEqual(
      second,
      first!.map(value => value * 0.5),
    );
  });

  for (const bad of ['x=[2, 3', 'x=)', 'x=', "x='open"]) {
    it(`says what is wrong with ${bad}`, async () => {
      await assert.rejects(run('pair', { callArguments: bad }), ExploreError);
    });
  }
});
