import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { decode } from 'fast-png';
import { commands } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/runCli.ts';
import type { GoldenCase } from '../../../src/core/minis/goldenCase.ts';
import { repoRoot } from '../../harness/paths.ts';

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}
interface Report {
  readonly config: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Tensor[];
  readonly steps: readonly (Tensor & { readonly id: string; readonly lines: number[][] })[];
  readonly intermediates: readonly Tensor[];
  readonly refused?: { readonly file: string; readonly line: number; readonly construct: string };
}

const ATTENTION = 'glide.QKVAttention.forward';
const fixture = join(repoRoot, 'test/fixtures/torch/glide-text2im');
const goldenFile = join(repoRoot, 'test/fixtures/goldens/glide.QKVAttention.encoder_kv.json');

async function run(...args: string[]) {
  let out = '';
  const errors: string[] = [];
  const io = {
    out: (text: string) => (out += text),
    error: (line: string) => errors.push(line),
    cwd: repoRoot,
  };
  const code = await runCli(args, commands, io);
  return { code, out, errors };
}

async function checked<T>(name: string, text: string): Promise<T> {
  const schema = await readFile(join(repoRoot, `docs/schemas/${name}.schema.json`), 'utf8');
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
  const json = JSON.parse(text) as T;
  assert.ok(validate(json), JSON.stringify(validate.errors?.[0]));
  return json;
}

function near(got: Tensor | undefined, wanted: { name: string; values?: readonly (number | string)[] }) {
  assert.ok(got, `${wanted.name} is there`);
  for (const [i, value] of (wanted.values ?? []).entries()) {
    const y = Number(value);
    assert.ok(Math.abs(Number(got.values[i]) - y) <= 2e-5 + 1e-5 * Math.abs(y), `${wanted.name}[${i}]`);
  }
}

describe('run, minis, draw and answer on the command line', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'equation-lens-run-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [what, more] of [
    ['the mini', []],
    ['a clone', ['--source', fixture]],
  ] as const) {
    it(`a golden case on ${what}: its numbers under its names, at the steps' lines`, async () => {
      const { code, out } = await run('run', ATTENTION, '--case', goldenFile, ...more, '--json');
      assert.equal(code, 0);
      const report = await checked<Report>('run', out);
      const golden = JSON.parse(await readFile(goldenFile, 'utf8')) as GoldenCase;
      for (const output of golden.outputs)
        near(
          report.outputs.find(it => it.name === output.name),
          output,
        );
      for (const wanted of golden.intermediates ?? [])
        near(
          report.intermediates.find(it => it.name === wanted.name),
          wanted,
        );
      const names = new Set((golden.intermediates ?? []).map(it => it.name));
      const softmax = report.steps.find(step => step.id === 'softmax');
      assert.ok(softmax && names.has(softmax.name) && softmax.lines.length > 0);
    });
  }

  it('compares a clone with the mini and exits with 1 when a step differs', async () => {
    const same = await run('run', ATTENTION, '--compare', fixture, '--json');
    assert.equal(same.code, 0);
    assert.equal((await checked<{ verdict: string }>('compare', same.out)).verdict, 'equal');
    const text = await readFile(join(fixture, 'glide_text2im/unet.py'), 'utf8');
    const file = join(folder, 'unet.py');
    await writeFile(file, text.replace('q * scale, k * scale', 'q * scale, k'));
    const other = await run('run', ATTENTION, '--compare', file, '--json');
    assert.equal(other.code, 1);
    const { first } = await checked<{ first: { step: string } }>('compare', other.out);
    assert.equal(first.step, 'scores');
  });

  it('refuses what it cannot trace by name and place, with exit code 1', async () => {
    const text = await readFile(join(fixture, 'glide_text2im/unet.py'), 'utf8');
    const file = join(folder, 'refused.py');
    const line = 'weight = F.softmax(weight.float(), dim=-1).type(weight.dtype)';
    await writeFile(file, text.replace(line, `${line} + th.svd(weight)[0].sum()`));
    const { code, out } = await run('run', ATTENTION, '--source', file, '--json');
    assert.equal(code, 1);
    const { refused } = await checked<Report>('run', out);
    assert.equal(refused?.file, file);
    assert.match(refused.construct, /svd/);
    assert.ok(text.split('\n')[refused.line - 1]?.includes('softmax'));
  });

  it('runs a sample with config and seed', async () => {
    const { code, out } = await run(
      ...[
        'run',
        ATTENTION,
        '--sample',
        'one-query-reads-a-word',
        '--config',
        '{"ch": 8}',
        '--seed',
        '3',
        '--json',
      ],
    );
    assert.equal(code, 0);
    const report = await checked<Report & { seed: number; sample: string }>('run', out);
    assert.deepEqual([report.seed, report.sample, report.config.ch], [3, 'one-query-reads-a-word', 8]);
  });

  const wrong: [what: string, args: string[], says: RegExp][] = [
    ['an unknown entry', ['run', 'glide.Nothing'], /no entry glide\.Nothing/],
    ['a config out of range', ['run', ATTENTION, '--config', '{"ch": 99}'], /ch goes from 1 to 16/],
    ['an unknown config', ['run', ATTENTION, '--config', '{"chs": 2}'], /no config chs/],
    ['a config that is no JSON', ['run', ATTENTION, '--config', '{ch}'], /no JSON/],
    ['weights that there are not', ['run', ATTENTION, '--weights', 'trained'], /no trained weights/],
    ['a clone that is not there', ['run', ATTENTION, '--source', '/nowhere'], /no such file/],
    ['a word outside the grammar', ['draw', 'a pink square'], /"pink".*"red"/],
    [
      'a picture for a folder that is not there',
      ['draw', 'a red square', '-o', 'nowhere/x.png'],
      /no folder nowhere/,
    ],
    ['a folder for a picture', ['draw', 'a red square', '-o', '.'], /is a folder/],
    ['steps that cannot be walked', ['draw', 'a red square', '--steps', '600'], /500/],
    [
      'a question outside the grammar',
      ['answer', '--image', 'a red square', 'who is there'],
      /"who".*"what"/,
    ],
    ['case and seed at once', ['run', ATTENTION, '--case', goldenFile, '--seed', '1'], /--case brings/],
  ];
  for (const [what, args, says] of wrong) {
    it(`${what}: one sentence, exit code 2`, async () => {
      const { code, errors, out } = await run(...args);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, says);
    });
  }

  const cases: [
    what: string,
    change: (golden: { inputs: Record<string, unknown>[] }) => void,
    says: RegExp,
  ][] = [
    [
      'values that do not fill the shape',
      golden => (golden.inputs[0]!.shape = [2, 24, 7]),
      /qkv has .* values/,
    ],
    ['NaN', golden => ((golden.inputs[0]!.values as unknown[])[3] = 'NaN'), /qkv holds NaN at place 3/],
    [
      'a tensor of 10⁹ elements',
      golden => (golden.inputs[0] = { name: 'qkv', shape: [1000, 1000, 1000], rule: 'input' }),
      /1,000,000,000 elements/,
    ],
    [
      'a width that the heads do not divide',
      golden => (golden.inputs[0] = { name: 'qkv', shape: [2, 25, 5], rule: 'input' }),
      /unet\.py:\d+/,
    ],
  ];
  for (const [what, change, says] of cases) {
    it(`a case with ${what}: one sentence, exit code 2`, async () => {
      const golden = JSON.parse(await readFile(goldenFile, 'utf8')) as { inputs: Record<string, unknown>[] };
      const shape = golden.inputs[0]!.shape as number[];
      golden.inputs[0]!.values ??= new Array(shape.reduce((n, size) => n * size, 1)).fill(0);
      change(golden);
      const file = join(folder, 'case.json');
      await writeFile(file, JSON.stringify(golden));
      const { code, errors } = await run('run', ATTENTION, '--case', file);
      assert.equal(code, 2);
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, says);
    });
  }

  it('minis lists what runs, as its schema says', async () => {
    const { code, out } = await run('minis', '--json');
    assert.equal(code, 0);
    const minis = await checked<{ entry: string; samples: unknown[]; drivers: unknown[] }[]>('minis', out);
    assert.ok(minis.some(mini => mini.entry === ATTENTION && mini.samples.length >= 3));
    assert.ok(minis.every(mini => mini.drivers.length > 0));
  });

  it('draw writes the picture that was asked for; answer sees it', async () => {
    const file = join(folder, 'out.png');
    const { code, out } = await run('draw', 'a red square above a blue circle', '-o', file);
    assert.equal(code, 0);
    assert.match(out, /red square and blue circle, as asked/);
    const { width, height, channels } = decode(await readFile(file));
    assert.deepEqual([width, height, channels], [256, 256, 3]);
    const answer = await run(
      ...['answer', '--image', 'a red square above a blue circle', 'what color is the circle?'],
    );
    assert.equal(answer.out, 'blue\n');
  });
});
