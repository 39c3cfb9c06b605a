import { type ElementType, type TensorData, tensorData } from '../../../../src/core/trace/graph/data.ts';
import type { GraphValue } from '../../../../src/core/trace/graph/graph.ts';
import {
  PyDict,
  PyFloat,
  PyList,
  PyTuple,
  type Value,
} from '../../../../src/core/trace/interpreter/values.ts';
import { sourcesFromMap } from '../../../../src/core/trace/sourceProvider.ts';
import { dtypes, TorchDType } from '../../../../src/core/trace/tensor/dtype.ts';
import { Tensor } from '../../../../src/core/trace/tensor/tensor.ts';
import { torchModules, torchSession } from '../../../../src/core/trace/torch/modules.ts';
import type { TraceFailure } from '../../../../src/core/trace/traceFailure.ts';
import { type TraceRun, Tracer } from '../../../../src/core/trace/tracer.ts';
import { loadPythonParser } from '../../../../src/node/loadPythonParser.ts';
import { readPylib } from '../../../../src/node/readPylib.ts';

/** A value as test/tools/torchSnippets.py writes it. */
export interface Described {
  readonly tensor?: keyof typeof dtypes;
  readonly shape?: readonly number[];
  readonly values?: readonly (number | string)[];
  readonly tuple?: readonly Described[];
  readonly list?: readonly Described[];
  readonly value?: boolean | null | string;
  readonly int?: string;
  readonly float?: number | string;
  readonly text?: string;
}

export interface Snippet {
  readonly group: string;
  readonly code: string;
  readonly expected?: Described;
  readonly raises?: string;
  readonly refuses?: string;
}

/** A tracer over the stand-ins of this checkout, as the tests use it. */
export async function makeTracer(): Promise<Tracer> {
  const parser = await loadPythonParser();
  const parse = (text: string) => {
    const tree = parser.parse(text);
    try {
      return parser.copySyntax(tree, text);
    } finally {
      tree.delete();
    }
  };
  return new Tracer({
    parse,
    library: { native: torchModules, pylib: readPylib() },
    clock: () => performance.now(),
  });
}

/** What became of one snippet. */
export interface SnippetResult {
  readonly run: TraceRun;
  readonly value?: Value;
  readonly failure?: TraceFailure;
  readonly feeds: ReadonlyMap<string, TensorData>;
}

export function numbersOf(values: readonly (number | string)[]): number[] {
  return values.map(v => (typeof v === 'string' ? Number(v) : v));
}

/** A run for one snippet or many. */
export function startRun(tracer: Tracer): TraceRun {
  return tracer.start({ sources: sourcesFromMap(new Map(), []), capture: false });
}

/** Runs one snippet with the inputs as graph feeds, so that nothing is known of their numbers while tracing. */
export function runSnippet(
  run: TraceRun,
  code: string,
  inputs: Readonly<Record<string, Described>>,
): SnippetResult {
  const session = torchSession(run.interpreter);
  const names = Object.keys(inputs);
  const body = code
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
  const text = `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\ndef snippet(${names.join(', ')}):\n${body}\n`;
  const module = run.exec(text, 'snippet.py');
  if (!module.ok) return { run, failure: module.failure, feeds: session.feeds };
  const args = names.map((name): Value => {
    const { tensor, shape, values } = inputs[name]!;
    const dtype = dtypes[tensor!];
    const data = tensorData(dtype.element as ElementType, shape!, numbersOf(values!));
    return Tensor.of(session, session.feed('input', name, data), dtype);
  });
  const outcome = run.call(module.value.attributes.get('snippet')!, args);
  return outcome.ok
    ? { run, value: outcome.value, feeds: session.feeds }
    : { run, failure: outcome.failure, feeds: session.feeds };
}

/** Every tensor in a value, in order. */
export function tensorsIn(value: Value): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (value instanceof PyTuple || value instanceof PyList) return value.items.flatMap(tensorsIn);
  if (value instanceof PyDict) return value.values().flatMap(tensorsIn);
  return [];
}

/** The graph values of every tensor in a value. */
export function graphValuesIn(value: Value): GraphValue[] {
  return tensorsIn(value).map(t => t.value);
}

/**
 * Compares a value with what torch gave; returns the first difference, or undefined.
 * @param numbers the numbers of each tensor, in the order of `tensorsIn`
 */
export function difference(
  value: Value,
  expected: Described,
  numbers: readonly TensorData[],
  run: TraceRun,
): string | undefined {
  const rest = [...numbers];
  const walk = (got: Value, wanted: Described, path: string): string | undefined => {
    if (wanted.tensor !== undefined) {
      if (!(got instanceof Tensor)) return `${path}: not a tensor`;
      const data = rest.shift()!;
      if (got.dtype.name !== wanted.tensor)
        return `${path}: dtype ${got.dtype.name}, torch has ${wanted.tensor}`;
      if (got.shape.join() !== wanted.shape!.join())
        return `${path}: shape [${got.shape}], torch has [${wanted.shape}]`;
      const want = numbersOf(wanted.values!);
      for (let i = 0; i < want.length; i++) {
        const [x, y] = [data.data[i]!, want[i]!];
        if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
        if (!(Math.abs(x - y) <= 1e-5 + 1e-5 * Math.abs(y))) return `${path}[${i}]: ${x}, torch has ${y}`;
      }
      return undefined;
    }
    const items = wanted.tuple ?? wanted.list;
    if (items) {
      const kind = wanted.tuple ? PyTuple : PyList;
      if (!(got instanceof kind)) return `${path}: not a ${kind.name}`;
      if (got.items.length !== items.length)
        return `${path}: ${got.items.length} items, torch has ${items.length}`;
      for (let i = 0; i < items.length; i++) {
        const found = walk(got.items[i]!, items[i]!, `${path}.${i}`);
        if (found) return found;
      }
      return undefined;
    }
    if (wanted.int !== undefined)
      return (typeof got === 'number' || typeof got === 'bigint') && String(got) === wanted.int
        ? undefined
        : `${path}: ${run.interpreter.repr(got)}, torch has the int ${wanted.int}`;
    if (wanted.float !== undefined) {
      const y = Number(wanted.float);
      const near =
        got instanceof PyFloat && (got.value === y || Math.abs(got.value - y) <= 1e-5 + 1e-5 * Math.abs(y));
      return near ? undefined : `${path}: ${run.interpreter.repr(got)}, torch has the float ${y}`;
    }
    if (wanted.text !== undefined)
      return got instanceof TorchDType && got.repr() === wanted.text
        ? undefined
        : `${path}: ${run.interpreter.repr(got)}, torch has ${wanted.text}`;
    return got === wanted.value
      ? undefined
      : `${path}: ${run.interpreter.repr(got)}, torch has ${wanted.value}`;
  };
  return walk(value, expected, 'result');
}
