// EQUATION_LENS_UPSTREAM=DIR npm run test:upstream
// Judges recognition and alignment on real checkouts in DIR (open_clip, glide-text2im, …): the tables of
// test/fixtures/recognition say what must be found and what must not. Exit 1 on any must missed or must-not hit, 2 without DIR.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { formatProblem } from '../src/core/atlas/packProblem.ts';
import type { Match } from '../src/core/recognition/match.ts';
import { Recognizer } from '../src/core/recognition/recognizer.ts';
import { findPythonFiles } from '../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';
import { tokenEdits } from '../test/tools/tokenEdits.ts';

/** `[path, qualified name, line of def, expectation]`; the README beside the tables says what each means. */
type Row = readonly [string, string, number, string | null];
interface Table {
  readonly repo: string;
  readonly commit: string;
  readonly rows: readonly Row[];
}

/** What forks and later commits give: path, qualified name, the entry (null for silence) and its variants; the README says how far it was reviewed. */
interface Forks {
  readonly [checkout: string]: {
    readonly repo: string;
    readonly commit: string;
    readonly rows: readonly (readonly [string, string, string | null, readonly string[]])[];
  };
}

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, '../test/fixtures');
const upstream = process.env.EQUATION_LENS_UPSTREAM;
if (!upstream || !existsSync(upstream)) {
  console.error(
    'test:upstream: set EQUATION_LENS_UPSTREAM to a folder with checkouts (open_clip, glide-text2im, …)',
  );
  process.exit(2);
}

const parser = await loadPythonParser();
const { atlas, problems } = loadAtlas(await readPackFolders());
for (const problem of problems) console.error(formatProblem(problem));
const recognizer = new Recognizer(atlas);
let failures = problems.some(it => it.severity === 'error') ? 1 : 0;
/** Share of steps placed, by entry, on its own upstream function. */
const placed = new Map<string, { placed: number; all: number; unplaced: readonly string[] }>();

/** Matches of a checkout by `path:line`. */
async function matchesOf(clone: string): Promise<Map<string, Match>> {
  const found = new Map<string, Match>();
  for (const path of (await findPythonFiles(clone)).files) {
    const text = readFileSync(join(clone, path), 'utf8');
    for (const match of recognizer.matches(parser.outline(text), { path: join(clone, path), text })) {
      found.set(`${path}:${match.function.nameRange.start.line + 1}`, match);
    }
  }
  return found;
}

const tables = readdirSync(join(fixtures, 'recognition')).filter(
  it => it.endsWith('.json') && it !== 'forks.json',
);
/** Repositories of the tables that have a checkout. */
const judged: string[] = [];
for (const file of tables) {
  const table = JSON.parse(readFileSync(join(fixtures, 'recognition', file), 'utf8')) as Table;
  const clone = join(upstream, table.repo);
  if (!existsSync(clone)) {
    console.log(`${table.repo}: no checkout in ${upstream}, not judged`);
    continue;
  }
  judged.push(table.repo);
  const matches = await matchesOf(clone);
  let must = 0;
  let found = 0;
  let may = 0;
  const wrong: string[] = [];
  const missed: string[] = [];
  const rows = new Set<string>();
  for (const [path, qualname, line, expect] of table.rows) {
    const key = `${path}:${line}`;
    rows.add(key);
    const match = matches.get(key);
    const seen = match?.entryId;
    if (expect === null) {
      if (seen) wrong.push(`${key} ${qualname}: must not be recognised, came as ${seen}`);
    } else if (expect.startsWith('~')) {
      if (!seen) continue;
      const systems = expect.slice(1).split(',');
      if (systems.some(system => seen.startsWith(`${system}.`))) may++;
      else wrong.push(`${key} ${qualname}: came as ${seen}, may be ${expect}`);
    } else {
      must++;
      if (seen === expect) found++;
      else {
        missed.push(`${key} ${qualname}: must be ${expect}, came as ${seen ?? 'nothing'}`);
        if (seen) wrong.push(`${key} ${qualname}: wrong card ${seen}`);
      }
    }
  }
  // The tables list every function; anything else that matched is none.
  for (const key of matches.keys()) if (!rows.has(key)) wrong.push(`${key}: not in the table`);
  for (const match of matches.values()) {
    const entry = atlas.entry(match.entryId);
    if (entry?.upstream?.qualname !== match.function.qualname || match.confidence < 0.9) continue;
    if (placed.get(entry.id) && match.variants.length > 0) continue;
    const alignment = recognizer.align(entry, match.function);
    const own = matches.get(`${entry.upstream.path}:${match.function.nameRange.start.line + 1}`) === match;
    if (own) {
      const all = entry.steps.length;
      placed.set(entry.id, { placed: alignment.steps.length, all, unplaced: alignment.unplaced });
    }
  }
  for (const [key, match] of matches) {
    const own = atlas.entry(match.entryId)?.upstream?.qualname === match.function.qualname;
    if (own && match.changed.length > 0) wrong.push(`${key}: upstream's own lines are said to be changed`);
  }
  const cards = matches.size;
  const precision = cards === 0 ? 1 : (cards - wrong.length) / cards;
  const recall = must === 0 ? 1 : found / must;
  console.log(
    `${table.repo}@${table.commit}: precision ${percent(precision)}, recall ${percent(recall)} ` +
      `(${found} of ${must} must, ${may} may, ${wrong.length} wrong, ${table.rows.length} functions)`,
  );
  for (const line of [...missed, ...wrong]) console.log(`  ${line}`);
  failures += missed.length + wrong.length;
}

/** Edits of one token in steps of upstream's functions: the card must go, or say which line was changed. */
const edits = { all: 0, unseen: [] as string[] };
for (const repo of judged) {
  const clone = join(upstream, repo);
  for (const path of (await findPythonFiles(clone)).files) {
    const text = readFileSync(join(clone, path), 'utf8');
    const origin = { path: join(clone, path) };
    for (const match of recognizer.mayMatch(text)
      ? recognizer.matches(parser.outline(text), { ...origin, text })
      : []) {
      const entry = atlas.entry(match.entryId);
      const { qualname, nameRange } = match.function;
      if (!entry?.prints || match.variants.length > 0 || entry.upstream?.qualname !== qualname) continue;
      for (const { statement, edited } of tokenEdits(
        text,
        match.function,
        recognizer.align(entry, match.function),
      )) {
        const outline = parser.outline(edited);
        const seen = recognizer
          .matches(outline, { ...origin, text: edited })
          .find(
            it =>
              it.function.qualname === qualname && it.function.nameRange.start.line === nameRange.start.line,
          );
        edits.all++;
        if (seen && seen.variants.length === 0 && seen.changed.length === 0)
          edits.unseen.push(`${entry.id}: ${statement}`);
      }
    }
  }
}
const unseen = edits.unseen.length / Math.max(1, edits.all);
console.log(
  `edits of one token in steps: ${edits.all}, a plain card after ${edits.unseen.length} (${percent(unseen)})`,
);
for (const line of edits.unseen) console.log(`  ${line}`);
if (unseen > 0.03) failures++;

const forksFile = join(fixtures, 'recognition/forks.json');
if (existsSync(forksFile)) {
  const forks = JSON.parse(readFileSync(forksFile, 'utf8')) as Forks;
  for (const [checkout, { rows }] of Object.entries(forks)) {
    const clone = join(upstream, checkout);
    if (!existsSync(clone)) {
      console.log(`${checkout}: no checkout in ${upstream}, not judged`);
      continue;
    }
    const matches = await matchesOf(clone);
    const bad: string[] = [];
    const reviewed = new Set<string>();
    for (const [path, qualname, entry, variants] of rows) {
      const match = [...matches].find(
        ([key, it]) => key.startsWith(`${path}:`) && it.function.qualname === qualname,
      );
      if (match) reviewed.add(match[0]);
      const seen = match ? `${match[1].entryId} [${match[1].variants.join(', ')}]` : 'nothing';
      const expected = entry === null ? 'nothing' : `${entry} [${variants.join(', ')}]`;
      if (seen !== expected) bad.push(`${path} ${qualname}: reviewed as ${expected}, came as ${seen}`);
    }
    for (const [key, match] of matches) {
      if (!reviewed.has(key))
        bad.push(`${key} ${match.function.qualname}: ${match.entryId} was never reviewed`);
    }
    console.log(`${checkout} (fork): ${rows.length - bad.length} of ${rows.length} as reviewed`);
    for (const line of bad) console.log(`  ${line}`);
    failures += bad.length;
  }
}

/** Lines of every step, looked at by hand: `test/fixtures/alignment/README.md`. */
interface ReviewedLines {
  readonly repo: string;
  readonly functions: readonly {
    readonly path: string;
    readonly qualname: string;
    readonly entry: string;
    readonly steps: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  }[];
}

const reviewedFolder = join(fixtures, 'alignment');
const reviewedFiles = existsSync(reviewedFolder)
  ? readdirSync(reviewedFolder).filter(it => it.endsWith('.json'))
  : [];
for (const name of reviewedFiles) {
  const table = JSON.parse(readFileSync(join(reviewedFolder, name), 'utf8')) as ReviewedLines;
  const clone = join(upstream, table.repo);
  if (!existsSync(clone)) {
    console.log(`${table.repo}: no checkout in ${upstream}, lines not judged`);
    continue;
  }
  const wrong: string[] = [];
  for (const { path, qualname, entry: id, steps } of table.functions) {
    const outline = parser.outline(readFileSync(join(clone, path), 'utf8'));
    const fn = outline.functions.find(it => it.qualname === qualname);
    const entry = atlas.entry(id);
    if (!fn || !entry) {
      wrong.push(`${id}: no such ${fn ? 'entry' : 'function'}`);
      continue;
    }
    const seen = recognizer.align(entry, fn).steps;
    for (const [step, ranges] of Object.entries(steps)) {
      const lines = seen
        .find(it => it.id === step)
        ?.ranges.map(range => [range.start.line + 1, range.end.line + 1]);
      if (JSON.stringify(lines) !== JSON.stringify(ranges)) {
        wrong.push(
          `${id}, ${step}: reviewed as ${JSON.stringify(ranges)}, placed at ${JSON.stringify(lines)}`,
        );
      }
    }
  }
  console.log(
    `${table.repo}: lines of ${table.functions.length} functions reviewed, ${wrong.length} steps elsewhere`,
  );
  for (const line of wrong) console.log(`  ${line}`);
  failures += wrong.length;
}

let steps = 0;
let stepsPlaced = 0;
for (const [id, { placed: count, all, unplaced }] of [...placed].sort()) {
  steps += all;
  stepsPlaced += count;
  if (all > 0 && count / all < 0.9) {
    console.log(`${id}: only ${count} of ${all} steps placed (not ${unplaced.join(', ')})`);
    failures++;
  }
}
console.log(
  `steps placed: ${stepsPlaced} of ${steps} (${percent(steps === 0 ? 1 : stepsPlaced / steps)}) in ${placed.size} entries`,
);
for (const entry of atlas.entries) {
  if (entry.upstream && !placed.has(entry.id)) console.log(`${entry.id}: not seen on its upstream function`);
}
parser.dispose();
console.log(failures === 0 ? 'all as expected' : `${failures} not as expected`);
process.exit(failures === 0 ? 0 : 1);

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
