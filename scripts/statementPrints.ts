// npm run prints -- SYSTEM CHECKOUT [CHECKOUT…]
// Remembers what the steps of a pack's functions look like in upstream's code, as hashes, in packs/SYSTEM/prints.json: recognition then tells
// a statement that was changed from one that is upstream's. Give every checkout (commit) that counts as the original.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtlas } from '../src/core/atlas/loadAtlas.ts';
import { LineIndex } from '../src/core/python/lineIndex.ts';
import { Recognizer } from '../src/core/recognition/recognizer.ts';
import { statementPrint } from '../src/core/recognition/statementPrint.ts';
import { findPythonFiles } from '../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';
import { PACKS_FOLDER, readPackFolders } from '../src/node/readPackFolders.ts';

const [system, ...checkouts] = process.argv.slice(2);
if (system === undefined || checkouts.length === 0) {
  console.error('npm run prints -- SYSTEM CHECKOUT [CHECKOUT…]');
  process.exit(2);
}
const { atlas } = loadAtlas(await readPackFolders());
const pack = atlas.packs.find(it => it.system === system);
if (!pack) {
  console.error(`There is no pack "${system}".`);
  process.exit(2);
}
const parser = await loadPythonParser();
const recognizer = new Recognizer(atlas);
const prints = new Map<string, Map<string, Set<string>>>();
for (const checkout of checkouts) {
  for (const path of (await findPythonFiles(checkout)).files) {
    const text = readFileSync(join(checkout, path), 'utf8').replaceAll('\r\n', '\n');
    const lines = new LineIndex(text);
    for (const match of recognizer.matches(parser.outline(text), { path: join(checkout, path) })) {
      const entry = pack.entries.find(it => it.id === match.entryId);
      // Only upstream's own function is the original.
      if (!entry || entry.upstream?.qualname !== match.function.qualname || match.variants.length > 0)
        continue;
      const ofEntry = prints.get(entry.id) ?? new Map<string, Set<string>>();
      prints.set(entry.id, ofEntry);
      const printOf = (at: number) => {
        const { range } = match.function.statements[at]!;
        return statementPrint(text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end)));
      };
      const steps = new Set(recognizer.align(entry, match.function).steps.flatMap(step => step.statements));
      for (const at of steps) {
        const words = printOf(at)?.words;
        if (words !== undefined && !ofEntry.has(words)) ofEntry.set(words, new Set());
      }
      // Another branch may do the same otherwise.
      for (const at of match.function.statements.keys()) {
        const print = printOf(at);
        if (print) ofEntry.get(print.words)?.add(`${print.values}:${print.exact}`);
      }
    }
  }
}
const sorted = [...prints]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([id, known]) => [
    id,
    Object.fromEntries([...known].sort().map(([words, exact]) => [words, [...exact].sort()])),
  ]);
const file = join(PACKS_FOLDER, system, 'prints.json');
writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
const all = [...prints.values()].flatMap(it => [...it.values()]);
console.log(
  `${system}: ${all.length} statements of ${prints.size} functions, ${all.filter(it => it.size > 1).length} of them in several forms`,
);
