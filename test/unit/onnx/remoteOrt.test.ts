import { strict as assert } from 'node:assert';
import type { FromOrt, Port, ToOrt } from '../../../src/core/onnx/ortMessages.ts';
import { type Ort, OrtRunner } from '../../../src/core/onnx/ortRunner.ts';
import { OrtServer } from '../../../src/core/onnx/ortServer.ts';
import { RemoteOrt } from '../../../src/core/onnx/remoteOrt.ts';
import { tensorData } from '../../../src/core/trace/graph/data.ts';
import { Graph } from '../../../src/core/trace/graph/graph.ts';
import { loadOrt } from '../../../src/node/ort.ts';

/** onnxruntime-web behind a real port. */
describe('RemoteOrt', () => {
  let ort: Ort;
  let ports: MessageChannel;
  before(async function () {
    this.timeout(60_000);
    ort = await loadOrt();
  });
  beforeEach(() => {
    ports = new MessageChannel();
  });
  afterEach(() => {
    ports.port1.close();
    ports.port2.close();
  });
  const remote = (started: Promise<void> = Promise.resolve()) => {
    new OrtServer(ort, ports.port2 as unknown as Port<ToOrt, FromOrt>, started);
    return new RemoteOrt(ports.port1 as unknown as Port<FromOrt, ToOrt>);
  };
  const runnerOn = (far: RemoteOrt, sessions = 4) =>
    new OrtRunner(far, { backend: 'wasm', clock: () => performance.now(), sessions });

  it('carries floats, integers and truth values there and back', async () => {
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [3]);
    const i = graph.feed('input', 'i', 'int64', [3]);
    const m = graph.feed('input', 'm', 'bool', [3]);
    const wanted = [
      graph.op('Mul', [x, graph.scalar('float32', 2)]),
      graph.op('Where', [m, i, graph.ints([9])]),
      graph.op('Not', [m]),
    ];
    const feeds = new Map([
      ['x', tensorData('float32', [3], [0.5, -1, Number.NaN])],
      ['i', tensorData('int64', [3], [-3, 2 ** 40, 7])],
      ['m', tensorData('bool', [3], [0, 1, 1])],
    ]);
    const runner = runnerOn(remote());
    for (let round = 0; round < 2; round++) {
      const { outputs } = await runner.run(graph, wanted, feeds);
      assert.deepEqual(
        outputs.map(o => [...o.data]),
        [
          [1, -2, Number.NaN],
          [9, 2 ** 40, 7],
          [1, 0, 0],
        ],
      );
    }
    assert.deepEqual([...feeds.get('x')!.data], [0.5, -1, Number.NaN], 'what was fed is still here');
    await runner.dispose();
  });

  it('tells what went wrong at the other end, and goes on', async () => {
    const far = remote();
    await assert.rejects(far.InferenceSession.create(Uint8Array.of(1, 2, 3)));
    const graph = new Graph();
    const x = graph.feed('input', 'x', 'float32', [1]);
    const runner = runnerOn(far);
    const { outputs } = await runner.run(
      graph,
      [graph.op('Neg', [x])],
      new Map([['x', tensorData('float32', [1], [4])]]),
    );
    assert.deepEqual([...outputs[0]!.data], [-4]);
    await runner.dispose();
  });

  it('is ready when the other end has started, not before', async () => {
    let start: () => void = () => undefined;
    const far = remote(
      new Promise(resolve => {
        start = resolve;
      }),
    );
    let isReady = false;
    void far.ready.then(() => {
      isReady = true;
    });
    await new Promise(resolve => setTimeout(resolve, 30));
    assert.equal(isReady, false);
    start();
    await far.ready;
  });

  it('lets nobody wait for an end that is gone', async () => {
    const far = new RemoteOrt(ports.port1 as unknown as Port<FromOrt, ToOrt>);
    const asked = far.InferenceSession.create(Uint8Array.of(0));
    far.giveUp('the worker was lost');
    await assert.rejects(asked, /the worker was lost/);
    await assert.rejects(far.ready, /the worker was lost/);
    await assert.rejects(far.InferenceSession.create(Uint8Array.of(0)), /the worker was lost/);
  });

  it('releases sessions at the other end', async () => {
    let open = 0;
    const counting: Ort = {
      ...ort,
      InferenceSession: {
        create: async (bytes, options) => {
          const session = await ort.InferenceSession.create(bytes, options);
          open++;
          return {
            run: (feeds, names) => session.run(feeds, names),
            release: async () => {
              open--;
              await session.release();
            },
          };
        },
      },
    };
    new OrtServer(counting, ports.port2 as unknown as Port<ToOrt, FromOrt>, Promise.resolve());
    const runner = runnerOn(new RemoteOrt(ports.port1 as unknown as Port<FromOrt, ToOrt>), 2);
    for (const factor of [1, 2, 3]) {
      const graph = new Graph();
      const x = graph.feed('input', 'x', 'float32', [1]);
      const y = graph.op('Mul', [x, graph.scalar('float32', factor)]);
      await runner.run(graph, [y], new Map([['x', tensorData('float32', [1], [1])]]));
    }
    assert.equal(open, 2);
    await runner.dispose();
    assert.equal(open, 0);
  });
});
