// EQUATION_LENS_SOLUTIONS=FILE [EQUATION_LENS_UPSTREAM=DIR] npm run test:solutions
// Imports a chapter of solutions: prints exercises, equations and functions; looks for the functions in the checkouts in DIR, built-in packs off;
// then lays it over the built-in packs. Exit 1 where an equation is lost, a function is not found, or another one is taken for it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Atlas } from '../src/core/atlas/atlas.ts';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { readPack } from '../src/core/atlas/readPack.ts';
import { Recognizer } from '../src/core/recognition/recognizer.ts';
import { importSolutions } from '../src/core/solutions/importSolutions.ts';
import { layeredAtlas } from '../src/core/solutions/layeredAtlas.ts';
import { packYaml } from '../src/core/solutions/packYaml.ts';
import { reportText } from '../src/core/solutions/reportText.ts';
import { findPythonFiles } from '../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { readPackFolders } from '../src/node/readPackFolders.ts';

const file = process.env.EQUATION_LENS_SOLUTIONS;
if (!file || !existsSync(file)) {
  console.error('test:solutions: set EQUATION_LENS_SOLUTIONS to a Markdown file of solutions');
  process.exit(2);
}
const failures: string[] = [];
const text = readFileSync(file, 'utf8');
const parser = await loadPythonParser();
const solutions = importSolutions(text, parser, { file: basename(file) });
if (process.argv.includes('--report')) console.log(reportText(basename(file), solutions.report));
const { pack } = solutions;
if (!pack) {
  console.error(reportText(basename(file), solutions.report));
  process.exit(1);
}
const again = readPack({ pack: { path: 'imported', text: packYaml(pack) } });
for (const problem of again.problems) {
  if (problem.severity === 'error')
    failures.push(`the pack is not valid: ${problem.field} ${problem.message}`);
}

const atlas = new Atlas([pack]);
console.log(`exercises: ${atlas.exercises.join(', ')}`);
const headings = text.split(/\r?\n/).filter(line => /^#+ .*\d+\.\d+/.test(line)).length;
if (atlas.exercises.length !== headings)
  failures.push(`${headings} headings with an exercise, ${atlas.exercises.length} exercises`);
for (const exercise of atlas.exercises) {
  const section = sectionOf(exercise);
  const written =
    (section.match(/^[\s>]*```math\b/gm)?.length ?? 0) +
    Math.floor((section.match(/^[\s>]*\$\$/gm)?.length ?? 0) / 2);
  const entries = atlas.entriesOfExercise(exercise);
  const equations = solutions.report.filter(
    it => it.kind === 'equation' && it.used === `equation of exercise ${exercise}`,
  ).length;
  const functions = entries.filter(it => it.signature).map(it => it.upstream?.qualname ?? it.title.en);
  console.log(
    `${exercise}: ${equations} of ${written} display equations, ${Math.max(0, ...entries.map(it => it.symbols.length))} symbols, functions: ${functions.join(', ') || 'none'}`,
  );
  if (equations !== written) failures.push(`${exercise}: ${equations} of ${written} display equations`);
}

const upstream = process.env.EQUATION_LENS_UPSTREAM;
if (upstream && existsSync(upstream)) {
  const recognizer = new Recognizer(atlas);
  const found = new Set<string>();
  for (const clone of readdirSync(upstream)) {
    for (const path of (await findPythonFiles(join(upstream, clone))).files) {
      const outline = parser.outline(readFileSync(join(upstream, clone, path), 'utf8'));
      for (const match of recognizer.matches(outline, { path: `${clone}/${path}` })) {
        const entry = atlas.entry(match.entryId);
        const qualname = match.entryId.slice(pack.system.length + 1);
        const home = entry?.upstream?.repo === undefined || entry.upstream.repo.endsWith(`/${clone}`);
        const right = qualname === match.function.qualname && home;
        console.log(
          `${right ? 'found' : 'WRONG'} ${match.function.qualname} in ${clone}/${path}:${match.function.nameRange.start.line + 1} (${match.confidence})`,
        );
        if (right) found.add(match.entryId);
        else failures.push(`${clone}/${path}: ${match.function.qualname} came as ${match.entryId}`);
      }
    }
  }
  for (const entry of atlas.entries) {
    if (!entry.signature || found.has(entry.id)) continue;
    failures.push(`${entry.id} was not found in ${upstream}`);
  }
}

const builtIn = loadAtlas(await readPackFolders()).atlas;
const layered = layeredAtlas(builtIn.packs, { packs: [], solutions: [solutions] });
for (const exercise of atlas.exercises) {
  const entries = builtIn.entriesOfExercise(exercise);
  const wanted = solutions.notes
    .filter(it => it.exercise === exercise && it.entries.length === 0)
    .flatMap(it => it.equations);
  const carried = entries.map(
    entry =>
      (layered.notes.get(entry.id) ?? []).filter(it => it.exercise === exercise).flatMap(it => it.equations)
        .length,
  );
  if (wanted.length === 0 || entries.length === 0) continue;
  console.log(
    `${exercise}: ${wanted.length} equations of the author's on ${carried.filter(it => it >= wanted.length).length} of ${entries.length} built-in cards`,
  );
  if (carried.some(it => it < wanted.length))
    failures.push(`${exercise}: not every card carries the author's equations`);
}
for (const failure of failures) console.error(`FAILED ${failure}`);
console.log(failures.length === 0 ? 'all as it must be' : `${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** The text from the exercise's heading to the next heading with an exercise. */
function sectionOf(exercise: string): string {
  const lines = text.split(/\r?\n/);
  const from = lines.findIndex(line =>
    new RegExp(`^#+ .*(?<![\\d.])${exercise.replace('.', '\\.')}(?!\\d)`).test(line),
  );
  const rest = lines.slice(from + 1);
  const to = rest.findIndex(line => /^#+ .*\d+\.\d+/.test(line));
  return rest.slice(0, to < 0 ? undefined : to).join('\n');
}
