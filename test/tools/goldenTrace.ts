/**
 * Runs golden cases through the tracer and prints the largest difference per case.
 *
 *     npx tsx test/tools/goldenTrace.ts                      # every case, with our minis
 *     npx tsx test/tools/goldenTrace.ts --screen DIR         # with the upstream files under DIR
 *     npx tsx test/tools/goldenTrace.ts --case glide.QKVAttention --ort --repeat 5 --verbose
 */
import { parseArgs } from 'node:util';
import { OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import { evaluate } from '../../src/core/trace/kernels/evaluate.ts';
import { loadOrt } from '../../src/node/ort.ts';
import { type Golden, goldenCases, traceGolden, worstOf } from '../harness/traceGolden.ts';
import { makeTracer } from '../unit/trace/torch/snippetRunner.ts';

const { values: options } = parseArgs({
  options: {
    screen: { type: 'string' },
    case: { type: 'string' },
    ort: { type: 'boolean' },
    verbose: { type: 'boolean' },
    repeat: { type: 'string' },
  },
});
const tracer = await makeTracer();
const ort = options.ort
  ? new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() })
  : undefined;
let failed = 0;

for (const golden of goldenCases()) {
  if (options.case && golden.id !== options.case) continue;
  const times = Number(options.repeat ?? 1);
  for (let i = 0; i < times; i++) {
    const line = await judge(golden);
    if (i === times - 1 || options.verbose) console.log(line);
  }
}
await ort?.dispose();
process.exitCode = failed > 0 ? 1 : 0;

async function judge(golden: Golden): Promise<string> {
  const started = performance.now();
  const traced = traceGolden(tracer, golden, options.screen);
  const traceMs = performance.now() - started;
  if (!traced) return `${golden.id}: ${options.screen ? 'no upstream function' : 'no driver'}`;
  if (traced.failure) {
    failed++;
    return `${golden.id}: ${traced.failure[options.verbose ? 1 : 0]}`;
  }
  const { session, missing } = traced;
  const values = traced.wanted.map(w => w.tensor.value);
  const evaluating = performance.now();
  let numbers: TensorData[];
  try {
    numbers = evaluate(values, session.feeds);
  } catch (error) {
    failed++;
    return `${golden.id}: evaluate: ${(error as Error).message}`;
  }
  const evaluateMs = performance.now() - evaluating;
  let worst = worstOf(traced, numbers);
  let ortText = '';
  if (ort) {
    const { outputs, ms } = await ort.run(session.graph, values, session.feeds);
    const other = worstOf(traced, outputs);
    if (other.share > worst.share) worst = { ...other, where: `${other.where} (onnxruntime)` };
    ortText = ` build ${ms.build.toFixed(0)} session ${ms.session.toFixed(0)} run ${ms.run.toFixed(1)}`;
  }
  const ok = worst.share <= 1 && missing.length === 0;
  if (!ok) failed++;
  const about = `${session.graph.nodes.length} nodes, ${session.observations.length} looks`;
  const lacking = missing.length > 0 ? `; missing ${missing.join(', ')}` : '';
  return `${ok ? 'ok ' : 'BAD'} ${golden.id}: ${worst.share.toFixed(3)} of the tolerance${ok ? '' : ` at ${worst.where}`}; trace ${traceMs.toFixed(0)} evaluate ${evaluateMs.toFixed(0)}${ortText} ms, ${about}${lacking}`;
}
