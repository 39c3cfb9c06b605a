import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import type { Entry } from '../../src/core/atlas/schema.ts';
import { Recognizer } from '../../src/core/recognition/recognizer.ts';
import { findPythonFiles } from '../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { countDispatches } from '../harness/countDispatches.ts';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';

/** A whole drawing in one graph: half a minute on a CPU, and a software GPU takes many times that. */
const LONG = new Set(['imagic.drawing']);

/** A software GPU on a busy machine takes its time; what hangs for longer than this is a failure. */
const PATIENCE = 180_000;

/** Where an entry's code stands in the folder that the tests open. */
interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/**
 * A folder with code for nearly every entry: the fixtures, which were held against upstream, and for what these leave out our own minis.
 */
async function openFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await cp(join(repoRoot, 'test/fixtures/torch'), join(folder.path, 'fixtures'), { recursive: true });
  for (const { system } of minis()) {
    const from = join(repoRoot, 'packs', system, 'mini');
    if (existsSync(from)) await cp(from, join(folder.path, 'minis', system, 'mini'), { recursive: true });
  }
  return folder;
}

function minis(): { entry: Entry; system: string }[] {
  return atlas.entries
    .filter(entry => entry.mini)
    .map(entry => ({ entry, system: entry.id.slice(0, entry.id.indexOf('.')) }));
}

/**
 * A place of every entry: in the fixtures where there are numbers of upstream that they were held against, else in our minis. Code that
 * is a variant of the entry does not count.
 */
async function placesIn(root: string): Promise<Map<string, Place>> {
  const recognizer = new Recognizer(atlas);
  const parser = await loadPythonParser();
  const found = new Map<string, Place>();
  for (const file of (await findPythonFiles(root)).files.toSorted()) {
    const outline = parser.outline(await readFile(join(root, file), 'utf8'));
    for (const match of recognizer.matches(outline, { path: join(root, file) })) {
      const entry = atlas.entry(match.entryId);
      const checked = file.startsWith('fixtures/') && entry !== undefined && hasGolden(entry);
      if (match.variants.length > 0 || (found.has(match.entryId) && !checked)) continue;
      const { line, character } = match.function.nameRange.start;
      found.set(match.entryId, { file, line: line + 1, column: character + 1 });
    }
  }
  parser.dispose();
  return found;
}

const { atlas } = loadAtlas(await readPackFolders());
const hasGolden = ({ mini }: Entry) =>
  mini?.drivers.some(({ name }) => existsSync(join(repoRoot, 'test/fixtures/goldens', `${name}.json`))) ??
  false;
const folder = await openFolder();
const places = await placesIn(folder.path);
/** File by file; those without code beside them come last, since each of them opens a panel of its own. */
const ordered = minis()
  .map(({ entry }) => ({ entry, place: places.get(entry.id) }))
  .toSorted(
    (a, b) =>
      Number(a.place === undefined) - Number(b.place === undefined) ||
      (a.place?.file ?? '').localeCompare(b.place?.file ?? ''),
  );
after(() => folder.remove());

/** What the panel says. */
interface Said {
  readonly entry: string;
  readonly title: string;
  readonly badge: string;
  readonly busy: boolean;
  readonly verdict: string;
  readonly failure: string;
  readonly cards: number;
  readonly badInvariants: string;
  readonly check: readonly string[];
}

/** Texts by selector, in one question to the page. */
const TEXTS = {
  title: 'h1',
  badge: '.backend',
  verdict: '.verdict',
  failure: '.run-status .problem-text',
  badInvariants: '.invariants .bad',
} as const;

async function read(panel: Frame): Promise<Said> {
  const { texts, ...rest } = await panel.evaluate(selectors => {
    const shown: Record<string, string> = {};
    for (const [name, selector] of Object.entries(selectors))
      shown[name] = [...document.querySelectorAll(selector)].map(it => it.textContent).join(' ');
    return {
      texts: shown,
      entry: document.querySelector('main')?.dataset.entry ?? '',
      busy: document.querySelector('.run')?.getAttribute('aria-busy') !== 'false',
      cards: document.querySelectorAll('.step-card').length,
      check: [...document.querySelectorAll('.upstream-check span.ok, .upstream-check span.bad')].map(
        it => it.textContent ?? '',
      ),
    };
  }, TEXTS);
  return { ...(texts as Record<keyof typeof TEXTS, string>), ...rest };
}

for (const backend of ['WASM', 'WebGPU'] as const) {
  describe(`every mini in the panel on ${backend}`, function () {
    this.timeout(2 * PATIENCE);
    let session: Session;
    let workbench: Workbench;
    let panel: Frame;
    let dispatches: () => Promise<number>;

    before(async () => {
      session = await Session.start({
        viewport: { width: 1400, height: 900 },
        webgpu: backend === 'WebGPU',
        settings: backend === 'WebGPU' ? { 'equationLens.run.backend': 'webgpu' } : {},
      });
      workbench = await session.open({ folder: folder.path });
      dispatches = countDispatches(workbench.page);
      const first = places.get('open_clip.QuickGELU.forward');
      assert.ok(first);
      await workbench.openFile(first.file, first);
      await workbench.codeLenses();
      await workbench.press('Shift+Alt+E');
      panel = await workbench.webview('main[data-entry]', 60_000);
      // The panel moves on with the cursor: what onnxruntime-web compiled once serves all entries.
      await panel.locator('vscode-checkbox', { hasText: 'Follow cursor' }).evaluate(box => {
        (box as HTMLElement).click();
      });
    });
    after(() => session?.stop());

    /** The panel without code beside it, by the list of equations. */
    async function openAlone(entry: Entry): Promise<Frame> {
      await workbench.runCommand('Equation Lens: Go to Equation…');
      await workbench.page.locator('.quick-input-widget .quick-input-box input').fill(entry.id);
      await workbench.page
        .locator('.quick-input-list .monaco-list-row', { hasText: entry.id })
        .first()
        .click();
      await workbench.page.getByRole('button', { name: 'Explain this equation' }).click();
      return workbench.webview(`main[data-entry="${entry.id}"]`, 60_000);
    }

    const wanted = ordered.filter(({ entry }) => backend === 'WASM' || !LONG.has(entry.id));
    for (const { entry, place } of wanted) {
      it(entry.id, async () => {
        const before = await dispatches();
        if (place) await workbench.openFile(place.file, place);
        const shown = place ? panel : await openAlone(entry);
        let said: Said | undefined;
        await poll(
          `${entry.id} on ${backend}`,
          async () => {
            said = await read(shown);
            const done = said.entry === entry.id && !said.busy && said.badge.includes(backend);
            return done || (said.entry === entry.id && said.failure !== '');
          },
          PATIENCE,
        ).catch((error: unknown) => assert.fail(`${String(error)} ${JSON.stringify(said)}`));
        assert.ok(said);
        assert.equal(said.failure, '');
        assert.equal(said.title, entry.title.en);
        assert.equal(said.cards, entry.steps.length, 'step cards');
        assert.equal(said.badInvariants, '');
        if (place) assert.match(said.verdict, /screen = equation/);
        else assert.equal(said.verdict, '');
        if (hasGolden(entry)) {
          const sides = await poll(
            `upstream's numbers beside ${entry.id}`,
            async () => {
              const { check } = await read(shown);
              if (check.length > 0) return check;
              await shown
                .locator('.upstream-check button')
                .evaluate(button => (button as HTMLElement).click());
              return undefined;
            },
            PATIENCE,
            400,
          );
          const stored = entry.upstream
            ? /✓ .*: [1-9]\d* tensors of upstream/
            : /✓ .*: [1-9]\d* stored tensors/;
          for (const side of sides) assert.match(side, stored);
        }
        if (backend === 'WebGPU') ran.push({ id: entry.id, count: (await dispatches()) - before });
      });
    }

    const ran: { id: string; count: number }[] = [];
    if (backend === 'WebGPU') {
      it('really ran on the GPU', () => {
        const silent = ran.filter(({ count }) => count === 0).map(({ id }) => id);
        assert.deepEqual(silent, []);
      });
    }
  });
}
