import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import type { Atlas } from '../../../src/core/atlas/atlas.ts';
import { Lens } from '../../../src/core/lens.ts';
import { Pace } from '../../../src/core/python/pace.ts';
import type { Position } from '../../../src/core/python/position.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import type { Sighting } from '../../../src/core/recognition/match.ts';
import type { SourceDocument } from '../../../src/core/sources.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';

const FILES = ['packs/glide/mini/unet.py', 'packs/open_clip/mini/transformer.py', 'packs/blip/mini/med.py'];

/** A long document is not read as a whole for the sake of one hover: what is said must be the same all the same. */
describe('Lens, in long documents', () => {
  let parser: PythonParser;
  let atlas: Atlas;
  let text: string;
  before(async () => {
    parser = await loadPythonParser();
    atlas = await builtInAtlas();
    const texts = await Promise.all(FILES.map(file => readFile(file, 'utf8')));
    text = `${texts.join('\n\n')}\n\nLAYER = QKVAttention(4)\n`;
    assert.ok(text.length > 16_000);
  });
  after(() => parser.dispose());

  const document = (version = 1, is = text): SourceDocument => ({
    uri: 'mem:/repo/long.py',
    version,
    path: 'repo/model/unet.py',
    text: is,
  });
  const newLens = () => new Lens(parser, atlas);
  const said = (lens: Lens, sighting: Sighting | undefined) => {
    if (!sighting) return undefined;
    const { match, ...rest } = sighting;
    const { function: fn, ...judged } = match;
    return { ...rest, ...judged, function: fn, alignment: lens.alignment(match) };
  };
  const placeOf = (line: string, word: string): Position => {
    const lines = text.split('\n');
    const at = lines.findIndex(it => it.includes(line));
    assert.ok(at >= 0, line);
    return { line: at, character: lines[at]!.indexOf(word, lines[at]!.indexOf(line)) + 1 };
  };

  it('a hover says what it says once all has been read', async () => {
    const whole = newLens();
    const { functions } = whole.outline(document());
    const places = functions.flatMap(fn => [
      fn.nameRange.start,
      ...fn.names.filter((_, index) => index % 7 === 0).map(use => use.range.start),
    ]);
    const hasty = newLens();
    let cards = 0;
    for (const place of places) {
      const sighting = await hasty.sightingAt(document(), place);
      if (sighting) cards++;
      const wanted = await whole.sightingAt(document(), place);
      assert.deepEqual(said(hasty, sighting), said(whole, wanted), `line ${place.line + 1}`);
      // Calls make it read all: so that every place is the first one.
      hasty.close(document().uri);
    }
    assert.ok(cards > 40, `${cards} cards`);
    whole.dispose();
    hasty.dispose();
  });

  it('a hover in between is answered while the document is read in slices', async () => {
    const lens = newLens();
    const place = placeOf('def forward(self, qkv', 'forward');
    const asked: (string | undefined)[] = [];
    const pace = new Pace(async () => {
      asked.push((await lens.sightingAt(document(), place))?.match.entryId);
    }, 0);
    const found = await lens.matchesInSlices(document(), pace);
    assert.ok(asked.length > 10);
    assert.deepEqual(new Set(asked), new Set(['glide.QKVAttention.forward']));
    const whole = newLens();
    assert.deepEqual(
      found?.map(it => [it.entryId, it.function.qualname]),
      whole.matches(document()).map(it => [it.entryId, it.function.qualname]),
    );
    lens.dispose();
    whole.dispose();
  });

  it('a function that breaks later keeps its card once the document has been read in slices', async () => {
    const lens = newLens();
    const place = placeOf('def forward(self, qkv', 'forward');
    const inside = { line: place.line + 2, character: 10 };
    assert.equal(lens.matchAt(document(), inside)?.entryId, 'glide.QKVAttention.forward');
    await lens.readInSlices(document(), new Pace(async () => {}, 0));
    const lines = text.split('\n');
    lines[place.line + 1] += ' + (';
    const match = lens.matchAt(document(2, lines.join('\n')), inside);
    assert.equal(match?.entryId, 'glide.QKVAttention.forward');
    lens.dispose();
  });

  it('a call waits for the document and is then told', async () => {
    const lens = newLens();
    let sighting: Promise<Sighting | undefined> | undefined;
    const pace = new Pace(async () => {
      sighting ??= lens.sightingAt(document(), placeOf('self.attention(', 'attention'));
    }, 0);
    await lens.matchesInSlices(document(), pace);
    assert.equal((await sighting)?.kind, 'call');
    lens.dispose();
  });

  it('readings that overlap never go back to an earlier text', async () => {
    const later = `# one line more\n${text}`;
    const lens = newLens();
    let second: Promise<readonly unknown[] | undefined> | undefined;
    const rest = async () => {};
    const pace = new Pace(async () => {
      second ??= lens.matchesInSlices(document(2, later), new Pace(rest, 0));
    }, 0);
    await lens.matchesInSlices(document(1), pace);
    const matches = await second;
    const whole = newLens();
    assert.equal(matches?.length, whole.matches(document(2, later)).length);
    assert.equal(
      lens.outline(document(2, later)).functions[0]?.range.start.line,
      whole.outline(document(2, later)).functions[0]?.range.start.line,
    );
    lens.dispose();
    whole.dispose();
  });

  it('an edit that could not wait wins over a reading in slices', async () => {
    const later = `# one line more\n${text}`;
    const lens = newLens();
    let opened = false;
    const pace = new Pace(async () => {
      if (opened) return;
      opened = true;
      lens.matches(document(2, later));
    }, 0);
    assert.equal(await lens.matchesInSlices(document(1), pace), undefined);
    const place = { ...placeOf('def forward(self, qkv', 'forward') };
    const sighting = await lens.sightingAt(document(2, later), { ...place, line: place.line + 1 });
    assert.equal(sighting?.match.entryId, 'glide.QKVAttention.forward');
    lens.dispose();
  });

  it('a class with an error in it is read with all around it', () => {
    const lens = newLens();
    const broken = text.replace('def forward(self, qkv', 'def forward(self, , qkv');
    assert.doesNotThrow(() => lens.matchAt(document(1, broken), placeOf('def forward(self, qkv', 'forward')));
    const place = placeOf('class ResidualAttentionBlock', 'Residual');
    assert.equal(lens.matchAt(document(1, broken), { ...place, line: place.line + 2 }), undefined);
    lens.dispose();
  });
});
