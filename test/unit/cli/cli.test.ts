import { strict as assert } from 'node:assert';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { CliIo } from '../../../src/cli/command.ts';
import { commands } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/runCli.ts';

/** What a command line wrote. */
interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly errors: readonly string[];
}

async function run(cwd: string, ...args: string[]): Promise<Outcome> {
  let out = '';
  const errors: string[] = [];
  const io: CliIo = { out: text => (out += text), error: line => errors.push(line), cwd };
  const code = await runCli(args, commands, io);
  return { code, out, errors };
}

async function schema(name: string) {
  const text = await readFile(`docs/schemas/${name}.schema.json`, 'utf8');
  return new Ajv({ strict: false }).compile(JSON.parse(text) as object);
}

interface Recognised {
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
  readonly entry: string;
  readonly steps: readonly { readonly id: string; readonly startLine: number; readonly endLine: number }[];
}

describe('the command line', () => {
  let folder: string;
  let unet: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'equation-lens-cli-'));
    unet = await readFile('packs/glide/mini/unet.py', 'utf8');
    await mkdir(join(folder, 'repo/pkg'), { recursive: true });
    await mkdir(join(folder, 'repo/node_modules/x'), { recursive: true });
    await mkdir(join(folder, 'repo/myenv/lib'), { recursive: true });
    await writeFile(join(folder, 'repo/pkg/unet.py'), unet);
    await writeFile(join(folder, 'repo/pkg/empty.py'), '');
    await writeFile(join(folder, 'repo/pkg/broken.py'), 'def (((:\n\0');
    await writeFile(join(folder, 'repo/pkg/large.py'), `${unet}\n${'#'.repeat(2_100_000)}\n`);
    await writeFile(join(folder, 'repo/node_modules/x/unet.py'), unet);
    await writeFile(join(folder, 'repo/myenv/pyvenv.cfg'), '');
    await writeFile(join(folder, 'repo/myenv/lib/unet.py'), unet);
    await symlink('..', join(folder, 'repo/pkg/loop'));
    await symlink('nowhere.py', join(folder, 'repo/pkg/dangling.py'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe('recognize', () => {
    it('prints JSON that its schema describes, with 1-based lines and paths relative to the argument', async () => {
      const { code, out, errors } = await run(folder, 'recognize', 'repo', '--json');
      assert.equal(code, 0);
      assert.deepEqual(errors, []);
      const found = JSON.parse(out) as Recognised[];
      const validate = await schema('recognize');
      assert.ok(validate(found), JSON.stringify(validate.errors));
      assert.deepEqual([...new Set(found.map(it => it.path))], ['pkg/unet.py']);
      const attention = found.find(it => it.entry === 'glide.QKVAttention.forward');
      assert.ok(attention);
      const lines = unet.split('\n');
      assert.match(lines[attention.line - 1] ?? '', /def forward\(self, qkv/);
      assert.ok(attention.steps.length > 0);
      const softmax = attention.steps.find(it => (lines[it.startLine - 1] ?? '').includes('softmax'));
      assert.ok(softmax, 'no step begins on the line of the softmax');
    });

    it('takes files, and several arguments', async () => {
      const { code, out } = await run(folder, 'recognize', 'repo/pkg/unet.py', 'repo/pkg', '--json');
      assert.equal(code, 0);
      const paths = new Set((JSON.parse(out) as Recognised[]).map(it => it.path));
      assert.deepEqual([...paths], ['unet.py']);
    });

    it('finds nothing without complaint', async () => {
      const { code, out, errors } = await run(folder, 'recognize', 'repo/pkg/empty.py', '--json');
      assert.deepEqual([code, out, errors], [0, '[]\n', []]);
    });

    it('writes for people, too, and says why', async () => {
      const plain = await run(folder, 'recognize', 'repo');
      assert.match(plain.out, /pkg\/unet\.py:\d+ QKVAttention\.forward → glide\.QKVAttention\.forward/);
      const why = await run(folder, 'recognize', 'repo', '--why', '--function', 'QKVAttention.forward');
      assert.match(why.out, /glide\.QKVAttention\.forward — fits/);
    });

    it('passes over what it may not read, and says so in one line each', async () => {
      const path = join(folder, 'repo/pkg/locked.py');
      await writeFile(path, unet);
      await chmod(path, 0o000);
      const readable = await readFile(path).then(
        () => true,
        () => false,
      );
      const { code, errors } = await run(folder, 'recognize', 'repo', '--json');
      await rm(path, { force: true });
      assert.equal(code, 0);
      // The superuser reads everything: then there is nothing to say.
      assert.deepEqual(errors, readable ? [] : ['pkg/locked.py: EACCES: permission denied']);
    });
  });

  it('lists the atlas as its schema says', async () => {
    const { code, out } = await run(folder, 'atlas', '--json');
    assert.equal(code, 0);
    const entries = JSON.parse(out) as { id: string; upstream: { repo: string | null } | null }[];
    const validate = await schema('atlas');
    assert.ok(validate(entries), JSON.stringify(validate.errors));
    const attention = entries.find(it => it.id === 'glide.QKVAttention.forward');
    assert.match(attention?.upstream?.repo ?? '', /glide-text2im/);
  });

  it('typesets in the ink of a theme', async () => {
    const { code, out } = await run(folder, 'typeset', '-\\frac{a}{b}', '--theme', 'hc-dark');
    assert.equal(code, 0);
    assert.match(out, /^<svg[\s\S]*#ffffff[\s\S]*<\/svg>\n$/);
    assert.ok(!out.includes('currentColor'));
  });

  describe('report', () => {
    it('writes Markdown with equations, symbols and lines', async () => {
      const { code, out } = await run(folder, 'report', 'repo', '-o', 'report.md');
      assert.deepEqual([code, out], [0, '']);
      const report = await readFile(join(folder, 'report.md'), 'utf8');
      assert.match(report, /^# Equation report: repo\n/);
      assert.match(report, /### QKVAttention\.forward — /);
      assert.match(report, /\$\$\n/);
      // Every row of a table has as many cells as its head.
      for (const block of report.matchAll(/(?:^\|.*\n)+/gm)) {
        const counts = block[0]
          .trim()
          .split('\n')
          .map(row => row.replace(/\\\|/g, '').split('|').length);
        assert.equal(new Set(counts).size, 1, block[0]);
      }
    });

    it('writes Japanese', async () => {
      const { out } = await run(folder, 'report', 'repo', '--language', 'ja');
      assert.match(out, /^# 数式対応レポート: repo\n/);
    });

    it('links to the very lines of a clone', async () => {
      const git = join(folder, 'clone/.git');
      const commit = '0123456789abcdef0123456789abcdef01234567';
      await mkdir(git, { recursive: true });
      await writeFile(join(git, 'HEAD'), 'ref: refs/heads/main\n');
      await writeFile(join(git, 'packed-refs'), `# pack-refs\n${commit} refs/heads/main\n`);
      await writeFile(
        join(git, 'config'),
        '[remote "origin"]\n\turl = git@github.com:openai/glide-text2im.git\n',
      );
      await mkdir(join(folder, 'clone/src'));
      await writeFile(join(folder, 'clone/src/unet.py'), unet);
      const { out } = await run(folder, 'report', 'clone/src');
      assert.match(out, /^# Equation report: openai\/glide-text2im\n/);
      assert.ok(out.includes(`https://github.com/openai/glide-text2im/blob/${commit}/src/unet.py#L`));
    });
  });

  it('scaffolds an entry', async () => {
    const { code, out } = await run(
      folder,
      'scaffold',
      'repo/pkg/unet.py',
      'QKVAttention.forward',
      '--root',
      'repo',
    );
    assert.equal(code, 0);
    assert.match(
      out,
      /^signature:\n {2}kind: method\n {2}name: forward\n {2}class: \[QKVAttention\]\n {2}path: \[pkg\/unet\.py\]\n/,
    );
    assert.match(out, /calls: \[.*softmax/);
  });

  const misuse: string[][] = [
    [],
    ['nonsense'],
    ['recognize'],
    ['recognize', 'gone.py'],
    ['recognize', 'repo', '--colour'],
    ['recognize', 'repo', '--json', '--why'],
    ['atlas', 'extra'],
    ['typeset'],
    ['typeset', 'x', '--theme', 'pink'],
    ['typeset', '\\frac{'],
    ['report'],
    ['report', 'repo/pkg/unet.py'],
    ['report', 'repo', '-o', 'no/such/folder/report.md'],
    ['report', 'repo', '--language', 'fr'],
    ['scaffold', 'repo/pkg/unet.py'],
    ['scaffold', 'repo/pkg/unet.py', 'Nothing.here'],
    ['recognize', 'repo', '--packs', 'no/packs'],
  ];
  for (const args of misuse) {
    it(`answers wrong use with code 2 and at most one line: ${args.join(' ') || '(nothing)'}`, async () => {
      const { code, errors } = await run(folder, ...args);
      assert.equal(code, 2);
      assert.ok(errors.length === (args.length === 0 ? 0 : 1), errors.join('\n'));
      for (const line of errors) assert.ok(!line.includes('\n') && line.startsWith('equation-lens'));
    });
  }

  it('explains itself', async () => {
    const { code, out } = await run(folder, '--help');
    assert.equal(code, 0);
    for (const command of commands) assert.ok(out.includes(`equation-lens ${command.name} `));
  });
});
