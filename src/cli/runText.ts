import type { ComputedRun, ComputedTensor } from '../core/minis/computeRun.ts';
import { goldenNames } from '../core/minis/goldenNames.ts';
import type { RunSpec } from '../core/minis/runSpec.ts';
import type { TracedEntry } from '../core/minis/traceEntry.ts';
import type { TraceFailure } from '../core/trace/traceFailure.ts';
import { tensorJson } from './tensorJson.ts';

export interface RunReport {
  readonly spec: RunSpec;
  /** `mini`, or the file. */
  readonly name: string;
  /** Milliseconds. */
  readonly trace: number;
  readonly traced: TracedEntry;
  readonly computed: ComputedRun;
}

/** `run --json`: `docs/schemas/run.schema.json`. */
export function runJson({ spec, name, trace, traced, computed }: RunReport) {
  return {
    ...head(spec, name),
    backend: 'wasm',
    ms: { trace: round(trace), ...rounded(computed.ms) },
    outputs: computed.outputs.map(tensorJson),
    steps: computed.steps.flatMap((step, index) => {
      const lines = step.lines.map(({ start, end }) => [start + 1, end + 1]);
      return goldenNames(traced, index, step.tensors, computed.intermediates).map(tensor => {
        const { name: own, ...rest } = tensorJson(tensor);
        return { id: step.id, name: own, ...rest, lines };
      });
    }),
    intermediates: computed.intermediates.map(tensorJson),
    unmatched: [...traced.missing],
    invariants: computed.invariants.map(({ id, value, holds }) => ({
      id,
      value: Number.isFinite(value) ? value : String(value),
      holds,
    })),
  };
}

/** The same for a run that was refused. */
export function refusalJson(failure: TraceFailure, spec: RunSpec, name: string, trace: number) {
  const { file, line, column, construct, message, hint } = failure;
  return {
    ...head(spec, name),
    backend: 'wasm',
    ms: { trace: round(trace), build: 0, session: 0, run: 0 },
    outputs: [],
    steps: [],
    intermediates: [],
    unmatched: [],
    invariants: [],
    refused: {
      file,
      line: line + 1,
      column: column + 1,
      construct,
      message: hint === undefined ? message : `${message} (${hint})`,
    },
  };
}

function head(spec: RunSpec, name: string) {
  return {
    entry: spec.entry.id,
    driver: spec.driver.name,
    source: name,
    config: spec.config,
    seed: spec.seed,
    weights: spec.trained ? 'trained' : 'rule',
    sample: spec.sample?.name ?? null,
  };
}

/** For people: each tensor with its shape and first numbers. */
export function describeRun({ spec, name, trace, computed, traced }: RunReport): string {
  const { build, session, run } = computed.ms;
  const lines = [
    `${spec.entry.id}, ${spec.driver.name}, ${name}, seed ${spec.seed}${spec.sample ? `, sample ${spec.sample.name}` : ''}`,
    `trace ${trace.toFixed(1)} ms, build ${build.toFixed(1)}, session ${session.toFixed(1)}, run ${run.toFixed(1)} (wasm)`,
    'outputs',
    ...computed.outputs.map(it => `  ${oneLine(it)}`),
  ];
  if (computed.steps.length > 0) lines.push('steps');
  for (const step of computed.steps) {
    const at = step.lines.map(it => (it.start === it.end ? it.start + 1 : `${it.start + 1}–${it.end + 1}`));
    lines.push(
      `  ${step.id}${at.length > 0 ? ` (line ${at.join(', ')})` : ''}`,
      ...step.tensors.map(it => `    ${oneLine(it)}`),
    );
  }
  if (computed.invariants.length > 0) lines.push('checks');
  for (const it of computed.invariants) {
    lines.push(`  ${it.holds ? 'holds' : 'FAILS'} ${it.id} (${it.value.toPrecision(3)})`);
  }
  if (traced.missing.length > 0) lines.push(`not found: ${traced.missing.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function oneLine({ name, dtype, data }: ComputedTensor): string {
  const shown = Array.from(data.data.slice(0, 6), value => Number(Number(value).toPrecision(5)));
  const more = data.data.length > 6 ? ', …' : '';
  return `${name} [${data.shape.join(', ')}] ${dtype}: ${shown.join(', ')}${more}`;
}

function rounded(ms: ComputedRun['ms']) {
  return { build: round(ms.build), session: round(ms.session), run: round(ms.run) };
}

/** Microseconds are enough. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
