/**
 * Runs the scripts of test/tools/upstream over real checkouts, with a real torch and through the tracer, and compares line by line.
 *
 *     npx tsx test/tools/besideTorch.ts CHECKOUTS [SCRIPT…]
 *
 * CHECKOUTS holds a folder per repository. Needs /usr/bin/python3 with torch (Debian: python3-torch). Exit status 1 when a line differs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTracer } from '../../src/core/minis/makeTracer.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { readPylib } from '../../src/node/readPylib.ts';
import { diskTraceSources } from '../../src/node/traceSources.ts';

interface Script {
  readonly file: string;
  readonly repository: string;
  /** Packages whose `__init__` would import more than is installed. */
  readonly bare: readonly string[];
}

const openClip = ['open_clip=src/open_clip'];
const scripts: readonly Script[] = [
  { file: 'BLIP', repository: 'BLIP', bare: [] },
  { file: 'open_clip', repository: 'open_clip', bare: openClip },
  { file: 'open_clip_coca', repository: 'open_clip', bare: openClip },
  { file: 'glide-text2im', repository: 'glide-text2im', bare: [] },
  { file: 'guided-diffusion', repository: 'guided-diffusion', bare: ['guided_diffusion=guided_diffusion'] },
  { file: 'DALLE2-pytorch', repository: 'DALLE2-pytorch', bare: ['dalle2_pytorch=dalle2_pytorch'] },
  { file: 'LLaVA', repository: 'LLaVA', bare: ['llava=llava', 'llava.model=llava/model'] },
];

const folder = fileURLToPath(new URL('upstream', import.meta.url));
const number = /-?\d+\.\d+(?:e-?\d+)?/g;

/** Printed numbers have four decimals; torch 1.13 adds up in another order. */
function alike(left: string, right: string): boolean {
  if (left.replace(number, '#') !== right.replace(number, '#')) return false;
  const others = (right.match(number) ?? []).map(Number);
  return (left.match(number) ?? []).every((text, i) => {
    const value = Number(text);
    return Math.abs(value - others[i]!) <= 2e-4 * (1 + Math.abs(value));
  });
}

const [checkouts, ...wanted] = process.argv.slice(2);
if (checkouts === undefined) throw new Error('which folder holds the checkouts?');
const tracer = makeTracer(await loadPythonParser(), readPylib(), () => performance.now());
const prelude = readFileSync(`${folder}/prelude.py`, 'utf8');
let different = 0;

for (const { file, repository, bare } of scripts) {
  const root = resolve(checkouts, repository);
  if ((wanted.length > 0 && !wanted.includes(file)) || !existsSync(root)) continue;
  const script = `${folder}/${file}.py`;
  const python = ['runWithTorch.py', root, script, ...bare];
  const expected = execFileSync('/usr/bin/python3', python, { cwd: folder, encoding: 'utf8' })
    .trim()
    .split('\n');
  const run = tracer.start({ sources: diskTraceSources([root, `${root}/src`]), capture: false });
  const outcome = run.exec(`${prelude}\n${readFileSync(script, 'utf8')}`, `${file}.py`);
  const lines = run.log.trim().split('\n');
  if (!outcome.ok) lines.push(outcome.failure.traceback);
  const wrong = expected.flatMap((line, i) =>
    alike(line, lines[i] ?? '') ? [] : [`  torch  ${line}\n  tracer ${lines[i]}`],
  );
  different += wrong.length;
  console.log(`${file}: ${expected.length - wrong.length} of ${expected.length} lines agree`);
  if (wrong.length > 0) console.log(wrong.slice(0, 5).join('\n'));
}
process.exitCode = different > 0 ? 1 : 0;
