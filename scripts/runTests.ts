import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../test/harness/runCommand.ts';
import { ensureSystemPackages } from '../test/harness/systemPackages.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** A part of `npm test`: it counts as one check, or brings the counts of a mocha run. */
interface Part {
  readonly name: string;
  readonly run: (countsFile: string) => Promise<Counts>;
}

/** A command that passes or fails as a whole. */
function check(name: string, args: readonly string[]): Part {
  return {
    name,
    run: async () => {
      const { code } = await runCommand(process.execPath, args, { echo: true });
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

/** A command that writes its counts; when it ends badly without any, that is one failure. */
function suite(name: string, args: readonly string[]): Part {
  return {
    name,
    run: async countsFile => {
      const env = { ...process.env, EQUATION_LENS_COUNTS: countsFile };
      const { code } = await runCommand(process.execPath, args, { echo: true, env });
      const counts = await readFile(countsFile, 'utf8').then(
        text => JSON.parse(text) as Counts,
        () => undefined,
      );
      if (!counts) return { passed: 0, failed: 1 };
      return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
    },
  };
}

const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/harness/countingReporter.cjs'];

const parts: readonly Part[] = [
  check('build', ['esbuild.mjs']),
  check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']),
  check('types', ['node_modules/typescript/bin/tsc', '--noEmit']),
  suite('unit', mocha),
  {
    name: 'machine',
    run: async () => {
      await ensureSystemPackages(line => console.log(line));
      return { passed: 0, failed: 0 };
    },
  },
  suite('host', ['--import', 'tsx', 'test/host/runHostTests.ts']),
  suite('e2e', [...mocha, '--config', 'test/e2e/mocharc.json']),
  suite('panel', [...mocha, '--config', 'test/panel/mocharc.json']),
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !parts.some(part => part.name === name));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(', ')}. There are: ${parts.map(part => part.name).join(', ')}.`,
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'equation-lens-counts-'));
const totals = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  console.log(`\n── ${part.name} ──`);
  const started = Date.now();
  let counts: Counts;
  try {
    counts = await part.run(join(folder, `${part.name}.json`));
  } catch (error) {
    console.error((error as Error).message);
    counts = { passed: 0, failed: 1 };
  }
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  summary.push(`${part.name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
}
await rm(folder, { recursive: true, force: true });
console.log(`\n${summary.join('\n')}\n\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 ? 1 : 0);
