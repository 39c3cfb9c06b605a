import type { ReportLine } from './solutions.ts';

/** The report of an import, a line per thing: `12 equation L = … — used: equation of exercise 6.1`. */
export function reportText(file: string, report: readonly ReportLine[]): string {
  const used = report.filter(it => it.used !== undefined).length;
  const lines = report.map(it => {
    const fate = it.used !== undefined ? `used: ${it.used}` : `unused: ${it.unused ?? ''}`;
    return `${file}:${it.line} ${it.kind} ${it.what} — ${fate}\n`;
  });
  return `${lines.join('')}${used} used, ${report.length - used} unused\n`;
}
