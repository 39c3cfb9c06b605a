import { strict as assert } from 'node:assert';
import { exportModel } from '../../../src/core/onnx/exportModel.ts';
import { type Ort, OrtRunner } from '../../../src/core/onnx/ortRunner.ts';
import { tensorData } from '../../../src/core/trace/graph/data.ts';
import { Graph } from '../../../src/core/trace/graph/graph.ts';
import { loadOrt } from '../../../src/node/ort.ts';

function scaled(factor: number) {
  const graph = new Graph();
  const x = graph.feed('input', 'x', 'float32', [2]);
  return { graph, x, y: graph.op('Mul', [x, graph.scalar('float32', factor)]) };
}
const fed = (...values: number[]) => new Map([['x', tensorData('float32', [values.length], values)]]);

describe('exportModel', () => {
  it('leaves out what no wanted value needs', () => {
    const { graph, x, y } = scaled(2);
    graph.op('Exp', [x]);
    assert.equal(exportModel([y]).nodes, 1);
  });

  it('computes what depends on no input instead of writing it as operators', () => {
    const { graph, x } = scaled(2);
    const table = graph.op(
      'Cos',
      [graph.op('Mul', [graph.ints([0]), graph.ints([3])])].map(v =>
        graph.op('Cast', [v], { to: 'float32' }),
      ),
    );
    const model = exportModel([graph.op('Add', [x, table]), table]);
    assert.equal(model.nodes, 1);
    assert.deepEqual([...model.constants.get(1)!.data], [1]);
  });

  it('keeps weights and inputs outside', () => {
    const { graph, x } = scaled(2);
    const w = graph.feed('parameter', 'layer.weight', 'float32', [2]);
    assert.deepEqual(
      exportModel([graph.op('Mul', [x, w])]).inputs.map(v => (v.origin as { name: string }).name),
      ['x', 'layer.weight'],
    );
  });

  it('refuses a value that depends on numbers nobody has', () => {
    const { graph, x } = scaled(2);
    const noise = graph.unavailable('float32', [2], 'randn() was not seeded');
    assert.throws(() => exportModel([graph.op('Add', [x, noise])]), /not seeded/);
  });
});

describe('OrtRunner', () => {
  let ort: Ort;
  const made = { sessions: 0, released: 0, levels: [] as (string | undefined)[] };
  before(async function () {
    this.timeout(60_000);
    const real = await loadOrt();
    ort = {
      Tensor: real.Tensor,
      InferenceSession: {
        create: async (bytes, options) => {
          made.sessions++;
          made.levels.push((options as { graphOptimizationLevel?: string }).graphOptimizationLevel);
          const session = await real.InferenceSession.create(bytes, options);
          return {
            run: (feeds, names) => session.run(feeds, names),
            release: async () => {
              made.released++;
              await session.release();
            },
          };
        },
      },
    };
  });
  beforeEach(() => {
    made.sessions = 0;
    made.released = 0;
    made.levels = [];
  });
  const runnerOf = (sessions = 4) =>
    new OrtRunner(ort, { backend: 'wasm', clock: () => performance.now(), sessions });

  it('needs one session for all inputs', async () => {
    const runner = runnerOf();
    const { graph, y } = scaled(3);
    assert.deepEqual([...(await runner.run(graph, [y], fed(1, 2))).outputs[0]!.data], [3, 6]);
    const again = await runner.run(graph, [y], fed(5, 7));
    assert.deepEqual([...again.outputs[0]!.data], [15, 21]);
    assert.equal(again.ms.session, 0);
    assert.equal(made.sessions, 1);
    await runner.dispose();
    assert.equal(made.released, 1);
  });

  it('gives inputs and constants back where they are asked for, and the same value twice', async () => {
    const runner = runnerOf();
    const { graph, x, y } = scaled(3);
    const { outputs } = await runner.run(graph, [x, y, y, graph.ints([4])], fed(1, 2));
    assert.deepEqual(
      outputs.map(o => [...o.data]),
      [[1, 2], [3, 6], [3, 6], [4]],
    );
    await runner.dispose();
  });

  it('leaves sessions unoptimised where they should start quickly, but for loops with weights inside', async () => {
    const runner = new OrtRunner(ort, { backend: 'wasm', clock: () => performance.now(), quick: true });
    const { graph, y } = scaled(3);
    for (const weightsInside of [false, true]) {
      const { outputs } = await runner.run(graph, [y], fed(1, 2), { weightsInside });
      assert.deepEqual([...outputs[0]!.data], [3, 6]);
    }
    assert.deepEqual(made.levels, ['disabled', 'all']);
    await runner.dispose();
  });

  it('finds the session of a graph that is traced anew, with its own inputs and values', async () => {
    const runner = runnerOf();
    const [first, again, other] = [scaled(3), scaled(3), scaled(4)];
    assert.deepEqual([...(await runner.run(first.graph, [first.y], fed(1, 2))).outputs[0]!.data], [3, 6]);
    const { outputs, ms } = await runner.run(again.graph, [again.x, again.y], fed(5, 7));
    assert.deepEqual(
      outputs.map(o => [...o.data]),
      [
        [5, 7],
        [15, 21],
      ],
    );
    assert.ok(ms.session > 0, 'other wanted values are another model');
    const same = scaled(3);
    const third = await runner.run(same.graph, [same.y], fed(-1, 0.5));
    assert.deepEqual([...third.outputs[0]!.data], [-3, 1.5]);
    assert.equal(third.ms.session, 0);
    assert.equal(made.sessions, 2);
    const fourth = await runner.run(other.graph, [other.y], fed(1, 1));
    assert.deepEqual([...fourth.outputs[0]!.data], [4, 4]);
    assert.equal(made.sessions, 3);
    await runner.dispose();
    assert.equal(made.released, 3);
  });

  it('tries again what could not be opened', async () => {
    let tries = 0;
    const failing: Ort = {
      ...ort,
      InferenceSession: {
        create: async (bytes, options) => {
          if (tries++ === 0) throw new Error('out of memory');
          return ort.InferenceSession.create(bytes, options);
        },
      },
    };
    const runner = new OrtRunner(failing, { backend: 'wasm', clock: () => performance.now() });
    const { graph, y } = scaled(3);
    await assert.rejects(runner.run(graph, [y], fed(1, 2)), /out of memory/);
    assert.equal(runner.size, 0);
    assert.deepEqual([...(await runner.run(graph, [y], fed(1, 2))).outputs[0]!.data], [3, 6]);
    await runner.dispose();
  });

  it('starts no session for constants alone', async () => {
    const runner = runnerOf();
    const graph = new Graph();
    const { outputs } = await runner.run(graph, [graph.op('Neg', [graph.ints([1, 2])])], new Map());
    assert.deepEqual([...outputs[0]!.data], [-1, -2]);
    assert.equal(made.sessions, 0);
    await runner.dispose();
  });

  it('lets go of the session that was not used for longest', async () => {
    const runner = runnerOf(2);
    const [a, b, c] = [scaled(1), scaled(2), scaled(3)];
    for (const { graph, y } of [a, b, a, c, a]) await runner.run(graph, [y], fed(1, 1));
    assert.equal(made.sessions, 3);
    assert.equal(made.released, 1);
    assert.equal(runner.size, 2);
    await runner.dispose();
    assert.equal(made.released, 3);
  });

  it('runs one after another when asked for several at once', async () => {
    const runner = runnerOf();
    const { graph, y } = scaled(2);
    const all = await Promise.all([1, 2, 3].map(n => runner.run(graph, [y], fed(n, n))));
    assert.deepEqual(
      all.map(r => r.outputs[0]!.data[0]),
      [2, 4, 6],
    );
    assert.equal(made.sessions, 1);
    await runner.dispose();
  });

  it('takes weights into the model when asked, and makes another one for other weights', async () => {
    const runner = runnerOf();
    const { graph, x } = scaled(1);
    const y = graph.op('Mul', [x, graph.feed('parameter', 'w', 'float32', [2])]);
    const weights = tensorData('float32', [2], [2, 3]);
    const run = (w: typeof weights) =>
      runner.run(graph, [y], new Map([...fed(1, 1), ['w', w]]), { weightsInside: true });
    assert.deepEqual([...(await run(weights)).outputs[0]!.data], [2, 3]);
    await run(weights);
    assert.equal(made.sessions, 1);
    assert.deepEqual([...(await run(tensorData('float32', [2], [5, 7]))).outputs[0]!.data], [5, 7]);
    assert.equal(made.sessions, 2);
    assert.equal(made.released, 1);
    const outside = await runner.run(graph, [y], new Map([...fed(1, 1), ['w', weights]]));
    assert.deepEqual([...outside.outputs[0]!.data], [2, 3]);
    await runner.dispose();
  });

  it('makes the tensor of weights once, and sees what was written into their buffer', async () => {
    let tensors = 0;
    const counting: Ort = {
      ...ort,
      Tensor: class extends ort.Tensor {
        constructor(...given: ConstructorParameters<Ort['Tensor']>) {
          super(...given);
          tensors++;
        }
      },
    };
    const runner = new OrtRunner(counting, { backend: 'wasm', clock: () => performance.now() });
    const { graph, x } = scaled(1);
    const y = graph.op('Mul', [x, graph.feed('parameter', 'w', 'float32', [2])]);
    const weights = tensorData('float32', [2], [2, 3]);
    const run = async (w: typeof weights, ...inputs: number[]) => {
      const { outputs } = await runner.run(graph, [y], new Map([...fed(...inputs), ['w', w]]));
      return [...outputs[0]!.data];
    };
    assert.deepEqual(await run(weights, 1, 1), [2, 3]);
    assert.deepEqual(await run(weights, 2, 1), [4, 3]);
    assert.equal(tensors, 3);
    weights.data[0] = 10;
    assert.deepEqual(await run(weights, 2, 1), [20, 3]);
    assert.deepEqual(await run(tensorData('float32', [2], [5, 7]), 1, 1), [5, 7]);
    assert.deepEqual(await run(weights, 1, 1), [10, 3]);
    await runner.dispose();
  });

  it('gives every run outputs of its own', async () => {
    const runner = runnerOf();
    const { graph, y } = scaled(2);
    const first = (await runner.run(graph, [y], fed(1, 2))).outputs[0]!;
    await runner.run(graph, [y], fed(3, 4));
    assert.deepEqual([...first.data], [2, 4]);
    await runner.dispose();
  });

  it('names a missing input and goes on', async () => {
    const runner = runnerOf();
    const { graph, y } = scaled(2);
    await assert.rejects(runner.run(graph, [y], new Map()), /No numbers were given for x/);
    assert.deepEqual([...(await runner.run(graph, [y], fed(1, 2))).outputs[0]!.data], [2, 4]);
    await runner.dispose();
  });

  it('carries integers and booleans', async () => {
    const runner = runnerOf();
    const graph = new Graph();
    const i = graph.feed('input', 'i', 'int64', [2]);
    const m = graph.feed('input', 'm', 'bool', [2]);
    const picked = graph.op('Where', [m, i, graph.ints([9])]);
    const feeds = new Map([
      ['i', tensorData('int64', [2], [-3, 2 ** 40])],
      ['m', tensorData('bool', [2], [0, 1])],
    ]);
    const { outputs } = await runner.run(graph, [picked, graph.op('Not', [m])], feeds);
    assert.deepEqual([...outputs[0]!.data], [9, 2 ** 40]);
    assert.deepEqual([...outputs[1]!.data], [1, 0]);
    await runner.dispose();
  });
});
