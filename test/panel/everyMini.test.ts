import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page, Worker } from 'playwright-core';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import type { Entry } from '../../src/core/atlas/schema.ts';
import { Recognizer } from '../../src/core/recognition/recognizer.ts';
import { findPythonFiles } from '../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { type TemporaryFolder, temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';

const fixtures = join(repoRoot, 'test/fixtures/torch');
const goldens = join(repoRoot, 'test/fixtures/goldens');
/** Drawings of the trained model are tools of the panel with tests of their own; as one graph they take half a minute. */
const LONG = new Set(['imagic.drawing']);

interface Place {
  readonly entry: Entry;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Every entry with a mini that the fixture modules show, each at one place. */
async function places(): Promise<Place[]> {
  const { atlas } = loadAtlas(await readPackFolders());
  const recognizer = new Recognizer(atlas);
  const parser = await loadPythonParser();
  const found = new Map<string, Place>();
  for (const file of (await findPythonFiles(fixtures)).files) {
    const outline = parser.outline(await readFile(join(fixtures, file), 'utf8'));
    for (const match of recognizer.matches(outline, { path: join(fixtures, file) })) {
      const entry = atlas.entry(match.entryId);
      if (!entry?.mini || LONG.has(entry.id) || match.variants.length > 0 || found.has(entry.id)) continue;
      // The fixtures were validated against upstream's numbers where there is a golden case.
      if (!entry.mini.drivers.some(driver => existsSync(join(goldens, `${driver.name}.json`)))) continue;
      found.set(entry.id, { entry, file, line: match.function.nameRange.start.line + 1 });
    }
  }
  parser.dispose();
  return [...found.values()];
}

/** Counts what a worker sends to the GPU; `count` is the sum over all workers of the page. */
function countDispatches(page: Page): () => Promise<number> {
  const workers = new Set<Worker>();
  page.on('worker', worker => {
    workers.add(worker);
    worker.on('close', () => workers.delete(worker));
    void worker
      .evaluate(() => {
        const scope = self as unknown as {
          dispatches?: number;
          GPUComputePassEncoder?: { prototype: { dispatchWorkgroups(...sizes: number[]): void } };
        };
        const pass = scope.GPUComputePassEncoder?.prototype;
        if (!pass || scope.dispatches !== undefined) return;
        scope.dispatches = 0;
        const original = pass.dispatchWorkgroups;
        pass.dispatchWorkgroups = function (...sizes) {
          scope.dispatches = (scope.dispatches ?? 0) + 1;
          original.apply(this, sizes);
        };
      })
      .catch(() => undefined);
  });
  return async () => {
    let sum = 0;
    for (const worker of workers) {
      const count = await worker
        .evaluate(() => (self as unknown as { dispatches?: number }).dispatches ?? 0)
        .catch(() => 0);
      sum += count;
    }
    return sum;
  };
}

const textOf = (panel: Frame, selector: string): Promise<string> =>
  panel
    .evaluate(wanted => [...document.querySelectorAll(wanted)].map(it => it.textContent).join(' '), selector)
    .catch(() => '');

async function openPanel(workbench: Workbench, { entry, file, line }: Place): Promise<Frame> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile(file);
  await workbench.goTo(line, 1);
  await workbench.press('Shift+Alt+E');
  const panel = await workbench.webview('.run', 40_000);
  await poll(
    `the panel of ${entry.id}`,
    async () => (await textOf(panel, 'h1')).includes(entry.title.en) || undefined,
  );
  return panel;
}

for (const backend of ['WASM', 'WebGPU'] as const) {
  describe(`every mini in the panel on ${backend}`, function () {
    this.timeout(15 * 60_000);
    let session: Session;
    let folder: TemporaryFolder;
    let workbench: Workbench;
    let dispatches: () => Promise<number>;

    before(async () => {
      folder = await temporaryFolder(fixtures);
      session = await Session.start({
        viewport: { width: 1400, height: 900 },
        webgpu: backend === 'WebGPU',
        settings: backend === 'WebGPU' ? { 'equationLens.run.backend': 'webgpu' } : {},
      });
      workbench = await session.open({ folder: folder.path });
      dispatches = countDispatches(workbench.page);
    });
    after(async () => {
      await session?.stop();
      await folder?.remove();
    });

    it('opens, runs mini and screen, shows every step, and agrees with upstream', async () => {
      const wanted = await places();
      assert.ok(wanted.length >= 25, `only ${wanted.length} entries with a mini in the fixtures`);
      const wrong: string[] = [];
      for (const place of wanted) {
        const { entry } = place;
        try {
          const panel = await openPanel(workbench, place);
          const badge = await poll(
            `${backend} on the badge of ${entry.id}`,
            async () => {
              const text = await textOf(panel, '.backend');
              return text.includes(backend) ? text : undefined;
            },
            90_000,
          );
          assert.ok(badge);
          const verdict = await textOf(panel, '.verdict');
          if (!verdict.includes('screen = equation')) wrong.push(`${entry.id}: ${verdict || 'no verdict'}`);
          const cards = await panel.evaluate(() => document.querySelectorAll('.step-card').length);
          if (cards !== entry.steps.length)
            wrong.push(`${entry.id}: ${cards} of ${entry.steps.length} steps`);
          const bad = await textOf(panel, '.invariants .bad');
          if (bad !== '') wrong.push(`${entry.id}: ${bad}`);
          if (backend === 'WebGPU' && (await dispatches()) === 0)
            wrong.push(`${entry.id}: nothing reached the GPU`);
        } catch (error) {
          wrong.push(`${entry.id}: ${String(error)}`);
        }
      }
      console.log(`      ${wanted.length} entries`);
      assert.deepEqual(wrong, []);
    });
  });
}
