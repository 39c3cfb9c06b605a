import { useMemo, useState } from 'preact/hooks';
import { formatNumber } from '../../src/core/explain/formatNumber.ts';
import { heatmapSvg } from '../../src/core/explain/heatmapSvg.ts';
import { linkedBand, type NamedAxis } from '../../src/core/explain/linkedCells.ts';
import { symbolClass } from '../../src/core/explain/markSymbols.ts';
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
import type { CellFocus } from '../cellFocus.ts';
import type { PanelActions } from '../panelActions.ts';
import { canvasPng, groundedPng, inkColour } from '../pictures.ts';
import { Bars } from './Bars.tsx';
import { Equation } from './Equation.tsx';
import { type Cell, Heatmap } from './Heatmap.tsx';
import { Menu } from './Menu.tsx';
import { Picture, pictureCanvas } from './Picture.tsx';

/** Larger tables help nobody; the `.npy` file has everything. */
const MAX_TABLE_CELLS = 1024;

interface TensorViewProps {
  readonly tensor: StepTensor;
  /** Names it apart from all other tensors of the run. */
  readonly id: string;
  readonly axes: readonly NamedAxis[];
  /** The symbol that it holds, by its place in the entry's list. */
  readonly symbol: { readonly index: number; readonly tex: string } | undefined;
  readonly title: string;
  readonly localizer: Localizer;
  readonly actions: PanelActions;
  /** The cell in focus, of this tensor or another. */
  readonly focus: CellFocus | null;
  readonly pinned: boolean;
  onPoint(focus: CellFocus | null): void;
  onPin(focus: CellFocus | null): void;
}

/** One tensor: picture or heatmap, shape and statistics, controls for the leading axes, a table, copy and save. */
export function TensorView(props: TensorViewProps) {
  const { tensor, axes, title, localizer, focus, symbol } = props;
  const [leading, setLeading] = useState<readonly number[]>([]);
  const [table, setTable] = useState(false);
  const stats = useMemo(() => tensorStats(tensor), [tensor]);
  const probabilities = useMemo(() => isDistribution(tensor), [tensor]);
  const rank = tensor.shape.length;
  const named = axes.map(({ name, size }, axis) => `${name ?? localizer.t('axis {0}', axis)} = ${size}`);
  const empty = tensor.values.length === 0;
  const slice = tensorSlice(tensor, leading);
  const own = focus?.tensor === props.id && sameSlice(focus.leading, leading, rank);
  const band = focus && focus.tensor !== props.id ? linkedBand(focus, axes, leading) : undefined;
  const focusOn = (cell: Cell | null): CellFocus | null =>
    cell && { tensor: props.id, cell, leading, axes, index: slice.indexOf(cell.row, cell.column) };
  const row = own ? focus.cell.row : (band?.row ?? (slice.rows === 1 ? 0 : undefined));
  return (
    <section class="tensor" aria-label={title} id={`tensor-${props.id}`}>
      <h4>
        {symbol && (
          <span class={symbolClass(symbol.index)}>
            <Equation tex={symbol.tex} spoken={tensor.name} display={false} />
          </span>
        )}
        <code class={symbol ? symbolClass(symbol.index) : ''}>{tensor.name}</code>
        <span class="shape">
          {axes.some(axis => axis.name !== undefined) &&
            `[${axes.map((axis, index) => axis.name ?? String(tensor.shape[index])).join(', ')}] = `}
          [{tensor.shape.join(', ')}]
        </span>
        <span class="dtype">{tensor.dtype}</span>
        <TensorMenu {...props} leading={leading} named={named} table={table} onTable={setTable} />
      </h4>
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
          cell={own ? focus.cell : null}
          band={band}
          pinned={props.pinned && (own || band !== undefined)}
          label={`${title}: ${named.join(', ')}`}
          localizer={localizer}
          onPoint={cell => props.onPoint(focusOn(cell))}
          onPin={cell => props.onPin(focusOn(cell))}
        />
      )}
      {probabilities && row !== undefined && <Bars slice={slice} row={row} />}
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
      {table && <TensorTable tensor={tensor} leading={leading} title={title} localizer={localizer} />}
    </section>
  );
}

function sameSlice(a: readonly number[], b: readonly number[], rank: number): boolean {
  return Array.from({ length: Math.max(0, rank - 2) }).every((_, axis) => (a[axis] ?? 0) === (b[axis] ?? 0));
}

interface TensorMenuProps {
  readonly tensor: StepTensor;
  readonly leading: readonly number[];
  readonly named: readonly string[];
  readonly title: string;
  readonly localizer: Localizer;
  readonly actions: PanelActions;
  readonly table: boolean;
  onTable(shown: boolean): void;
}

/** What can be done with the numbers and their picture. */
function TensorMenu(props: TensorMenuProps) {
  const { tensor, leading, named, title, localizer, actions, table } = props;
  const rank = tensor.shape.length;
  const svg = () =>
    heatmapSvg(tensor, leading, {
      title: `${title} [${tensor.shape.join(', ')}]`,
      axes: [named[rank - 2] ?? '', named[rank - 1] ?? ''],
      ink: inkColour(),
    });
  const name = tensor.name.replace(/[^\w.-]/g, '_');
  const file = (text: string) => async () => new TextEncoder().encode(text);
  return (
    <span class="tensor-actions no-picture">
      <button type="button" aria-expanded={table} onClick={() => props.onTable(!table)}>
        {localizer.t('Table')}
      </button>
      <Menu
        label={localizer.t('Copy or save {0}', tensor.name)}
        face="⋯"
        items={[
          {
            label: localizer.t('Copy picture as PNG'),
            act: () => actions.copyPng(`${name}.png`, () => tensorPng(tensor, leading, svg)),
          },
          { label: localizer.t('Copy picture as SVG'), act: () => actions.copyText(svg()) },
          { label: localizer.t('Save picture as SVG'), act: () => actions.save(`${name}.svg`, file(svg())) },
          { label: localizer.t('Copy as JSON'), act: () => actions.copyText(tensorJson(tensor)) },
          { label: localizer.t('Copy as NumPy'), act: () => actions.copyText(numpyText(tensor)) },
          {
            label: localizer.t('Save as .npy'),
            act: () => actions.save(`${name}.npy`, async () => npyFile(tensor)),
          },
        ]}
      />
    </span>
  );
}

/** Image tensors as the image they are, all others as their heatmap. */
function tensorPng(tensor: StepTensor, leading: readonly number[], svg: () => string): Promise<Blob> {
  return looksLikePicture(tensor) ? canvasPng(pictureCanvas(tensor, leading)) : groundedPng(svg());
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
