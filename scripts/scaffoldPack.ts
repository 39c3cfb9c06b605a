// Adds a scaffolded `signature` to every entry of a pack that has `upstream` but none yet:
//   node --import tsx scripts/scaffoldPack.ts packs/glide/pack.yaml path/to/glide-text2im
// The rest of the file stays as it is, to the letter.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { scaffoldSignature, signatureYaml } from '../src/core/recognition/scaffoldSignature.ts';
import { loadPythonParser } from '../src/node/loadPythonParser.ts';

const [packFile, clone] = process.argv.slice(2);
if (packFile === undefined || clone === undefined) {
  console.error('usage: scaffoldPack.ts PACK.yaml CLONE');
  process.exit(2);
}
const text = readFileSync(packFile, 'utf8');
const lines = new LineCounter();
const document = parseDocument(text, { lineCounter: lines });
const parser = await loadPythonParser();
const insertions: { line: number; block: string }[] = [];
const entries = document.get('entries');
for (const entry of isSeq(entries) ? entries.items : []) {
  if (!isMap(entry) || !entry.has('upstream') || entry.has('signature')) continue;
  const path = String(entry.getIn(['upstream', 'path']));
  const qualname = String(entry.getIn(['upstream', 'qualname']));
  const pair = entry.items.find(item => isScalar(item.key) && item.key.value === 'upstream');
  const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  if (start === undefined) continue;
  let outline: ReturnType<typeof parser.outline>;
  try {
    outline = parser.outline(readFileSync(join(clone, path), 'utf8'));
  } catch {
    console.error(`${packFile}: ${entry.get('id')}: no file ${path} in ${clone}`);
    continue;
  }
  const fn = outline.functions.find(it => it.qualname === qualname);
  if (!fn) {
    console.error(`${packFile}: ${entry.get('id')}: no function ${qualname} in ${path}`);
    continue;
  }
  const place = lines.linePos(start);
  const block = signatureYaml(scaffoldSignature(outline, fn, path).signature, ' '.repeat(place.col - 1));
  insertions.push({ line: place.line, block });
}
const output = text.split('\n');
for (const { line, block } of insertions.sort((a, b) => b.line - a.line)) {
  // In front of `upstream:`, unless that key shares its line with the dash of the item.
  const at = /^\s*- /.test(output[line - 1] ?? '') ? line : line - 1;
  output.splice(at, 0, block.trimEnd());
}
if (insertions.length > 0) writeFileSync(packFile, output.join('\n'));
console.log(`${packFile}: ${insertions.length} signatures added`);
parser.dispose();
