import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Lens } from '../../../src/core/lens.ts';
import type { Outline } from '../../../src/core/python/outline.ts';
import { Pace } from '../../../src/core/python/pace.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { contextsOf } from '../../../src/core/recognition/functionContext.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const FILES = [
  'test/fixtures/python/outline.py',
  'packs/albef/mini/itc.py',
  'packs/blip/mini/med.py',
  'packs/dalle2/mini/prior.py',
  'packs/glide/mini/text2im_model.py',
  'packs/glide/mini/unet.py',
  'packs/llava/mini/llava.py',
  'packs/open_clip/mini/transformer.py',
  'samples/silent.py',
  'samples/variants/unet.py',
];

/** What a body may hold that belongs to the file: imports, definitions, and words that only look like them. */
const BEYOND = `import os


def plain(x):
    """A class of functions: this def is prose, and so is the import of it."""
    return x + 1


def importer(x):
    import math as m
    from .near import thing
    return m.exp(thing(x))


@wrap(3)
def outer(x):
    def inner(y):
        return y * 2
    class Local:
        size = 3
        def area(self):
            self.side = tool(4)
            return self.side
    return inner(x)


class Layer(Base):
    width = make(2)

    def __init__(self, n):
        self.first = nn.Linear(n, n)

    async def forward(self, x, *, scale: float = 1.0):
        self.last = x @ self.first(x)
        if (y := scale) > 0: return y
        return lambda z: z
`;

describe('bodies that are read when they are asked for', () => {
  let parser: PythonParser;
  let texts: Map<string, string>;
  before(async () => {
    parser = await loadPythonParser();
    texts = new Map([['every kind of body', BEYOND]]);
    for (const file of FILES) texts.set(file, await readFile(file, 'utf8'));
  });
  after(() => parser.dispose());

  const opened = (text: string): Outline => {
    const document = parser.open(text);
    const { outline } = document;
    document.dispose();
    return outline;
  };

  it('are those of an outline that is read at once', () => {
    for (const [file, text] of texts) {
      const document = parser.open(text);
      assert.deepEqual(document.outline, parser.outline(text), file);
      document.dispose();
    }
  });

  it('can be read after the document is closed', () => {
    assert.deepEqual(opened(BEYOND), parser.outline(BEYOND));
  });

  it('stay those of the old text when it has changed', () => {
    const document = parser.open(BEYOND);
    const old = document.outline;
    document.update(BEYOND.replace('x + 1', 'x - 1').replace('import os\n', ''));
    assert.ok(document.outline.functions.length > 0);
    assert.deepEqual(old, parser.outline(BEYOND));
    document.dispose();
  });

  it('are found again while the text around them changes line by line', () => {
    const document = parser.open(BEYOND);
    let text = BEYOND;
    for (let line = 0; line < 40; line++) {
      text = line % 3 === 2 ? text.replace('# note\n', '') : `# note\n${text}`;
      document.update(text);
      assert.equal(document.outline.imports.length, 3);
    }
    assert.deepEqual(document.outline, parser.outline(text));
    document.dispose();
  });

  it('are still there when an error swallows them unread', () => {
    const document = parser.open(BEYOND);
    const wanted = parser.outline(BEYOND).functions.find(fn => fn.qualname === 'Layer.forward');
    assert.equal(document.outline.functions.length, 7);
    let text = BEYOND;
    for (const typed of ['"', '""', '"""', '"""a', '"""ab']) {
      text = BEYOND.replace('import os', `import os\nx = ${typed}`);
      document.update(text);
      assert.ok(document.outline.hasErrors || typed === '""');
    }
    const kept = document.outline.functions.find(fn => fn.qualname === 'Layer.forward');
    assert.deepEqual(
      kept?.statements.map(it => [it.kind, it.targets, it.range.start.line - 1]),
      wanted?.statements.map(it => [it.kind, it.targets, it.range.start.line]),
    );
    document.dispose();
  });

  it('come out the same in slices, whatever is parsed in the pauses', async () => {
    let pauses = 0;
    const pace = new Pace(async () => {
      pauses++;
      parser.outline('def other():\n    return 1\n');
    }, 0);
    const long = `${[...texts.values()].join('\n')}\n`.repeat(2);
    const { outline, release } = await parser.outlineInSlices(long, pace);
    assert.deepEqual(outline, parser.outline(long));
    release();
    assert.ok(pauses > 100, 'with slices of no length there is a pause at every opportunity');
  });

  it('need not be read to tell that a function is no entry', async () => {
    const recognizer = new Recognizer(await builtInAtlas());
    let ruledOut = 0;
    for (const [file, text] of texts) {
      for (const context of contextsOf(parser.outline(text), { path: file })) {
        if (recognizer.mayBe(context)) continue;
        ruledOut++;
        assert.deepEqual(recognizer.judge(context), [], `${file} ${context.fn.qualname}`);
      }
    }
    assert.ok(ruledOut > 50);
  });

  it('give the same matches in an open document, in a scan and in an outline read at once', async () => {
    const atlas = await builtInAtlas();
    const recognizer = new Recognizer(atlas);
    const lens = new Lens(parser, atlas);
    const pace = new Pace(async () => {});
    let found = 0;
    for (const [path, text] of texts) {
      const expected = recognizer.matches(parser.outline(text), { path, text });
      const document = { uri: path, version: 1, path, text };
      assert.deepEqual(lens.matches(document), expected, path);
      assert.deepEqual(await lens.scan(document, pace), expected, path);
      found += expected.length;
    }
    assert.ok(found > 20);
    lens.dispose();
  });
});
