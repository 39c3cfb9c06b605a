import type { Alignment } from '../core/alignment/alignment.ts';
import type { Atlas } from '../core/atlas/atlas.ts';
import type { Entry } from '../core/atlas/schema.ts';
import type { Range } from '../core/python/position.ts';
import type { Match } from '../core/recognition/match.ts';

export interface ReportedFile {
  /** Relative to the folder that is reported on. */
  readonly path: string;
  readonly pathInClone?: string;
  readonly matches: readonly { readonly match: Match; readonly alignment: Alignment }[];
}

export interface ReportOptions {
  readonly title: string;
  readonly language: 'en' | 'ja';
  /** Makes permalinks, where the clone has a web page and a commit. */
  readonly origin?: { readonly web?: string; readonly commit?: string };
}

const WORDS = {
  en: {
    report: 'Equation report',
    count: (functions: number, files: number) =>
      `${functions} functions in ${files} files compute equations of the atlas.`,
    none: 'No function of the atlas was recognised.',
    commit: 'Commit',
    exercises: 'Exercise',
    confidence: 'confidence',
    symbol: 'Symbol',
    code: 'Code',
    shape: 'Shape',
    meaning: 'Meaning',
    step: 'Step',
    equation: 'Equation',
    lines: 'Lines',
    line: 'line',
    unplaced: 'not found in this function',
    variant: 'Variant',
    differences: 'Where code and equation differ',
  },
  ja: {
    report: '数式対応レポート',
    count: (functions: number, files: number) =>
      `${files} 個のファイルの ${functions} 個の関数が、アトラスの数式を計算しています。`,
    none: 'アトラスにある関数は見つかりませんでした。',
    commit: 'コミット',
    exercises: '演習',
    confidence: '確信度',
    symbol: '記号',
    code: 'コード',
    shape: '形状',
    meaning: '意味',
    step: 'ステップ',
    equation: '数式',
    lines: '行',
    line: '行',
    unplaced: 'この関数には見当たりません',
    variant: '変種',
    differences: 'コードと数式の違い',
  },
} as const;

/** The alignment report of a repository. Pure. */
export function reportMarkdown(files: readonly ReportedFile[], atlas: Atlas, options: ReportOptions): string {
  const words = WORDS[options.language];
  const functions = files.reduce((sum, file) => sum + file.matches.length, 0);
  const out: string[] = [`# ${words.report}: ${options.title}`, ''];
  if (options.origin?.commit) out.push(`${words.commit} \`${options.origin.commit}\``, '');
  out.push(functions === 0 ? words.none : words.count(functions, files.length), '');
  for (const file of files) {
    out.push(`## ${file.path}`, '');
    for (const { match, alignment } of file.matches) {
      const entry = atlas.entry(match.entryId);
      if (entry) out.push(...functionReport(file, match, alignment, entry, options));
    }
  }
  return `${out.join('\n').trimEnd()}\n`;
}

function functionReport(
  file: ReportedFile,
  match: Match,
  alignment: Alignment,
  entry: Entry,
  options: ReportOptions,
): string[] {
  const { language } = options;
  const words = WORDS[language];
  const { nameRange, qualname } = match.function;
  const facts = [
    `\`${entry.id}\``,
    ...(entry.exercises.length > 0 ? [`${words.exercises} ${entry.exercises.join(', ')}`] : []),
    linked(file, nameRange, options),
    `${words.confidence} ${match.confidence.toFixed(2)}`,
  ];
  const out = [
    `### ${qualname} — ${entry.title[language]}`,
    '',
    facts.join(' · '),
    '',
    entry.summary[language],
    '',
  ];
  for (const variant of entry.variants ?? []) {
    if (match.variants.includes(variant.id)) out.push(`**${words.variant}:** ${variant.text[language]}`, '');
  }
  for (const equation of entry.equations)
    out.push('$$', equation.tex.trim(), '$$', '', equation.text[language], '');
  if (entry.symbols.length > 0) {
    out.push(
      `| ${words.symbol} | ${words.code} | ${words.shape} | ${words.meaning} |`,
      '| --- | --- | --- | --- |',
    );
    for (const symbol of entry.symbols) {
      const code = symbol.code.map(name => `\`${name}\``).join(', ');
      const cells = [
        `$${texInTable(symbol.tex)}$`,
        code,
        symbol.shape ? `\`${symbol.shape}\`` : '',
        symbol.meaning[language],
      ];
      out.push(row(cells));
    }
    out.push('');
  }
  if (entry.steps.length > 0) {
    out.push(`| ${words.step} | ${words.equation} | ${words.lines} |`, '| --- | --- | --- |');
    for (const step of entry.steps) {
      const placed = alignment.steps.find(it => it.id === step.id);
      const lines = placed?.ranges.map(range => linked(file, range, options)).join(', ') ?? words.unplaced;
      out.push(row([step.label[language], step.equation, lines]));
    }
    out.push('');
  }
  const differences = (entry.differences ?? []).filter(it =>
    alignment.differences.some(placed => placed.id === it.id),
  );
  if (differences.length > 0) {
    out.push(`**${words.differences}**`, '');
    for (const difference of differences) {
      const placed = alignment.differences.find(it => it.id === difference.id);
      const lines = placed?.ranges.map(range => linked(file, range, options)).join(', ') ?? '';
      out.push(`- ${difference.text[language]} (${lines})`);
    }
    out.push('');
  }
  return out;
}

/** Bars in TeX by name, so that no table takes them for its own: `|x|`, `\\|x\\|`. */
function texInTable(tex: string): string {
  return tex.replace(/\\\|/g, '\\Vert ').replace(/\|/g, '\\vert ');
}

/** Cells of a table: a bar would end the cell. */
function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replace(/\n/g, ' ').replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
}

/** `12–15`, as a link to the very lines where the clone has a page. */
function linked(file: ReportedFile, range: Range, options: ReportOptions): string {
  const start = range.start.line + 1;
  const end = range.end.line + 1;
  const shown = start === end ? `${start}` : `${start}–${end}`;
  const { web, commit } = options.origin ?? {};
  const path = file.pathInClone ?? file.path;
  const anchor = start === end ? `L${start}` : `L${start}-L${end}`;
  if (web && commit) return `[${shown}](${web}/blob/${commit}/${encodeURI(path)}#${anchor})`;
  return shown;
}
