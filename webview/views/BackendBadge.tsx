import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { Engine, RunReport } from '../runner/runTypes.ts';

const NAMES: Readonly<Record<Engine, string>> = {
  typescript: 'TypeScript',
  wasm: 'WASM',
  webgpu: 'WebGPU',
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
  const why = run.fallback ? localizer.t(run.fallback) : undefined;
  return (
    <span class="backend" role="status" title={why}>
      <vscode-badge>{`${NAMES[run.engine]} ● ${run.ms.run.toFixed(1)} ms`}</vscode-badge>
      {why && <small> {why}</small>}
    </span>
  );
}
