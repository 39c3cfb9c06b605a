import { useMemo, useState } from 'preact/hooks';
import { npyFile } from '../../src/core/explain/npyFile.ts';
import { numpyText, tensorJson } from '../../src/core/explain/numpyText.ts';
import {
  isDistribution,
  looksLikePicture,
  type StepTensor,
  tensorSlice,
  tensorStats,
} from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { Bars } from './Bars.tsx';
import { type Cell, formatNumber, Heatmap } from './Heatmap.tsx';
import { Picture } from './Picture.tsx';

/** Larger tables help nobody; the `.npy` file has everything. */
const MAX_TABLE_CELLS = 1024;

export interface TensorActions {
  copy(text: string): void;
  save(name: string, bytes: Uint8Array): void;
}

interface TensorViewProps {
  readonly tensor: StepTensor;
  /** Names of the axes from the symbol's shape, where known. */
  readonly axes: readonly string[];
  readonly title: string;
  readonly localizer: Localizer;
  readonly actions: TensorActions;
  /** The cell in focus, shared between tensors that belong together. */
  readonly cell: Cell | null;
  onCell(cell: Cell | null): void;
}

/** One tensor: picture or heatmap, shape and statistics, controls for the leading axes, a table, copy and save. */
export function TensorView(props: TensorViewProps) {
  const { tensor, axes, title, localizer, actions } = props;
  const [leading, setLeading] = useState<readonly number[]>([]);
  const [table, setTable] = useState(false);
  const stats = useMemo(() => tensorStats(tensor), [tensor]);
  const probabilities = useMemo(() => isDistribution(tensor), [tensor]);
  const rank = tensor.shape.length;
  const named = tensor.shape.map((size, axis) => `${axes[axis] ?? `axis ${axis}`} = ${size}`);
  const empty = tensor.values.length === 0;
  return (
    <section class="tensor" aria-label={title}>
      <h3>
        <code>{tensor.name}</code> <span class="shape">[{tensor.shape.join(', ')}]</span>{' '}
        <span class="dtype">{tensor.dtype}</span>
      </h3>
      <p class="stats">
        {empty
          ? localizer.t('empty')
          : localizer.t(
              'min {0}, max {1}, mean {2}',
              formatNumber(stats.min),
              formatNumber(stats.max),
              formatNumber(stats.mean),
            )}
        {stats.notFinite > 0 && ` · ${localizer.t('{0} not finite', stats.notFinite)}`}
      </p>
      {!empty && looksLikePicture(tensor) && <Picture tensor={tensor} leading={leading} label={title} />}
      {!empty && (
        <Heatmap
          tensor={tensor}
          stats={stats}
          leading={leading}
          axes={[named[rank - 2] ?? '1', named[rank - 1] ?? '1']}
          cell={props.cell}
          label={`${title}: ${named.join(', ')}`}
          localizer={localizer}
          onCell={props.onCell}
        />
      )}
      {probabilities && props.cell && <Bars slice={tensorSlice(tensor, leading)} row={props.cell.row} />}
      {tensor.shape.slice(0, Math.max(0, rank - 2)).map((size, axis) =>
        size > 1 ? (
          <label class="slice" key={named[axis]}>
            {named[axis]}
            <input
              type="range"
              min={0}
              max={size - 1}
              value={leading[axis] ?? 0}
              aria-valuetext={`${leading[axis] ?? 0}`}
              onInput={event => {
                const next = tensor.shape.slice(0, -2).map((_, index) => leading[index] ?? 0);
                next[axis] = Number(event.currentTarget.value);
                setLeading(next);
              }}
            />
            <output>{leading[axis] ?? 0}</output>
          </label>
        ) : null,
      )}
      <p class="tensor-actions">
        <button type="button" aria-expanded={table} onClick={() => setTable(!table)}>
          {localizer.t('Table')}
        </button>
        <button type="button" onClick={() => actions.copy(tensorJson(tensor))}>
          {localizer.t('Copy as JSON')}
        </button>
        <button type="button" onClick={() => actions.copy(numpyText(tensor))}>
          {localizer.t('Copy as NumPy')}
        </button>
        <button type="button" onClick={() => actions.save(`${tensor.name}.npy`, npyFile(tensor))}>
          {localizer.t('Save as .npy')}
        </button>
      </p>
      {table && <TensorTable tensor={tensor} leading={leading} title={title} localizer={localizer} />}
    </section>
  );
}

function TensorTable({
  tensor,
  leading,
  title,
  localizer,
}: {
  readonly tensor: StepTensor;
  readonly leading: readonly number[];
  readonly title: string;
  readonly localizer: Localizer;
}) {
  const slice = tensorSlice(tensor, leading);
  const rows = Math.min(slice.rows, Math.max(1, Math.floor(MAX_TABLE_CELLS / slice.columns)));
  const columns = Math.min(slice.columns, MAX_TABLE_CELLS);
  const cut = rows < slice.rows || columns < slice.columns;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="table-scroll" tabIndex={0} aria-label={title}>
      <table class="values">
        <caption>
          {title}
          {cut && ` · ${localizer.t('first {0} × {1}', rows, columns)}`}
        </caption>
        <thead>
          <tr>
            <td />
            {Array.from({ length: columns }, (_, column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {Array.from({ length: columns }, (_, column) => (
                <td key={column}>{formatNumber(slice.at(row, column))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
