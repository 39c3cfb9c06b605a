import { strict as assert } from 'node:assert';
import { tensorData } from '../../../../src/core/trace/graph/data.ts';
import { Graph } from '../../../../src/core/trace/graph/graph.ts';
import { LimitError } from '../../../../src/core/trace/graph/limits.ts';
import { liveNodes } from '../../../../src/core/trace/graph/live.ts';
import { Evaluator, evaluate, UnavailableError } from '../../../../src/core/trace/kernels/evaluate.ts';

describe('Graph', () => {
  it('builds equal operators and equal small constants once', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [2, 3]);
    const one = graph.op('Add', [x, graph.scalar('float32', 1)]);
    assert.equal(graph.op('Add', [x, graph.scalar('float32', 1)]), one);
    assert.notEqual(graph.op('Add', [x, graph.scalar('float32', 2)]), one);
    assert.notEqual(graph.scalar('float32', 0), graph.scalar('float32', -0), 'the sign of zero is kept');
  });

  it('keeps only what the outputs need, in execution order', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [2]);
    const a = graph.op('Exp', [x]);
    graph.op('Sin', [a]);
    const b = graph.op('Add', [a, x]);
    assert.deepEqual(
      liveNodes([b]).map(n => n.op),
      ['Exp', 'Add'],
    );
  });

  it('knows what depends on no feed', () => {
    const graph = new Graph();
    const table = graph.op('Cos', [graph.numbers('float32', [2], [0, 1])]);
    const x = graph.feed('parameter', 'x', 'float32', [2]);
    assert.ok(table.constant);
    assert.ok(!graph.op('Mul', [table, x]).constant);
  });

  it('refuses operands that do not fit, at once', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [2, 3]);
    assert.throws(() => graph.op('Reshape', [x], { shape: [4] }), /Reshape/);
    assert.throws(() => graph.op('Add', [x, graph.ints([1, 2, 3])]), /float32 and int64/);
    assert.throws(() => graph.op('Svd', [x]), /no operator Svd/);
  });

  it('ends at its limits, each with its own sentence', () => {
    const limits = { nodes: 2, elements: 100, totalElements: 1000 };
    const graph = new Graph(limits);
    const x = graph.feed('input', 'x', 'float32', [10]);
    assert.throws(
      () => graph.op('Expand', [x], { shape: [11, 10] }),
      (e: LimitError) => e.limit === 'elements' && /\[11, 10\]/.test(e.message),
    );
    graph.op('Exp', [x]);
    graph.op('Sin', [x]);
    assert.throws(
      () => graph.op('Cos', [x]),
      (e: LimitError) => e instanceof LimitError && e.limit === 'nodes',
    );
  });
});

describe('evaluate', () => {
  it('says whose numbers are missing', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [2]);
    const noise = graph.unavailable('float32', [2], 'randn() was not seeded');
    assert.throws(
      () => evaluate([graph.op('Add', [x, noise])], new Map([['x', tensorData('float32', [2], [1, 2])]])),
      UnavailableError,
    );
    assert.throws(() => evaluate([x], new Map()), /no numbers were given for x/);
    assert.throws(() => evaluate([x], new Map([['x', tensorData('float32', [3], [1, 2, 3])]])), /3 elements/);
  });

  it('runs the same graph in double precision', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [1]);
    const third = graph.op('Div', [x, graph.scalar('float32', 3)]);
    const feeds = new Map([['x', tensorData('float32', [1], [1])]]);
    assert.equal(evaluate([third], feeds)[0]!.data[0], Math.fround(1 / 3));
    assert.equal(evaluate([third], feeds, { precision: 'float64' })[0]!.data[0], 1 / 3);
  });

  it('asks before every operator, so that a run can be stopped', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [1]);
    const y = graph.op('Exp', [graph.op('Exp', [x])]);
    const evaluator = new Evaluator(() => tensorData('float32', [1], [0]), {
      beforeNode: () => {
        throw new Error('stopped');
      },
    });
    assert.throws(() => evaluator.get(y), /stopped/);
  });

  it('computes nothing twice', () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [1]);
    const y = graph.op('Exp', [x]);
    const seen: string[] = [];
    const evaluator = new Evaluator(() => tensorData('float32', [1], [0]), {
      beforeNode: n => seen.push(n.op),
    });
    evaluator.get(y);
    evaluator.get(graph.op('Sin', [y]));
    assert.deepEqual(seen, ['Exp', 'Sin']);
  });
});
