import { cpus } from 'node:os';
import { hoverBench } from './hoverBench.ts';
import { panelBench } from './panelBench.ts';
import type { Bench, BenchRow } from './row.ts';
import { runBench } from './runBench.ts';
import { scanBench } from './scanBench.ts';

/** Everything that `npm run bench` measures; `npm run bench -- NAME…` takes some of it. The build must have run. */
const benches: readonly Bench[] = [hoverBench, scanBench, runBench, panelBench];

const wanted = process.argv.slice(2);
const chosen = benches.filter(bench => wanted.length === 0 || wanted.includes(bench.name));
if (chosen.length === 0) {
  console.error(`There is no such bench; there are: ${benches.map(bench => bench.name).join(', ')}.`);
  process.exit(2);
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
for (const bench of chosen) {
  const rows = await bench.run(line => console.log(`${bench.name}: ${line}`));
  console.log(`\n${table(rows)}\n`);
}

function table(rows: readonly BenchRow[]): string {
  const cells = rows.map(row => {
    const goal =
      row.goal === undefined
        ? ''
        : `< ${format(row.goal)} ${row.unit}${row.goalSource ? ` (${row.goalSource})` : ''}`;
    const verdict = row.goal === undefined ? '' : row.value < row.goal ? 'reached' : 'MISSED';
    return [row.subject, row.measure, `${format(row.value)} ${row.unit}`, goal, verdict];
  });
  const head = ['on', 'measure', 'value', 'goal', ''];
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map(cell => cell[column]?.length ?? 0)));
  return all
    .map(cell =>
      cell
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
