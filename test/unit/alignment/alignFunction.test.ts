import { strict as assert } from 'node:assert';
import { alignFunction } from '../../../src/core/alignment/alignFunction.ts';
import type { Entry, StatementPattern } from '../../../src/core/atlas/schema.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

const TEXT = { en: 'text', ja: '文' };

/** An entry with nothing but steps: id → patterns. */
function entryOf(steps: Record<string, StatementPattern[]>, parameters: string[] = ['q', 'k', 'v']): Entry {
  return {
    id: 'test.f',
    title: TEXT,
    exercises: [],
    summary: TEXT,
    signature: { kind: 'function', name: 'f', path: ['f.py'], parameters },
    equations: [{ id: 'e', tex: 'x', spoken: TEXT, text: TEXT }],
    symbols: [],
    steps: Object.entries(steps).map(([id, match]) => ({ id, equation: 'e', label: TEXT, match })),
  };
}

const ATTENTION = entryOf({
  scores: [{ kind: 'assign', targets: ['weight'], calls: ['matmul'], operators: ['/'], names: ['q', 'k'] }],
  softmax: [{ kind: 'assign', targets: ['weight'], calls: ['softmax'], names: ['weight'] }],
  output: [{ kind: 'return', calls: ['matmul'], names: ['weight', 'v'] }],
});

describe('alignFunction', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await loadPythonParser();
  });
  after(() => parser.dispose());

  /** Step → 1-based lines at which its statements start. */
  const align = (entry: Entry, lines: string[]) => {
    const outline = parser.outline(
      `def f(q, k, v, mask=None):\n${lines.map(line => `    ${line}\n`).join('')}`,
    );
    const fn = outline.functions[0]!;
    const alignment = alignFunction(entry, fn);
    const placed: Record<string, number[]> = {};
    for (const step of alignment.steps) {
      placed[step.id] = step.statements.map(index => fn.statements[index]!.range.start.line);
    }
    return { ...alignment, placed };
  };

  const cases: [what: string, lines: string[], placed: Record<string, number[]>, unplaced: string[]][] = [
    [
      'plain code',
      [
        'weight = torch.matmul(q, k.T) / 8',
        'weight = F.softmax(weight, -1)',
        'return torch.matmul(weight, v)',
      ],
      { scores: [1], softmax: [2], output: [3] },
      [],
    ],
    [
      'other words for the same operations',
      ['weight = q @ k.T / 8', 'weight = weight.softmax(-1)', 'return torch.einsum("ij,jk->ik", weight, v)'],
      { scores: [1], softmax: [2], output: [3] },
      [],
    ],
    [
      'renamed locals',
      ['s = torch.matmul(q, k.T) / 8', 'a = F.softmax(s, -1)', 'return torch.matmul(a, v)'],
      { scores: [1], softmax: [2], output: [3] },
      [],
    ],
    [
      'things in between',
      [
        'print("start")',
        'weight = torch.matmul(q, k.T) / 8',
        'if mask is not None:',
        '    weight = weight.masked_fill(mask, -1e9)',
        'weight = F.softmax(weight, -1)',
        'weight = self.dropout(weight)',
        'return torch.matmul(weight, v)',
      ],
      { scores: [2], softmax: [5], output: [7] },
      [],
    ],
    [
      'two statements in one',
      ['weight = F.softmax(torch.matmul(q, k.T) / 8, -1)', 'return torch.matmul(weight, v)'],
      { scores: [1], softmax: [1], output: [2] },
      [],
    ],
    [
      'one statement in two',
      [
        'raw = torch.matmul(q, k.T)',
        'weight = raw / 8',
        'weight = F.softmax(weight, -1)',
        'return torch.matmul(weight, v)',
      ],
      { scores: [1, 2], softmax: [3], output: [4] },
      [],
    ],
    [
      'a step that is not there',
      ['weight = torch.matmul(q, k.T) / 8', 'return torch.matmul(weight, v)'],
      { scores: [1], output: [2] },
      ['softmax'],
    ],
    [
      'an operation in another’s place',
      ['weight = torch.matmul(q, k.T) / 8', 'weight = F.sigmoid(weight)', 'return torch.matmul(weight, v)'],
      { scores: [1], output: [3] },
      ['softmax'],
    ],
    ['nothing of it', ['return q'], {}, ['scores', 'softmax', 'output']],
  ];
  for (const [what, lines, placed, unplaced] of cases) {
    it(`places steps on ${what}`, () => {
      const result = align(ATTENTION, lines);
      assert.deepEqual(result.placed, placed);
      assert.deepEqual([...result.unplaced].sort(), [...unplaced].sort());
    });
  }

  it('says that a step is contradicted', () => {
    const lines = [
      'weight = torch.matmul(q, k.T) - 8',
      'weight = F.softmax(weight, -1)',
      'return torch.matmul(weight, v)',
    ];
    const entry = entryOf({
      sum: [{ kind: 'assign', targets: ['weight'], operators: ['+'], calls: ['matmul'], literals: [8] }],
    });
    assert.deepEqual(align(entry, lines).contradicted, ['sum']);
  });

  it('makes one range of neighbours and several of statements apart', () => {
    const entry = entryOf({
      both: [
        { kind: 'assign', targets: ['a'], calls: ['exp'] },
        { kind: 'assign', targets: ['b'], calls: ['log'] },
      ],
    });
    const near = align(entry, ['a = q.exp()', 'b = a.log()', 'return b']);
    assert.deepEqual(
      near.steps[0]?.ranges.map(it => [it.start.line, it.end.line]),
      [[1, 2]],
    );
    const apart = align(entry, ['a = q.exp()', 'k = k + 1', 'b = a.log()', 'return b']);
    assert.deepEqual(
      apart.steps[0]?.ranges.map(it => [it.start.line, it.end.line]),
      [
        [1, 1],
        [3, 3],
      ],
    );
  });

  it('finds a step in another order when it is unmistakable', () => {
    const entry = entryOf({
      first: [{ kind: 'assign', targets: ['a'], calls: ['exp'], names: ['q'] }],
      second: [{ kind: 'assign', targets: ['b'], calls: ['log'], names: ['k'] }],
    });
    assert.deepEqual(align(entry, ['b = k.log()', 'a = q.exp()', 'return a + b']).placed, {
      first: [2],
      second: [1],
    });
  });

  it('learns the names of parameters by their place', () => {
    const entry = entryOf({ s: [{ kind: 'return', names: ['query', 'key'], operators: ['+'] }] }, [
      'query',
      'key',
      'value',
    ]);
    const result = align(entry, ['return q + k']);
    assert.deepEqual(result.placed, { s: [1] });
    assert.equal(result.renames.get('query'), 'q');
  });

  it('places differences: those with statements where they stand, others on the whole function', () => {
    const entry: Entry = {
      ...ATTENTION,
      differences: [
        { id: 'scaled', text: TEXT, match: [{ kind: 'assign', operators: ['/'], literals: [8] }] },
        { id: 'absent', text: TEXT, match: [{ kind: 'assign', calls: ['dropout'] }] },
        { id: 'whole', text: TEXT },
      ],
    };
    const result = align(entry, ['weight = torch.matmul(q, k.T) / 8', 'return weight']);
    assert.deepEqual(
      result.differences.map(it => [it.id, it.ranges[0]?.start.line]),
      [
        ['scaled', 1],
        ['whole', 0],
      ],
    );
  });
});
