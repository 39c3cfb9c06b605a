import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { type TensorRule, tensorByRule } from '../../src/core/minis/tensorByRule.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import { float, PyDict, PyList, type Value } from '../../src/core/trace/interpreter/values.ts';
import { dtypes } from '../../src/core/trace/tensor/dtype.ts';
import type { TorchSession } from '../../src/core/trace/tensor/session.ts';
import { Tensor } from '../../src/core/trace/tensor/tensor.ts';
import { feedParameter, inputTensor } from '../../src/core/trace/torch/feeds.ts';
import { torchSession } from '../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../src/core/trace/tracer.ts';
import { repoRoot } from './paths.ts';

/** A tensor of a golden case; `rule` and `values` as in test/fixtures/goldens/RULE.md. */
export interface Ruled {
  readonly name: string;
  readonly shape: number[];
  readonly dtype?: string;
  readonly rule: TensorRule | 'tied';
  readonly vocab?: number;
  readonly values?: (number | string)[];
}
export interface Golden {
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

const goldens = join(repoRoot, 'test/fixtures/goldens');
const checkouts: Record<string, string> = {
  'openai/glide-text2im': 'glide-text2im',
  'mlfoundations/open_clip': 'open_clip',
  'salesforce/BLIP': 'BLIP',
  'salesforce/ALBEF': 'ALBEF',
  'lucidrains/DALLE2-pytorch': 'DALLE2-pytorch',
  'haotian-liu/LLaVA': 'LLaVA',
};

const minis = new Map<string, { mini: Mini; pack: string }>();
for (const pack of readdirSync(join(repoRoot, 'packs'))) {
  const file = join(repoRoot, 'packs', pack, 'minis.yaml');
  if (!existsSync(file)) continue;
  const parsed = parseYaml(readFileSync(file, 'utf8')) as { minis?: Record<string, Mini> };
  for (const [id, mini] of Object.entries(parsed.minis ?? {}))
    minis.set(id, { mini, pack: join(repoRoot, 'packs', pack) });
}

/** JSON as Python values; whole numbers are ints. */
function python(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : float(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new PyList(value.map(python));
  return PyDict.of(Object.entries(value as object).map(([k, v]) => [k, python(v)] as const));
}

/** Every golden case. */
export function goldenCases(): Golden[] {
  return readdirSync(goldens)
    .filter(file => file.endsWith('.json'))
    .map(file => JSON.parse(readFileSync(join(goldens, file), 'utf8')) as Golden);
}

/** A traced case: the values to compare, and why it could not be traced otherwise. */
export interface TracedGolden {
  readonly session: TorchSession;
  readonly wanted: readonly { readonly ruled: Ruled; readonly tensor: Tensor }[];
  /** Outputs and intermediates that nothing answers to. */
  readonly missing: readonly string[];
  /** One line and the whole traceback. */
  readonly failure?: readonly [string, string];
}

/**
 * Traces a golden case with our mini, or with the upstream file below `screen`.
 * @returns undefined where there is no driver or no upstream function
 */
export function traceGolden(tracer: Tracer, golden: Golden, screen?: string): TracedGolden | undefined {
  const found = minis.get(golden.entry);
  const driver = found?.mini.drivers.find(d => d.name === golden.id);
  if (!found || !driver) return undefined;
  let path = join(found.pack, found.mini.file);
  let roots = [dirname(path), found.pack];
  if (screen) {
    const clone = checkouts[golden.upstream?.repo ?? ''];
    if (!clone || !golden.upstream) return undefined;
    path = join(resolve(screen), clone, golden.upstream.file);
    roots = [join(resolve(screen), clone), join(resolve(screen), clone, 'src')];
  }
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
  if (!traced.ok) {
    const { kind, construct, message, file, line, traceback } = traced.failure;
    return {
      session,
      wanted: [],
      missing: [],
      failure: [`${kind} ${construct}: ${message} (${file}:${line + 1})`, traceback],
    };
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
  return { session, wanted, missing };
}

/** The largest difference as a share of the tolerance (atol 2e-5 + rtol 1e-5), and where it is. */
export function worstOf(
  traced: TracedGolden,
  results: readonly TensorData[],
): { readonly share: number; readonly where: string } {
  let [share, where] = [0, ''];
  traced.wanted.forEach(({ ruled }, i) => {
    const got = results[i]!;
    if (got.shape.join() !== ruled.shape.join()) {
      share = Number.POSITIVE_INFINITY;
      where = `${ruled.name} has shape [${got.shape}], golden [${ruled.shape}]`;
      return;
    }
    ruled.values!.forEach((v, k) => {
      const y = Number(v);
      const x = got.data[k]!;
      if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
      const excess = Math.abs(x - y) / (2e-5 + 1e-5 * Math.abs(y));
      if (!(excess <= share)) {
        share = excess;
        where = `${ruled.name}[${k}] ${x}, golden ${y}`;
      }
    });
  });
  return { share, where };
}
