import { alignFunction } from '../alignment/alignFunction.ts';
import type { Alignment } from '../alignment/alignment.ts';
import { importModel } from '../onnx/importModel.ts';
import { OnnxError } from '../onnx/onnxError.ts';
import type { FunctionOutline, Outline } from '../python/outline.ts';
import type { ElementType, TensorData } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import type { Captures } from '../trace/interpreter/captures.ts';
import { Refusal, raise } from '../trace/interpreter/errors.ts';
import type { CancelToken, Limits } from '../trace/interpreter/limits.ts';
import { float, PyDict, PyFloat, PyList, PyTuple, type Value } from '../trace/interpreter/values.ts';
import { evaluate } from '../trace/kernels/evaluate.ts';
import type { SourceProvider } from '../trace/sourceProvider.ts';
import { dtypes, type TorchDType } from '../trace/tensor/dtype.ts';
import type { TorchSession } from '../trace/tensor/session.ts';
import { Tensor } from '../trace/tensor/tensor.ts';
import { feedParameter, inputTensor } from '../trace/torch/feeds.ts';
import { torchSession } from '../trace/torch/modules.ts';
import type { TraceFailure, UnfitTensor } from '../trace/traceFailure.ts';
import type { Outcome, TraceRun, Tracer } from '../trace/tracer.ts';
import { givenConfig } from './fixedConfig.ts';
import type { GoldenTensor } from './goldenCase.ts';
import { placeTensors } from './placeTensors.ts';
import type { RunSpec } from './runSpec.ts';
import { defaultRule, type TensorMaker, tensorByRule } from './tensorByRule.ts';
import { unfitFailure, unfitWeights } from './unfitFailure.ts';

/** The code that a run traces: our mini, or the file on screen. */
export interface CodeSource {
  readonly kind: 'mini' | 'screen';
  /** The file that holds the function, as the provider names it. */
  readonly path: string;
  readonly sources: SourceProvider;
  /** Outline of that file, for placing the steps. */
  readonly outline: Outline;
  /** Qualified name of the function in that file; upstream's where absent. */
  readonly qualname?: string;
  /** Places the steps; `alignFunction` where absent. */
  readonly align?: typeof alignFunction;
}

/** A mini that is an ONNX file: its values carry names, its steps have no lines. */
export interface ModelSource {
  readonly kind: 'mini';
  /** As it should stand in messages. */
  readonly path: string;
  readonly model: Uint8Array;
}

/** What a run traces. */
export type RunSource = CodeSource | ModelSource;

/** A tensor of the run by name: a value of the graph, or a number that Python already knew. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly value: GraphValue;
}

export interface TracedStep {
  readonly id: string;
  /** 0-based, inclusive. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
  readonly tensors: readonly NamedTensor[];
}

/** A traced run: a graph with its feeds, and which of its values mean what. */
export interface TracedEntry {
  readonly source: RunSource;
  readonly spec: RunSpec;
  readonly session: TorchSession;
  readonly outputs: readonly NamedTensor[];
  readonly steps: readonly TracedStep[];
  /** The function that the entry is about, in the source. */
  readonly fn: FunctionOutline | undefined;
  readonly alignment: Alignment | undefined;
  readonly intermediates: readonly NamedTensor[];
  /** What the statements of the function assigned and returned, call after call. Worked out when it is asked for. */
  assigned(): readonly NamedTensor[];
  /** Golden intermediates that no capture answers to. */
  readonly missing: readonly string[];
  readonly invariants: readonly { readonly id: string; readonly measured: NamedTensor }[];
  /** For runs without an entry's steps: everything that statements assigned. */
  readonly captures: Captures;
  readonly log: string;
}

export interface TraceOptions {
  readonly limits?: Partial<Limits>;
  readonly cancel?: CancelToken;
  /** Makes weights and inputs; `tensorByRule` where absent. */
  readonly makeTensor?: TensorMaker;
}

/** Traces an entry's driver over one source. Failures are data: where it stopped and why, in the reader's file. */
export function traceEntry(
  tracer: Tracer,
  source: RunSource,
  spec: RunSpec,
  options: TraceOptions = {},
): Outcome<TracedEntry> {
  if ('model' in source) return traceModel(tracer, source, spec, options);
  const { makeTensor = tensorByRule, ...runOptions } = options;
  const run = tracer.start({ sources: source.sources, ...runOptions });
  const session = torchSession(run.interpreter);
  const unfit: UnfitTensor[] = [];
  try {
    const module = must(run.load(source.path));
    const driver = must(run.exec(driverCode(spec), 'driver.py'));
    const config = toPython(spec.config);
    const callDriver = (name: string, ...args: Value[]): Value =>
      must(run.call(driver.attributes.get(name) ?? null, args));
    const model = callDriver('build', module, config);
    if (model !== null) giveWeights(run, model, spec, makeTensor);
    const inputs = makeInputs(run, session, spec, config, makeTensor, unfit, driver.attributes.get('inputs'));
    const returned = callDriver('call', module, model, inputs, config);
    const outputs = namedTensors(session, returned);
    const captures = run.captures(model);
    const { fn, alignment } = place(source, spec);
    const steps = fn && alignment ? stepTensors(session, source, fn, alignment, spec, captures) : [];
    const { intermediates, missing } = pickIntermediates(session, spec, captures, returned);
    const invariants = measure(run, session, spec, { config, inputs, returned, intermediates });
    return {
      ok: true,
      value: {
        source,
        spec,
        session,
        outputs,
        steps,
        fn,
        alignment,
        intermediates: intermediates.map(({ named }) => named),
        assigned: () => (fn ? assignedTensors(session, source, fn, captures) : []),
        missing,
        invariants,
        captures,
        log: run.log,
      },
    };
  } catch (error) {
    if (error instanceof Stopped) return { ok: false, failure: unfitFailure(error.failure, unfit) };
    // What our own code raised becomes a failure like Python's; anything else is a bug and goes on.
    const outcome = run.guard((): TracedEntry => {
      throw error;
    });
    return outcome;
  }
}

/** An ONNX file with the driver's inputs. Steps are the values that bear the names of their tensors. */
function traceModel(
  tracer: Tracer,
  source: ModelSource,
  spec: RunSpec,
  options: TraceOptions,
): Outcome<TracedEntry> {
  const { makeTensor = tensorByRule, ...runOptions } = options;
  const run = tracer.start({ sources: { roots: [], read: () => undefined }, ...runOptions });
  const session = torchSession(run.interpreter);
  const built = (): TracedEntry => {
    const config = toPython(spec.config);
    const inputs = makeInputs(run, session, spec, config, makeTensor, []);
    const given = new Map<string, GraphValue>();
    for (const { key, value } of inputs.entries.values())
      if (typeof key === 'string' && value instanceof Tensor) given.set(key, value.value);
    const { outputs, values } = importModel(source.model, session, given);
    const named = ([name, value]: readonly [string, GraphValue]): NamedTensor => ({
      name,
      dtype: value.type,
      value,
    });
    const returned = PyDict.of(
      [...outputs].map(([name, value]) => [name, Tensor.of(session, value, dtypes[value.type])] as const),
    );
    const steps = spec.entry.steps.flatMap(({ id, tensors = [] }) => {
      const found = tensors.flatMap(name => {
        const value = values.get(name);
        return value ? [named([name, value])] : [];
      });
      return found.length > 0 ? [{ id, lines: [], tensors: found }] : [];
    });
    const wanted = Object.entries(spec.driver.intermediates ?? {});
    const valueBehind = (selector: string) => values.get(selector.replace(/^out:/, ''));
    const picked = wanted.flatMap(([name, selector]) => {
      const value = valueBehind(selector);
      return value
        ? [{ named: named([name, value]), value: Tensor.of(session, value, dtypes[value.type]) }]
        : [];
    });
    return {
      source,
      spec,
      session,
      outputs: [...outputs].map(named),
      steps,
      fn: undefined,
      alignment: undefined,
      intermediates: picked.map(it => it.named),
      assigned: () => [...values].map(named),
      missing: wanted.filter(([, selector]) => !valueBehind(selector)).map(([name]) => name),
      invariants: measure(run, session, spec, { config, inputs, returned, intermediates: picked }),
      captures: run.captures(),
      log: run.log,
    };
  };
  try {
    return run.guard(() => {
      try {
        return built();
      } catch (error) {
        if (error instanceof OnnxError)
          throw new Refusal({ construct: source.path, message: `${source.path} ${error.message}.` });
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof Stopped) return { ok: false, failure: error.failure };
    throw error;
  }
}

function driverCode({ driver, entry }: RunSpec): string {
  if (driver.code !== undefined) return driver.code;
  throw raise('ValueError', `the driver ${driver.name} of ${entry.id} has no code to call this with`);
}

/** Carries a failure out of nested steps. */
class Stopped extends Error {
  constructor(readonly failure: TraceFailure) {
    super(failure.message);
  }
}

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Stopped(outcome.failure);
}

/** JSON as Python values; whole numbers are ints. */
export function toPython(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : float(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new PyList(value.map(toPython));
  return PyDict.of(Object.entries(value as object).map(([key, item]) => [key, toPython(item)] as const));
}

/** Evaluation mode, then every state_dict entry by the case, the trained file, or the rule. */
function giveWeights(run: TraceRun, model: Value, spec: RunSpec, makeTensor: TensorMaker): void {
  const { interpreter } = run;
  if (interpreter.findAttribute(model, 'eval') === undefined) return;
  if (interpreter.findAttribute(model, 'state_dict') === undefined) return;
  interpreter.call(interpreter.getAttribute(model, 'eval'), []);
  const state = interpreter.call(interpreter.getAttribute(model, 'state_dict'), []);
  if (!(state instanceof PyDict)) return;
  const ruled = new Map(spec.goldenCase?.parameters.map(parameter => [parameter.name, parameter]));
  const unknown = [...ruled.keys()].filter(name => !(state.get(name) instanceof Tensor));
  if (unknown.length > 0) throw raise('KeyError', `the model has no parameter ${unknown.join(', ')}`);
  const lacking: string[] = [];
  for (const { key, value } of state.entries.values()) {
    if (typeof key !== 'string' || !(value instanceof Tensor)) continue;
    const parameter = ruled.get(key);
    if (parameter?.rule === 'tied') continue;
    if (parameter && parameter.shape.join() !== value.shape.join()) {
      throw raise(
        'ValueError',
        `${key} has the shape [${value.shape.join(', ')}], the case gives [${parameter.shape.join(', ')}]`,
      );
    }
    const data = parameter
      ? byCase(parameter, value.dtype, spec.seed, makeTensor)
      : byName(key, value, spec, lacking, makeTensor);
    if (data) feedParameter(value, key, data);
  }
  if (lacking.length > 0) {
    throw raise('KeyError', `the trained weights have nothing for ${lacking.slice(0, 5).join(', ')}`);
  }
}

function byCase(
  parameter: GoldenTensor,
  dtype: TorchDType,
  seed: number,
  makeTensor: TensorMaker,
): TensorData {
  const { rule = 'explicit' } = parameter;
  if (rule === 'tied') throw new Error(`${parameter.name} is tied`);
  return makeTensor({ ...parameter, rule, type: dtype.element }, seed);
}

function byName(
  name: string,
  tensor: Tensor,
  spec: RunSpec,
  lacking: string[],
  makeTensor: TensorMaker,
): TensorData | undefined {
  const { element } = tensor.dtype;
  const stored = spec.stored?.get(name);
  if (stored && stored.shape.join() === tensor.shape.join()) return { ...stored, type: element };
  if (spec.trained) {
    const data = spec.trained.get(name);
    // Buffers that the constructor computes (tables, masks) are often left out of weight files.
    if (!data && element !== 'int64' && element !== 'bool' && !isBuffer(tensor)) lacking.push(name);
    if (data && data.shape.join() !== tensor.shape.join()) {
      throw new Stopped(unfitWeights({ kind: 'trained', name, has: data.shape, needs: tensor.shape }));
    }
    return data;
  }
  const rule = defaultRule(name, tensor.shape, element);
  return rule && makeTensor({ name, shape: tensor.shape, rule, type: element }, spec.seed);
}

function isBuffer(tensor: Tensor): boolean {
  return tensor.cls.name !== 'Parameter';
}

/**
 * Inputs by the driver's rules; the case's and the sample's take their place.
 * @param unfit is told of what was made for other dims
 * @param forOtherDims the driver's `inputs`: makes those whose listed numbers do not fit
 */
function makeInputs(
  run: TraceRun,
  session: TorchSession,
  spec: RunSpec,
  config: Value,
  makeTensor: TensorMaker,
  unfit: UnfitTensor[],
  forOtherDims?: Value,
): PyDict {
  const inputs = new Map<string, Value>();
  const planted = plantedInputs(run, spec, config);
  // As the pack has it, a sample may plant what shape it likes.
  const moved = readerMoved(spec);
  let made: ReadonlyMap<string, Value> | undefined;
  for (const input of spec.driver.inputs) {
    if (spec.goldenCase) continue;
    const shape = input.shape.map(size => sizeOf(run, size, spec.config));
    const value = planted.get(input.name);
    if (moved && value instanceof Tensor && value.shape.join() !== shape.join())
      unfit.push({ kind: 'planted', name: input.name, has: value.shape, needs: shape });
    if (planted.has(input.name) || (input.rule === 'explicit' && !input.values)) continue;
    session.checkSize(shape);
    const dtype = dtypes[input.dtype];
    const vocab = input.vocab === undefined ? undefined : sizeOf(run, input.vocab, spec.config);
    if (input.rule === 'explicit' && !listFits(input.values ?? [], shape, vocab)) {
      made ??= forOtherDims === undefined ? new Map() : tensorsOf(run, forOtherDims, config, 'inputs');
      const instead = made.get(input.name);
      if (instead === undefined)
        unfit.push({ kind: 'listed', name: input.name, has: [input.values?.length ?? 0], needs: shape });
      else inputs.set(input.name, fed(session, input.name, instead));
      continue;
    }
    const data = makeTensor(
      {
        name: input.name,
        shape,
        rule: input.rule,
        type: dtype.element,
        ...(vocab === undefined ? {} : { vocab }),
        ...(input.values ? { values: input.values } : {}),
      },
      spec.seed,
    );
    inputs.set(input.name, inputTensor(session, input.name, data, dtype));
  }
  for (const input of spec.goldenCase?.inputs ?? []) {
    const dtype = dtypes[(input.dtype ?? 'float32') as keyof typeof dtypes];
    if (!dtype) throw raise('ValueError', `${input.name}: unknown dtype ${input.dtype}`);
    const { rule } = input;
    session.checkSize(input.shape);
    const data = input.values
      ? makeTensor({ ...input, rule: 'explicit', type: dtype.element }, spec.seed)
      : makeTensor(
          { ...input, rule: rule === 'tied' || !rule ? 'input' : rule, type: dtype.element },
          spec.seed,
        );
    inputs.set(input.name, inputTensor(session, input.name, data, dtype));
  }
  for (const [name, value] of planted) inputs.set(name, fed(session, name, value));
  return PyDict.of([...inputs]);
}

/** What the sample's Python gives, by name; it may have other shapes than the driver's inputs. */
function plantedInputs(run: TraceRun, spec: RunSpec, config: Value): Map<string, Value> {
  if (!spec.sample) return new Map();
  const module = must(run.exec(spec.sample.code, `sample ${spec.sample.name}`));
  return tensorsOf(run, module.attributes.get('sample') ?? null, config, 'sample');
}

/** What a Python function of the config returns by name. */
function tensorsOf(run: TraceRun, fn: Value, config: Value, name: string): Map<string, Value> {
  const made = must(run.call(fn, [config]));
  if (!(made instanceof PyDict)) throw raise('TypeError', `${name}() must return a dict`);
  const found = new Map<string, Value>();
  for (const { key, value } of made.entries.values()) if (typeof key === 'string') found.set(key, value);
  return found;
}

/** Whether the config is another one than the driver, the sample and the weights bring. */
function readerMoved({ entry, driver, sample, trained, config }: RunSpec): boolean {
  const given = givenConfig(entry.mini, { driver, sample, trained: trained !== undefined });
  return Object.entries(config).some(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(given[name]),
  );
}

/** Whether listed numbers fill a shape, and are ids of the vocabulary where there is one. */
function listFits(values: readonly number[], shape: readonly number[], vocab: number | undefined): boolean {
  const length = shape.reduce((product, size) => product * size, 1);
  return values.length === length && (vocab === undefined || values.every(value => value < vocab));
}

/**
 * A planted tensor as an input of the graph: left as the constant it is, everything behind it would be folded away and no
 * engine would have anything to run.
 */
function fed(session: TorchSession, name: string, value: Value): Value {
  if (!(value instanceof Tensor)) return value;
  const [data] = evaluate([value.value], session.feeds);
  return data ? inputTensor(session, name, data, value.dtype) : value;
}

/** A shape's or vocabulary's expression over the config: `3 * n_heads * ch`. */
function sizeOf(run: TraceRun, size: string | number, config: Readonly<Record<string, unknown>>): number {
  if (typeof size === 'number') return size;
  const names = Object.keys(config).filter(name => /^[A-Za-z_]\w*$/.test(name));
  const module = must(run.exec(`def size(${names.join(', ')}):\n    return ${size}\n`, `shape ${size}`));
  const value = run.interpreter.call(
    module.attributes.get('size') ?? null,
    names.map(name => toPython(config[name])),
  );
  const number = value instanceof PyFloat ? value.value : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
    throw raise('ValueError', `${size} is no size for this config`);
  }
  return number;
}

/** The tensors of a dict of outputs; numbers count as tensors without axes, `None` and texts do not. */
function namedTensors(session: TorchSession, returned: Value): NamedTensor[] {
  if (!(returned instanceof PyDict)) return [];
  return [...returned.entries.values()].flatMap(({ key, value }) => {
    const named = typeof key === 'string' ? namedTensor(session, key, value) : undefined;
    return named ?? [];
  });
}

function namedTensor(session: TorchSession, name: string, value: Value | undefined): NamedTensor | undefined {
  if (value instanceof Tensor) return { name, dtype: value.dtype.name, value: value.value };
  const number =
    value instanceof PyFloat
      ? value.value
      : typeof value === 'number' || typeof value === 'boolean'
        ? Number(value)
        : undefined;
  if (number === undefined) return undefined;
  const type: ElementType =
    typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'int64' : 'float32';
  const data: TensorData = { type, shape: [], data: Float64Array.of(number) as TensorData['data'] };
  return { name, dtype: type, value: session.graph.constant(data) };
}

/** The function of the source that the entry is about, and its steps. */
function place(
  source: CodeSource,
  spec: RunSpec,
): { fn: FunctionOutline | undefined; alignment: Alignment | undefined } {
  // An entry without an upstream function (`prob.chain_rule`) is a function of that name in its mini.
  const { id, upstream } = spec.entry;
  const qualname = source.qualname ?? upstream?.qualname ?? id.slice(id.indexOf('.') + 1);
  const fn = source.outline.functions.find(candidate => candidate.qualname === qualname);
  return { fn, alignment: fn && (source.align ?? alignFunction)(spec.entry, fn) };
}

/** The tensors that each step's statements left behind, in the first call of the function. */
function stepTensors(
  session: TorchSession,
  source: CodeSource,
  fn: FunctionOutline,
  alignment: Alignment,
  spec: RunSpec,
  captures: Captures,
): TracedStep[] {
  return placeTensors(spec.entry.steps, fn, alignment, captures, source.path).map(
    ({ id, lines, values }) => ({
      id,
      lines,
      tensors: values.flatMap(({ name, value }) => namedTensor(session, name, tensorOf(value)) ?? []),
    }),
  );
}

function assignedTensors(
  session: TorchSession,
  source: CodeSource,
  fn: FunctionOutline,
  captures: Captures,
): NamedTensor[] {
  const { start, end } = fn.range;
  return captures
    .inLines(source.path, start.line, end.line)
    .flatMap(({ name, value }) => namedTensor(session, name, tensorOf(value)) ?? []);
}

/** A function that returns a pair or a dict counts by its first tensor. */
function tensorOf(value: Value | undefined): Value | undefined {
  if (value instanceof PyTuple || value instanceof PyList)
    return value.items.find(item => item instanceof Tensor);
  if (value instanceof PyDict) {
    return [...value.entries.values()].map(entry => entry.value).find(item => item instanceof Tensor);
  }
  return value;
}

interface Picked {
  readonly named: NamedTensor;
  readonly value: Value;
}

function pickIntermediates(
  session: TorchSession,
  spec: RunSpec,
  captures: Captures,
  returned: Value,
): { intermediates: Picked[]; missing: string[] } {
  const intermediates: Picked[] = [];
  const missing: string[] = [];
  for (const [name, selector] of Object.entries(spec.driver.intermediates ?? {})) {
    const value = selector.startsWith('out:')
      ? returned instanceof PyDict
        ? returned.get(selector.slice(4))
        : undefined
      : captures.select(selector);
    const named = namedTensor(session, name, value);
    if (named && value !== undefined) intermediates.push({ named, value });
    else missing.push(name);
  }
  return { intermediates, missing };
}

interface Seen {
  readonly config: Value;
  readonly inputs: PyDict;
  readonly returned: Value;
  readonly intermediates: readonly Picked[];
}

/** Properties that must hold; one that asks for a key this driver has not does not apply. */
function measure(
  run: TraceRun,
  session: TorchSession,
  spec: RunSpec,
  seen: Seen,
): { id: string; measured: NamedTensor }[] {
  const outputs = seen.returned instanceof PyDict ? seen.returned : new PyDict();
  const names = [...outputs.entries.values()]
    .map(({ key }) => key)
    .filter((key): key is string => typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key))
    .filter(key => !['config', 'inputs', 'outputs', 'intermediates'].includes(key));
  const picked = PyDict.of(seen.intermediates.map(({ named, value }) => [named.name, value] as const));
  return (spec.entry.mini.invariants ?? []).flatMap(({ id, code }) => {
    const parameters = ['config', 'inputs', 'outputs', 'intermediates', ...names].join(', ');
    // A tensor will do for a bool: asking for its truth now would compute the whole run on the TypeScript kernels while it is traced.
    const text = `import torch\nbool = lambda value: value\ndef invariant(${parameters}):\n    return (${code.trim()})\n`;
    const module = must(run.exec(text, `invariant ${id}`));
    const outcome = run.call(module.attributes.get('invariant') ?? null, [
      seen.config,
      seen.inputs,
      outputs,
      picked,
      ...names.map(name => outputs.get(name) ?? null),
    ]);
    if (!outcome.ok) {
      if (outcome.failure.construct === 'KeyError' || outcome.failure.construct === 'NameError') return [];
      throw raise('RuntimeError', `invariant ${id}: ${outcome.failure.message}`);
    }
    const value = outcome.value;
    const measured = namedTensor(session, id, value);
    return measured ? [{ id, measured }] : [];
  });
}
