import { strict as assert } from 'node:assert';
import { commands } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/runCli.ts';
import { gateFiles, gatePack } from '../../harness/gate.ts';
import { onnxFile } from '../../harness/onnxFile.ts';
import { type TemporaryFolder, temporaryFolder } from '../../harness/temporaryFolder.ts';
import { writeFiles } from '../../harness/writeFiles.ts';

const GATE = 'mine.LeakyGate.forward';

describe('packs of the reader on the command line', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder();
    await writeFiles(folder.path, {
      ...gateFiles(),
      'bad/text.lens.yaml': gatePack('not.onnx'),
      'bad/not.onnx': 'no model',
      'loop/gate.lens.yaml': gatePack('loop.onnx'),
      'loop/loop.onnx': onnxFile({
        inputs: ['state', 'update'],
        outputs: ['y'],
        lines: [{ op: 'Loop', inputs: ['state'], outputs: ['y'] }],
      }),
      'climbs/gate.lens.yaml': gatePack('../gate.py'),
      'lost/gate.lens.yaml': gatePack('mini/lost.py'),
      'broken/gate.lens.yaml': 'system: mine\nentries:\n  - id: mine.f\n    titel: {en: a, ja: b}\n',
    });
  });
  after(() => folder.remove());

  async function run(...args: string[]) {
    let out = '';
    const errors: string[] = [];
    const io = {
      out: (text: string) => {
        out += text;
      },
      error: (line: string) => errors.push(line),
      cwd: folder.path,
    };
    const code = await runCli(args, commands, io);
    return { code, out, errors };
  }

  for (const packs of ['python', 'onnx', 'onnx/gate.lens.yaml']) {
    it(`runs the mini of ${packs}, equal to the code step by step`, async () => {
      const mini = await run('run', GATE, '--packs', packs);
      assert.equal(mini.code, 0, mini.errors.join());
      assert.match(mini.out, /y \[3, 4\] float32/);
      const both = await run('run', GATE, '--packs', packs, '--compare', 'gate.py');
      assert.equal(both.code, 0, both.errors.join());
      assert.match(both.out, /equal {3}openness[\s\S]*equal {3}kept[\s\S]*equal {3}y/);
    });
  }

  it('runs an entry without a mini from the code alone', async () => {
    const alone = await run('run', GATE, '--packs', 'screen');
    assert.equal(alone.code, 2);
    assert.match(alone.errors.join(), /has no mini of its own: give --source/);
    const code = await run('run', GATE, '--packs', 'screen', '--source', 'gate.py');
    assert.equal(code.code, 0, code.errors.join());
    assert.match(code.out, /y \[3, 4\] float32/);
  });

  const refused: [packs: string, exit: number, said: RegExp][] = [
    ['bad', 1, /: not\.onnx is no ONNX file\.$/],
    ['loop', 1, /: loop\.onnx uses the operator Loop, which the engine lacks\.$/],
    ['climbs', 2, /: \.\.\/gate\.py does not lie below the folder of its pack, and is not read\.$/],
    ['lost', 2, /: mini\/lost\.py is not there\.$/],
    ['broken', 2, /^broken\/gate\.lens\.yaml:4:5 entries\.0\.titel: unknown field/],
  ];
  for (const [packs, exit, said] of refused) {
    it(`says in a sentence why the mini of ${packs} does not run`, async () => {
      const { code, errors } = await run('run', GATE, '--packs', packs);
      assert.equal(code, exit);
      assert.ok(
        errors.some(line => said.test(line)),
        errors.join('\n'),
      );
    });
  }

  it('prints a whole pack to fill in', async () => {
    const { code, out } = await run('scaffold', 'gate.py', 'LeakyGate.forward', '--pack', 'mine');
    assert.equal(code, 0);
    assert.match(out, /- id: mine\.LeakyGate\.forward/);
    assert.match(out, /tex: '\\mathrm\{LeakyGate\}/);
  });
});
