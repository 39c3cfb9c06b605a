import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Atlas } from '../../../src/core/atlas/atlas.ts';
import { checkPack } from '../../../src/core/atlas/checkPack.ts';
import type { Pack } from '../../../src/core/atlas/schema.ts';
import { ownMiniSource } from '../../../src/core/minis/ownMini.ts';
import { makeRunSpec } from '../../../src/core/minis/runSpec.ts';
import { traceEntry } from '../../../src/core/minis/traceEntry.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { scaffoldPack } from '../../../src/core/recognition/scaffoldPack.ts';
import { findPythonFiles } from '../../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { gateCode } from '../../harness/gate.ts';
import { openWorkbench } from '../trace/pylib/openWorkbench.ts';

const samples = 'samples';

describe('scaffoldPack', function () {
  this.timeout(60_000);
  let parser: PythonParser;
  before(async () => {
    parser = await loadPythonParser();
  });
  after(() => parser.dispose());

  function packOf(text: string, qualname: string, path: string): Pack {
    const outline = parser.outline(text);
    const fn = outline.functions.find(it => it.qualname === qualname);
    assert.ok(fn);
    const yaml = scaffoldPack(outline, fn, { path, lines: text.split('\n'), system: 'my-code' });
    const { pack, problems } = checkPack({ path: 'new.lens.yaml', text: yaml });
    assert.deepEqual(problems, [], `${qualname}\n${yaml}`);
    assert.ok(pack);
    return pack;
  }

  it('makes a valid pack of every function of the samples, which finds that function again and no other', async () => {
    let count = 0;
    for (const path of (await findPythonFiles(samples)).files) {
      const text = readFileSync(join(samples, path), 'utf8');
      const outline = parser.outline(text);
      for (const fn of outline.functions) {
        const pack = packOf(text, fn.qualname, path);
        const found = new Recognizer(new Atlas([pack])).matches(outline, { path: `/clone/${path}` });
        for (const match of found) assert.equal(match.function.qualname, fn.qualname, path);
        count++;
      }
    }
    assert.ok(count > 20, `${count} functions`);
  });

  it('finds its function, places its steps, and runs it from the screen', async () => {
    const pack = packOf(gateCode, 'LeakyGate.forward', 'gate.py');
    const atlas = new Atlas([pack]);
    const recognizer = new Recognizer(atlas);
    const outline = parser.outline(gateCode);
    const [match] = recognizer.matches(outline, { path: '/clone/gate.py' });
    assert.equal(match?.entryId, 'my-code.LeakyGate.forward');
    const [entry] = atlas.entries;
    assert.ok(entry && match);
    const { steps, unplaced } = recognizer.align(entry, match.function);
    assert.deepEqual(unplaced, []);
    assert.deepEqual(
      steps.map(step => step.ranges[0]?.start.line),
      [13, 14, 15],
    );
    const { tracer } = await openWorkbench();
    const traced = traceEntry(
      tracer,
      {
        kind: 'screen',
        path: '/clone/gate.py',
        qualname: 'LeakyGate.forward',
        outline,
        sources: { roots: ['/clone'], read: path => (path === '/clone/gate.py' ? gateCode : undefined) },
      },
      makeRunSpec(entry, {}),
    );
    assert.ok(traced.ok);
    // Width and tensors are guessed alike: 16 wide, [2, 5, 16].
    assert.deepEqual(traced.value.outputs[0]?.value.shape, [2, 5, 16]);
    assert.deepEqual(
      traced.value.steps.map(step => step.tensors.map(it => it.name)),
      [['openness'], ['kept'], ['return']],
    );
  });

  it('gives no name of another pack, and no driver for what cannot be called by name', () => {
    const text = 'def outer(x):\n    def inner(y):\n        return y @ y\n    return inner(x)\n';
    const pack = packOf(text, 'outer.inner', 'a.py');
    assert.equal(pack.entries[0]?.mini, undefined);
  });

  it('does not take a file outside of its folder for a mini', () => {
    const pack = packOf(gateCode, 'LeakyGate.forward', 'gate.py');
    const [entry] = pack.entries;
    assert.ok(entry?.mini);
    const mini = { ...entry.mini, file: 'mini/none.py' };
    assert.throws(
      () => ownMiniSource({ ...entry, mini }, { files: {} }, parser),
      /^Error: mini\/none\.py is not there\.$/,
    );
  });
});
