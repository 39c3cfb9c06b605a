import type { RunComparison, StepComparison } from '../core/minis/compareRuns.ts';
import type { ComputedRun } from '../core/minis/computeRun.ts';
import type { RunSpec } from '../core/minis/runSpec.ts';

export interface ComparisonReport {
  readonly spec: RunSpec;
  /** The file that was compared with the mini. */
  readonly name: string;
  readonly comparison: RunComparison;
  readonly screen: ComputedRun;
}

/** `run --compare --json`: `docs/schemas/compare.schema.json`. */
export function comparisonJson({ spec, name, comparison, screen }: ComparisonReport) {
  const { agrees, verdict, difference, first } = comparison;
  const item = (step: StepComparison) => ({
    id: step.id,
    agrees: step.agrees,
    difference: number(step.difference),
    size: step.size,
    tensor: step.tensor,
    reason: step.reason ?? (step.noise ? 'noise' : null),
    difference64: number(step.difference64 ?? null),
    lines: linesOf(screen, step.id),
  });
  return {
    entry: spec.entry.id,
    driver: spec.driver.name,
    source: name,
    config: spec.config,
    seed: spec.seed,
    backend: 'wasm',
    agrees,
    verdict,
    difference: number(difference),
    first: first
      ? {
          step: first.step,
          tensor: first.tensor,
          difference: number(first.difference),
          size: first.size,
          lines: first.lines.map(({ start, end }) => [start + 1, end + 1]),
        }
      : null,
    steps: comparison.steps.map(item),
    outputs: comparison.outputs.map(item).map(({ lines: _, ...rest }) => rest),
  };
}

/** For people: a line per step and output. */
export function describeComparison({ spec, name, comparison, screen }: ComparisonReport): string {
  const line = (step: StepComparison) => {
    const at = linesOf(screen, step.id).map(([start, end]) => (start === end ? start : `${start}–${end}`));
    const where = at.length > 0 ? ` (line ${at.join(', ')})` : '';
    if (step.difference === null) return `  –       ${step.id}${where}: not on both sides`;
    if (step.reason === 'missing') {
      return `  DIFFERS ${step.id}${where}: ${step.tensor} is computed nowhere, ${gap(step.difference)} of ${gap(step.size)} behind it`;
    }
    const verdict = step.agrees ? (step.noise ? 'noise' : 'equal') : 'DIFFERS';
    const shapes = step.shapes
      ? `, shapes [${step.shapes.mini.join(', ')}] and [${step.shapes.screen.join(', ')}]`
      : '';
    return `  ${verdict.padEnd(7)} ${step.id}${where}: ${gap(step.difference)} of ${gap(step.size)}${step.tensor === step.id ? '' : ` in ${step.tensor}`}${shapes}`;
  };
  const { first } = comparison;
  const verdict = first
    ? `differs first at ${first.step === null ? `the output ${first.tensor}` : `the step ${first.step}`}${first.lines.length > 0 ? `, line ${first.lines.map(it => it.start + 1).join(', ')}` : ''}: ${gap(first.difference)} of ${gap(first.size)}`
    : comparison.verdict === 'nothing'
      ? 'nothing to compare'
      : `code = equation (largest difference ${gap(comparison.difference)})`;
  return `${[
    `${spec.entry.id}, ${spec.driver.name}, ${name} beside the mini, seed ${spec.seed}`,
    ...(comparison.steps.length > 0 ? ['steps', ...comparison.steps.map(line)] : []),
    'outputs',
    ...comparison.outputs.map(line),
    verdict,
  ].join('\n')}\n`;
}

function linesOf(screen: ComputedRun, id: string): number[][] {
  return (screen.steps.find(step => step.id === id)?.lines ?? []).map(({ start, end }) => [
    start + 1,
    end + 1,
  ]);
}

function gap(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : '∞';
}

/** JSON knows no infinity. */
function number(value: number | null): number | string | null {
  return value === null || Number.isFinite(value) ? value : String(value);
}
