/**
 * Runs golden cases through the tracer and prints the largest difference per case.
 *
 *     npx tsx test/tools/goldenTrace.ts                      # every case, with our minis
 *     npx tsx test/tools/goldenTrace.ts --screen DIR         # with the upstream files under DIR
 *     npx tsx test/tools/goldenTrace.ts --case glide.QKVAttention --ort
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { type TensorRule, tensorByRule } from '../../src/core/minis/tensorByRule.ts';
import { OrtRunner } from '../../src/core/onnx/ortRunner.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import { float, PyDict, PyList, type Value } from '../../src/core/trace/interpreter/values.ts';
import { evaluate } from '../../src/core/trace/kernels/evaluate.ts';
import { dtypes } from '../../src/core/trace/tensor/dtype.ts';
import { Tensor } from '../../src/core/trace/tensor/tensor.ts';
import { feedParameter, inputTensor } from '../../src/core/trace/torch/feeds.ts';
import { torchSession } from '../../src/core/trace/torch/modules.ts';
import { loadOrt } from '../../src/node/ort.ts';
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

interface Ruled {
  readonly name: string;
  readonly shape: number[];
  readonly dtype?: string;
  readonly rule: TensorRule | 'tied';
  readonly vocab?: number;
  readonly values?: (number | string)[];
}
interface Golden {
  readonly id: string;
  readonly entry: string;
  readonly seed: number;
  readonly upstream?: { repo: string; file: string } | null;
  readonly config: Record<string, unknown>;
  readonly parameters: Ruled[];
  readonly inputs: Ruled[];
  readonly outputs: Ruled[];
  readonly intermediates: Ruled[];
}
interface Mini {
  readonly file: string;
  readonly config?: Record<string, { default: unknown }>;
  readonly drivers: {
    name: string;
    code: string;
    config?: Record<string, unknown>;
    intermediates?: Record<string, string>;
  }[];
}

const root = resolve(import.meta.dirname, '../..');
const goldens = join(root, 'test/fixtures/goldens');
const checkouts: Record<string, string> = {
  'openai/glide-text2im': 'glide-text2im',
  'mlfoundations/open_clip': 'open_clip',
  'salesforce/BLIP': 'BLIP',
  'salesforce/ALBEF': 'ALBEF',
  'lucidrains/DALLE2-pytorch': 'DALLE2-pytorch',
  'haotian-liu/LLaVA': 'LLaVA',
};

const minis = new Map<string, { mini: Mini; pack: string }>();
for (const pack of readdirSync(join(root, 'packs'))) {
  const file = join(root, 'packs', pack, 'minis.yaml');
  if (!existsSync(file)) continue;
  const parsed = parseYaml(readFileSync(file, 'utf8')) as { minis?: Record<string, Mini> };
  for (const [id, mini] of Object.entries(parsed.minis ?? {}))
    minis.set(id, { mini, pack: join(root, 'packs', pack) });
}

/** JSON as Python values; whole numbers are ints. */
function python(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : float(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new PyList(value.map(python));
  return PyDict.of(Object.entries(value as object).map(([k, v]) => [k, python(v)] as const));
}

const tracer = await makeTracer();
const ort = options.ort
  ? new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() })
  : undefined;
let failed = 0;

for (const file of readdirSync(goldens).filter(f => f.endsWith('.json'))) {
  const golden = JSON.parse(readFileSync(join(goldens, file), 'utf8')) as Golden;
  if (options.case && golden.id !== options.case) continue;
  for (let i = 0; i < Number(options.repeat ?? 1); i++) {
    const line = await judge(golden);
    if (i === Number(options.repeat ?? 1) - 1 || options.verbose) console.log(line);
  }
}
await ort?.dispose();
process.exitCode = failed > 0 ? 1 : 0;

async function judge(golden: Golden): Promise<string> {
  const found = minis.get(golden.entry);
  const driver = found?.mini.drivers.find(d => d.name === golden.id);
  if (!found || !driver) return `${golden.id}: no driver`;
  let path = join(found.pack, found.mini.file);
  let roots = [dirname(path), found.pack];
  if (options.screen) {
    const clone = checkouts[golden.upstream?.repo ?? ''];
    if (!clone || !golden.upstream) return `${golden.id}: no upstream function`;
    path = join(resolve(options.screen), clone, golden.upstream.file);
    roots = [join(resolve(options.screen), clone), join(resolve(options.screen), clone, 'src')];
  }
  const started = performance.now();
  const run = tracer.start({
    sources: { roots, read: p => (existsSync(p) && p.endsWith('.py') ? readFileSync(p, 'utf8') : undefined) },
  });
  const session = torchSession(run.interpreter);
  const traced = run.guard(() => {
    const loaded = run.load(path);
    if (!loaded.ok) throw new Error(loaded.failure.traceback);
    const code = run.exec(driver.code, 'driver.py');
    if (!code.ok) throw new Error(code.failure.traceback);
    const defaults = Object.fromEntries(
      Object.entries(found.mini.config ?? {}).map(([k, v]) => [k, v.default]),
    );
    const config = python({ ...defaults, ...driver.config, ...golden.config });
    const call = (name: string, ...args: Value[]): Value =>
      run.interpreter.call(code.value.attributes.get(name)!, args);
    const model = call('build', loaded.value, config);
    if (model !== null && run.interpreter.findAttribute(model, 'eval') !== undefined) {
      run.interpreter.call(run.interpreter.getAttribute(model, 'eval'), []);
      const state = run.interpreter.call(run.interpreter.getAttribute(model, 'state_dict'), []) as PyDict;
      for (const parameter of golden.parameters) {
        if (parameter.rule === 'tied') continue;
        const target = state.get(parameter.name);
        if (!(target instanceof Tensor)) throw new Error(`no parameter ${parameter.name}`);
        const data = tensorByRule(
          { ...parameter, rule: parameter.rule, type: target.dtype.element },
          golden.seed,
        );
        feedParameter(target, parameter.name, data);
      }
    }
    const inputs = PyDict.of(
      golden.inputs.map(input => {
        const dtype = dtypes[(input.dtype ?? 'float32') as keyof typeof dtypes];
        const rule = input.values ? ('explicit' as const) : (input.rule as TensorRule);
        const data: TensorData = tensorByRule({ ...input, rule, type: dtype.element }, golden.seed);
        return [input.name, inputTensor(session, input.name, data, dtype)] as const;
      }),
    );
    return { model, outputs: call('call', loaded.value, model, inputs, config) as PyDict };
  });
  const traceMs = performance.now() - started;
  if (!traced.ok) {
    failed++;
    return `${golden.id}: ${traced.failure.kind} ${traced.failure.construct}: ${traced.failure.message} (${traced.failure.file}:${traced.failure.line + 1})${options.verbose ? `\n${traced.failure.traceback}` : ''}`;
  }
  const captures = run.captures(traced.value.model);
  const wanted: { ruled: Ruled; tensor: Tensor }[] = [];
  const missing: string[] = [];
  for (const output of golden.outputs) {
    const tensor = traced.value.outputs.get(output.name);
    if (tensor instanceof Tensor) wanted.push({ ruled: output, tensor });
    else missing.push(output.name);
  }
  for (const intermediate of golden.intermediates) {
    const selector = driver.intermediates?.[intermediate.name];
    const tensor =
      selector === undefined
        ? undefined
        : selector.startsWith('out:')
          ? traced.value.outputs.get(selector.slice(4))
          : captures.select(selector);
    if (tensor instanceof Tensor) wanted.push({ ruled: intermediate, tensor });
    else missing.push(`${intermediate.name} (${selector ?? 'no selector'})`);
  }
  const values = wanted.map(w => w.tensor.value);
  const evaluating = performance.now();
  let numbers: TensorData[];
  try {
    numbers = evaluate(values, session.feeds);
  } catch (error) {
    failed++;
    return `${golden.id}: evaluate: ${(error as Error).message}`;
  }
  const evaluateMs = performance.now() - evaluating;
  let [worst, where] = [0, ''];
  const compare = (results: readonly TensorData[], engine: string): void => {
    wanted.forEach(({ ruled }, i) => {
      const got = results[i]!;
      if (got.shape.join() !== ruled.shape.join()) {
        worst = Infinity;
        where = `${ruled.name} has shape [${got.shape}], golden [${ruled.shape}]`;
        return;
      }
      ruled.values!.forEach((v, k) => {
        const y = Number(v);
        const x = got.data[k]!;
        if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
        const excess = Math.abs(x - y) / (2e-5 + 1e-5 * Math.abs(y));
        if (!(excess <= worst)) {
          worst = excess;
          where = `${ruled.name}[${k}] ${x} golden ${y} ${engine}`;
        }
      });
    });
  };
  compare(numbers, 'ts');
  let ortText = '';
  if (ort) {
    const { outputs, ms } = await ort.run(session.graph, values, session.feeds);
    compare(outputs, 'ort');
    ortText = ` build ${ms.build.toFixed(0)} session ${ms.session.toFixed(0)} run ${ms.run.toFixed(1)}`;
  }
  const ok = worst <= 1 && missing.length === 0;
  if (!ok) failed++;
  return `${ok ? 'ok ' : 'BAD'} ${golden.id}: ${worst.toFixed(3)} of the tolerance${ok ? '' : ` at ${where}`}; trace ${traceMs.toFixed(0)} evaluate ${evaluateMs.toFixed(0)}${ortText} ms, ${session.graph.nodes.length} nodes, ${session.observations.length} looks${missing.length > 0 ? `; missing ${missing.join(', ')}` : ''}`;
}
