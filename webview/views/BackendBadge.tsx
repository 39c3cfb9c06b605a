import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Engine, Fallback, RunReport } from '../runner/runTypes.ts';

export const ENGINE_NAMES: Readonly<Record<Engine, string>> = {
  typescript: 'TypeScript',
  wasm: 'WASM',
  webgpu: 'WebGPU',
};

/** One sentence per reason. */
const WHY: Readonly<Record<Fallback, string>> = {
  'no-gpu': 'This environment has no WebGPU',
  'no-adapter': 'WebGPU finds no adapter here',
  'software-adapter': 'The GPU is a software one: WASM is faster',
  'device-lost': 'The GPU was lost: gone on with WASM',
  'gpu-error': 'The GPU could not run this graph: gone on with WASM',
  'no-runtime': 'onnxruntime-web could not be loaded',
  'runtime-error': 'onnxruntime-web could not run this graph',
  chosen: 'WASM by your setting',
};

/** Which backend really ran, how long it took, and why it was not WebGPU. */
export function BackendBadge({
  report,
  localizer,
}: {
  readonly report: RunReport | null;
  readonly localizer: Localizer;
}) {
  const run = report?.screen ?? report?.mini;
  if (!run) return null;
  const waiting = run.engine === 'typescript' && !run.fallback;
  const why = waiting
    ? localizer.t('first numbers, while onnxruntime-web loads')
    : run.fallback && localizer.t(WHY[run.fallback]);
  return (
    <span class="backend" role="status" title={why}>
      <vscode-badge>{`${ENGINE_NAMES[run.engine]} ● ${run.ms.run.toFixed(1)} ms`}</vscode-badge>
      {why && <small> {why}</small>}
    </span>
  );
}
