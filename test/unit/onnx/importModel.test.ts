import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { exportModel, feedName } from '../../../src/core/onnx/exportModel.ts';
import { importModel } from '../../../src/core/onnx/importModel.ts';
import { OnnxError } from '../../../src/core/onnx/onnxError.ts';
import type { Ort } from '../../../src/core/onnx/ortRunner.ts';
import { MAX_MODEL_BYTES } from '../../../src/core/onnx/readModel.ts';
import { type TensorData, tensorData } from '../../../src/core/trace/graph/data.ts';
import { Graph } from '../../../src/core/trace/graph/graph.ts';
import { TraceError } from '../../../src/core/trace/interpreter/errors.ts';
import { evaluate } from '../../../src/core/trace/kernels/evaluate.ts';
import type { TorchSession } from '../../../src/core/trace/tensor/session.ts';
import { torchSession } from '../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../src/core/trace/tracer.ts';
import { loadOrt } from '../../../src/node/ort.ts';
import { type OnnxDraft, onnxFile } from '../../harness/onnxFile.ts';
import { openWorkbench } from '../trace/pylib/openWorkbench.ts';
import { applications, buildApplication } from './applications.ts';

const isTraceError = (error: unknown): boolean => error instanceof TraceError;

describe('importModel', function () {
  this.timeout(120_000);
  let tracer: Tracer;
  let ort: Ort;
  before(async () => {
    ({ tracer } = await openWorkbench());
    ort = await loadOrt();
  });

  const newSession = (bytes = 2_000_000_000): TorchSession =>
    torchSession(
      tracer.start({ sources: { roots: [], read: () => undefined }, limits: { bytes } }).interpreter,
    );

  /** What our graph makes of a file. */
  function run(bytes: Uint8Array, feeds: ReadonlyMap<string, TensorData>, session = newSession()) {
    const inputs = new Map([...feeds].map(([name, data]) => [name, session.feed('input', name, data)]));
    const { outputs } = importModel(bytes, session, inputs);
    const values = evaluate([...outputs.values()], session.feeds);
    return new Map([...outputs.keys()].map((name, index) => [name, values[index] as TensorData]));
  }

  it('reads back every operator that a graph may contain', () => {
    fc.assert(
      fc.property(fc.tuple(...applications), drawn => {
        const graph = new Graph();
        const feeds = new Map<string, TensorData>();
        const values = drawn.flatMap((a, i) =>
          buildApplication(graph, a, i * 10, feeds).map(value => ({ a, value })),
        );
        const wanted = values.map(it => it.value);
        const model = exportModel(wanted);
        const named = new Map(
          model.inputs.map(({ origin }) => {
            const { name } = origin as { name: string };
            return [feedName(name), feeds.get(name) as TensorData];
          }),
        );
        const again = run(model.bytes, named);
        for (const [index, data] of evaluate(wanted, feeds).entries()) {
          const got = again.get(model.outputs[index] ?? '');
          assert.deepEqual(got?.shape, data.shape, values[index]?.a.op);
          // Gemm comes back as a product and a sum: the last digit may differ.
          for (const [i, value] of data.data.entries())
            assert.ok(
              Object.is(got?.data[i], value) ||
                Math.abs((got?.data[i] ?? Number.NaN) - value) <= 1e-6 * (1 + Math.abs(value)),
              `${values[index]?.a.op}: ${got?.data[i]} for ${value}`,
            );
        }
      }),
      { numRuns: 15 },
    );
  });

  const x = tensorData(
    'float32',
    [2, 4, 3],
    Array.from({ length: 24 }, (_, i) => Math.sin(i * 1.7) * 3),
  );
  const one = (
    op: string,
    attributes: OnnxDraft['lines'][number]['attributes'] = {},
    weights: OnnxDraft['weights'] = [],
    outputs: readonly string[] = ['y'],
  ): OnnxDraft => ({
    inputs: ['x'],
    outputs,
    weights,
    lines: [{ op, inputs: ['x', ...weights.map(it => it.name)], outputs, attributes }],
  });
  const ints = (name: string, ...values: number[]) =>
    ({ name, shape: [values.length], values, type: 'int64' }) as const;
  const floats = (name: string, ...values: number[]) => ({ name, shape: [values.length], values });
  const scalar = (name: string, value: number) => ({ name, shape: [], values: [value] });

  const drafts: readonly [name: string, draft: OnnxDraft][] = [
    ['Flatten', one('Flatten', { axis: 2 })],
    ['Unsqueeze', one('Unsqueeze', {}, [ints('axes', 0, -1)])],
    ['Reshape with -1 and 0', one('Reshape', {}, [ints('shape', 0, -1)])],
    ['Tile', one('Tile', {}, [ints('times', 1, 2, 3)])],
    ['Split', one('Split', { axis: 1 }, [ints('sizes', 1, 3)], ['a', 'b'])],
    ['Slice forwards', one('Slice', {}, [ints('s', -3), ints('e', 100), ints('a', 1), ints('k', 2)])],
    ['Slice backwards', one('Slice', {}, [ints('s', -1), ints('e', -100), ints('a', 1), ints('k', -2)])],
    ['ReduceL2', one('ReduceL2', { axes: [-1], keepdims: 0 })],
    ['ReduceSumSquare', one('ReduceSumSquare', { axes: [1] })],
    ['ReduceL1', one('ReduceL1', { axes: [0, 2] })],
    ['LeakyRelu', one('LeakyRelu', { alpha: { f: 0.2 } })],
    ['PRelu', one('PRelu', {}, [floats('slope', 0.1, 0.2, 0.3)])],
    ['Elu', one('Elu', { alpha: { f: 1.5 } })],
    ['HardSigmoid', one('HardSigmoid')],
    ['HardSwish', one('HardSwish')],
    ['Softplus', one('Softplus')],
    ['Clip', one('Clip', {}, [scalar('low', -0.5), scalar('high', 1)])],
    ['Trilu lower', one('Trilu', { upper: 0 }, [{ name: 'k', shape: [], values: [1], type: 'int64' }])],
    ['Trilu upper', one('Trilu')],
    ['GlobalAveragePool', one('GlobalAveragePool')],
    [
      'BatchNormalization',
      one('BatchNormalization', {}, [
        floats('scale', 1, 2, 0.5, -1),
        floats('bias', 0, 1, 2, 3),
        floats('mean', 0.1, -0.2, 0.3, 0),
        floats('var', 1, 2, 0.5, 0.25),
      ]),
    ],
    ['Mean', one('Mean', {}, [floats('other', 1, 2, 3), floats('third', 4, 5, 6)])],
    ['MatMul by a vector', one('MatMul', {}, [floats('v', 1, -2, 3)])],
    ['Pow by whole numbers', one('Pow', {}, [scalar('p', 2)])],
    [
      'shapes computed on the way',
      {
        inputs: ['x'],
        outputs: ['y'],
        weights: [ints('first', 0), ints('rest', -1)],
        lines: [
          { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
          { op: 'Gather', inputs: ['shape', 'first'], outputs: ['rows'] },
          { op: 'Concat', inputs: ['rows', 'rest'], outputs: ['wanted'], attributes: { axis: 0 } },
          { op: 'Reshape', inputs: ['x', 'wanted'], outputs: ['y'] },
        ],
      },
    ],
    [
      'Gemm with every attribute',
      {
        inputs: ['x'],
        outputs: ['y'],
        weights: [
          { name: 'w', shape: [2, 12], values: Array.from({ length: 24 }, (_, i) => i / 10) },
          floats('c', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        ],
        lines: [
          { op: 'Flatten', inputs: ['x'], outputs: ['flat'], attributes: { axis: 1 } },
          {
            op: 'Gemm',
            inputs: ['flat', 'w', 'c'],
            outputs: ['y'],
            attributes: { transA: 1, alpha: { f: 0.5 }, beta: { f: 2 } },
          },
        ],
      },
    ],
  ];
  for (const [name, draft] of drafts) {
    it(`computes ${name} as onnxruntime does`, async () => {
      const bytes = onnxFile(draft) as Uint8Array<ArrayBuffer>;
      const ours = run(bytes, new Map([['x', x]]));
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: ['wasm'],
        logSeverityLevel: 3,
      });
      const theirs = await session.run({
        x: new ort.Tensor('float32', Float32Array.from(x.data) as never, [...x.shape]),
      });
      for (const output of draft.outputs) {
        const [got, wanted] = [ours.get(output), theirs[output]];
        assert.deepEqual(got?.shape, [...(wanted?.dims ?? [])]);
        assert.ok(wanted);
        const numbers = [...(wanted.data as Float32Array)].map(Number);
        for (const [i, value] of numbers.entries())
          assert.ok(Math.abs((got?.data[i] ?? Number.NaN) - value) <= 1e-5 * (1 + Math.abs(value)), `${i}`);
      }
      await session.release();
    });
  }

  const good = one('Relu');
  const refused: readonly [name: string, bytes: Uint8Array, said: RegExp][] = [
    ['a text', new TextEncoder().encode('import os; os.system("ls")'), /^is no ONNX file$/],
    ['nothing', new Uint8Array(), /^is no ONNX file$/],
    ['half a file', onnxFile(good).slice(0, 20), /^is no ONNX file$/],
    ['a large file', new Uint8Array(MAX_MODEL_BYTES + 1), /^is larger than the 16 MB that a mini may have$/],
    ['an old opset', onnxFile({ ...good, opset: 11 }), /^is written in opset 11; opset 13 is the oldest/],
    [
      'external data',
      onnxFile(one('Add', {}, [{ ...floats('w', 1, 2, 3), external: '../../secret.bin' }])),
      /^keeps the numbers of w in another file, which is not read/,
    ],
    ['an unknown operator', onnxFile(one('Loop')), /^uses the operator Loop, which the engine lacks$/],
    [
      'a custom operator',
      onnxFile({ ...good, lines: [{ op: 'Relu', domain: 'evil', inputs: ['x'], outputs: ['y'] }] }),
      /^uses the operator evil\.Relu, which the engine lacks$/,
    ],
    ['an input nobody declares', onnxFile({ ...good, inputs: ['x', 'z'] }), /^has the input z, which the/],
    ['no input of that name', onnxFile({ ...good, inputs: [] }), /^has no input x; it has none$/],
    [
      'an output that nothing computes',
      onnxFile({ ...good, outputs: ['q'] }),
      /^never computes its output q$/,
    ],
    [
      'a value before it is there',
      onnxFile({ ...good, lines: [{ op: 'Relu', inputs: ['later'], outputs: ['y'] }] }),
      /^reads later before anything computes it$/,
    ],
    [
      'shapes that do not fit',
      onnxFile(one('MatMul', {}, [floats('v', 1, 2)])),
      /^has a MatMul whose operands do not fit: MatMul of \[2,4,3\] and \[2,1\]$/,
    ],
    [
      'fewer numbers than the shape',
      onnxFile(one('Add', {}, [{ name: 'w', shape: [1_000], values: [1] }])),
      /^has 1 numbers for w of shape \[1000\]$/,
    ],
    [
      'an axis that is not there',
      onnxFile(one('Softmax', { axis: 7 })),
      /^asks for axis 7 of a tensor with 3/,
    ],
  ];
  for (const [name, bytes, said] of refused) {
    it(`refuses ${name} with one sentence`, () => {
      assert.throws(
        () => run(bytes, new Map([['x', x]])),
        (error: unknown) => error instanceof OnnxError && said.test(error.message),
      );
    });
  }

  it('takes no memory for the sizes that a file merely claims', () => {
    const claims = onnxFile(
      one('Expand', {}, [{ name: 'shape', shape: [5], values: [60_000, 60_000, 2, 4, 3], type: 'int64' }]),
    );
    assert.throws(() => run(claims, new Map([['x', x]])), isTraceError);
    const weights = onnxFile(one('Add', {}, [{ name: 'w', shape: [1e9, 1e9], values: [1] }]));
    assert.throws(() => run(weights, new Map([['x', x]])), isTraceError);
  });

  it('survives files with bytes changed anywhere', () => {
    const bytes = onnxFile(drafts.at(-1)?.[1] ?? good);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        changes => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          try {
            run(changed, new Map([['x', x]]));
          } catch (error) {
            const known = error instanceof OnnxError || error instanceof TraceError;
            assert.ok(known || error instanceof Error, String(error));
            if (!known) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
