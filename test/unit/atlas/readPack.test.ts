import { strict as assert } from 'node:assert';
import { loadAtlas } from '../../../src/core/atlas/loadAtlas.ts';
import { formatProblem } from '../../../src/core/atlas/packProblem.ts';
import { type PackSource, readPack } from '../../../src/core/atlas/readPack.ts';

const TEXT = '{en: a text, ja: 文}';

/** A pack with one good entry; `edit` breaks it. */
function source(system: string, edit: (text: string) => string = it => it, minis?: string): PackSource {
  const text = edit(`system: ${system}
title: ${TEXT}
entries:
  - id: ${system}.f
    title: ${TEXT}
    exercises: ["6.10"]
    summary: ${TEXT}
    upstream: {path: f.py, qualname: f}
    signature: {kind: function, name: f, path: [f.py], parameters: [x]}
    equations:
      - {id: sum, tex: 'a + b', spoken: ${TEXT}, text: ${TEXT}}
    symbols:
      - {tex: a, code: [x], shape: '[B]', meaning: ${TEXT}}
    steps:
      - id: add
        equation: sum
        label: ${TEXT}
        match: [{kind: return, operators: [+]}]
`);
  const pack = { path: `packs/${system}/pack.yaml`, text };
  return minis === undefined
    ? { pack }
    : { pack, minis: { path: `packs/${system}/minis.yaml`, text: minis } };
}

describe('packs', () => {
  it('loads a good one', () => {
    const { atlas, problems } = loadAtlas([source('demo')]);
    assert.deepEqual(problems, []);
    assert.equal(atlas.entry('demo.f')?.equations[0]?.tex, 'a + b');
    assert.equal(atlas.packOf('demo.f')?.system, 'demo');
    assert.deepEqual(atlas.exercises, ['6.10']);
  });

  const broken: [what: string, edit: (text: string) => string, message: RegExp][] = [
    [
      'a number for an exercise',
      text => text.replace('["6.10"]', '[6.10]'),
      /^packs\/demo\/pack\.yaml:6:\d+ entries\.0\.exercises\.0: write exercises as strings/,
    ],
    [
      'a missing text',
      text => text.replace(/ {4}summary: .*\n/, ''),
      /pack\.yaml:4:5 entries\.0\.summary: is missing$/,
    ],
    [
      'an unknown field',
      text => text.replace('    summary:', '    sumary: x\n    summary:'),
      /:7:5 entries\.0\.sumary: unknown field$/,
    ],
    [
      'an empty Japanese text',
      text => text.replace('label: {en: a text, ja: 文}', 'label: {en: a text, ja: ""}'),
      /steps\.0\.label\.ja: must not be empty/,
    ],
    [
      'an unknown equation',
      text => text.replace('equation: sum', 'equation: product'),
      /:16:9 entries\.0\.steps\.0\.equation: there is no equation "product"$/,
    ],
    [
      'an id of another system',
      text => text.replace('id: demo.f', 'id: other.f'),
      /entries\.0\.id: must start with "demo\."/,
    ],
    ['YAML that is none', text => `${text}\n  : [`, /^packs\/demo\/pack\.yaml:\d+:\d+: /],
    [
      'an unknown kind of statement',
      text => text.replace('kind: return', 'kind: give'),
      /steps\.0\.match\.0\.kind: /,
    ],
    ['a list where there is none', () => '- a\n- b\n', /^packs\/demo\/pack\.yaml:1:1: is no map of fields$/],
    ['nothing at all', () => '', /^packs\/demo\/pack\.yaml:1:1: is no map of fields$/],
  ];
  for (const [what, edit, message] of broken) {
    it(`says file, line, column and field in one line: ${what}`, () => {
      const { atlas, problems } = loadAtlas([source('demo', edit), source('fine')]);
      const lines = problems.map(formatProblem);
      assert.ok(
        lines.some(line => message.test(line)),
        lines.join('\n'),
      );
      for (const line of lines) assert.ok(!line.includes('\n'));
      // The others still work.
      assert.ok(atlas.entry('fine.f'));
      assert.equal(atlas.entry('demo.f'), undefined);
    });
  }

  it('stops at aliases that blow up', () => {
    let bomb = 'a: &a [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 0; i < 8; i++) {
      const [now, before] = ['bcdefghi'[i], 'abcdefgh'[i]];
      bomb += `${now}: &${now} [${new Array(10).fill(`*${before}`).join(', ')}]\n`;
    }
    const { problems } = readPack({ pack: { path: 'bomb.yaml', text: bomb } });
    assert.ok(problems.length > 0);
  });

  it('keeps the first of two entries with one id, and says so with the place', () => {
    const second = source('demo', text => text.replace("tex: 'a + b'", "tex: 'c'"));
    const { atlas, problems } = loadAtlas([
      source('demo'),
      { pack: { ...second.pack, path: 'mine.yaml' } },
      source('fine'),
    ]);
    assert.equal(atlas.entry('demo.f')?.equations[0]?.tex, 'a + b');
    assert.equal(problems.length, 1);
    assert.match(
      formatProblem(problems[0]!),
      /^mine\.yaml:4:5 entries\.0\.id: "demo\.f" is already defined by packs\/demo\/pack\.yaml/,
    );
    assert.ok(atlas.entry('fine.f'));
  });

  it('lets no reader’s pack take the place of a built-in entry', () => {
    const builtIn = loadAtlas([source('demo')]).atlas.packs;
    const mine = source('demo', text => text.replace("tex: 'a + b'", "tex: 'c'"));
    const { atlas, problems } = loadAtlas([mine], builtIn);
    assert.equal(atlas.entry('demo.f')?.equations[0]?.tex, 'a + b');
    assert.match(problems[0]?.message ?? '', /the built-in pack "demo"/);
  });

  const MINI = `minis:
  demo.f:
    file: mini/f.py
    config: {}
    drivers: [{name: demo.f, inputs: [], code: "def build(m, config): pass"}]
    samples: []
`;

  it('merges minis into their entries', () => {
    const { atlas, problems } = loadAtlas([source('demo', it => it, MINI)]);
    assert.deepEqual(problems, []);
    assert.equal(atlas.entry('demo.f')?.mini?.file, 'mini/f.py');
  });

  it('keeps the entries where minis are broken or belong to nobody', () => {
    const broken = loadAtlas([source('demo', it => it, MINI.replace('file:', 'fille:'))]);
    assert.ok(broken.atlas.entry('demo.f'));
    assert.match(
      broken.problems.map(formatProblem).join('\n'),
      /minis\.yaml:\d+:\d+ minis\.demo\.f\.fille: unknown field/,
    );
    const lost = loadAtlas([source('demo', it => it, MINI.replace('  demo.f:', '  demo.g:'))]);
    assert.equal(lost.problems[0]?.severity, 'warning');
    assert.match(lost.problems[0]?.message ?? '', /no entry "demo\.g"/);
  });

  it('names what is fixed in a mini and is none of its config, and a config of no weights', () => {
    const text = MINI.replace('name: demo.f, inputs', 'name: demo.f, fixed: [dimm], inputs').replace(
      '    samples: []',
      '    trainedConfig: {dim: 2}\n    samples: []',
    );
    const { problems } = loadAtlas([source('demo', it => it, text)]);
    const said = problems.map(formatProblem).join('\n');
    assert.match(said, /minis\.yaml:5:\d+ minis\.demo\.f\.drivers\.0\.fixed\.0: there is no config "dimm"/);
    assert.match(said, /minis\.yaml:6:\d+ minis\.demo\.f\.trainedConfig: belongs to trained weights/);
  });

  it('orders exercises as a book does', () => {
    const packs = ['6.10', '6.2', '6.9'].map((exercise, index) =>
      source(`s${index}`, text => text.replace('"6.10"', `"${exercise}"`)),
    );
    assert.deepEqual(loadAtlas(packs).atlas.exercises, ['6.2', '6.9', '6.10']);
  });
});
