/**
 * Random torch calls, computed by the tracer and by a real torch (Debian: python3-torch), compared:
 *
 *     npx tsx test/tools/torchFuzz.ts [COUNT] [SEED]
 *
 * Prints where numbers differ, where only we raise and where the tracer itself failed; calls that only torch refuses are
 * counted. Half precision differs, as docs/torch-coverage.md says. Exits with 1 when anything else does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { torchSession } from '../../src/core/trace/torch/modules.ts';
import { indexProgram, plausibleProgram } from '../unit/trace/torch/programs.ts';
import {
  type Described,
  difference,
  graphValuesIn,
  makeTracer,
  runSnippet,
  startRun,
} from '../unit/trace/torch/snippetRunner.ts';

const [count = 2000, seed = 1] = process.argv.slice(2).map(Number);
const { inputs } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/torch-snippets.json'), 'utf8'),
) as {
  inputs: Record<string, Described>;
};
const programs = [...new Set(fc.sample(fc.oneof(plausibleProgram, indexProgram), { numRuns: count, seed }))];

interface TorchResult {
  readonly raises?: string;
  readonly skip?: string;
  readonly expected?: Described;
}

function inTorch(): TorchResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'torch-fuzz-'));
  try {
    writeFileSync(join(folder, 'programs.json'), JSON.stringify(programs));
    const script = join(import.meta.dirname, 'torchFuzz.py');
    const args = ['-W', 'ignore', script, join(folder, 'programs.json'), join(folder, 'results.json')];
    execFileSync('/usr/bin/python3', args, { stdio: 'inherit' });
    return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as TorchResult[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const results = inTorch();
const tracer = await makeTracer();
const counts = new Map<string, number>();
let wrong = 0;
let run = startRun(tracer);

function note(kind: string, code?: string, text?: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (code === undefined) return;
  if (!/half|bfloat16|float16/.test(code)) wrong++;
  console.log(`${kind}: ${code.replaceAll('\n', '; ')}\n    ${text}`);
}

programs.forEach((code, i) => {
  if (i % 100 === 0) run = startRun(tracer);
  const torch = results[i]!;
  const { value, failure } = runSnippet(run, code, inputs);
  const numbers = failure
    ? undefined
    : run.guard(() => graphValuesIn(value!).map(v => torchSession(run.interpreter).peek(v)));
  const failed = failure ?? (numbers?.ok === false ? numbers.failure : undefined);
  if (failed) {
    if (failed.construct === 'internal') note('the tracer failed', code, failed.message);
    else if (failed.kind === 'refusal') note(torch.raises ? 'refused, and torch raises' : 'refused');
    else if (torch.raises) note('both raise');
    else note('only we raise', code, `${failed.construct}: ${failed.message}`);
  } else if (torch.raises) {
    note('only torch raises');
    if (process.env.SHOWTR && code.startsWith('t = '))
      console.log('TR', code.replaceAll('\n', '; '), torch.raises);
  } else if (torch.skip) note('not comparable');
  else {
    const found = difference(value!, torch.expected!, numbers?.ok ? numbers.value : [], run);
    if (found) note('differ', code, found);
    else note('same');
  }
});
console.log(Object.fromEntries(counts));
process.exitCode = wrong > 0 ? 1 : 0;
