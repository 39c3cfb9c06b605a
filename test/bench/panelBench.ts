import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { LATER_SERVER } from '../harness/serverPackage.ts';
import { Session } from '../harness/session.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';
import type { Workbench } from '../harness/workbench.ts';
import { BareOrtPage } from './bareOrtPage.ts';
import { hostMemory } from './hostMemory.ts';
import { type Bench, type BenchRow, quantile, warmRows } from './row.ts';

const ENTRY = 'glide.QKVAttention.forward';
const FILE = 'glide/unet.py';
const [LINE, COLUMN] = [117, 10];
const OPENINGS = 7;
const SLIDES = 40;
const ROUNDS = 50;

/** The panel in the workbench: how soon it explains, how soon numbers are live, how it follows a slider, what it weighs and leaves. */
export const panelBench: Bench = {
  name: 'panel',
  run: async say => {
    say('size …');
    const rows: BenchRow[] = await sizes();
    const bare = await BareOrtPage.serve(ENTRY);
    try {
      for (const backend of ['wasm', 'webgpu'] as const) {
        await inWorkbench(backend, bare, say, (...found) => {
          // It takes minutes: what is known is said at once.
          for (const { measure, value, unit } of found) say(`${measure}: ${value.toFixed(1)} ${unit}`);
          rows.push(...found);
        });
      }
    } finally {
      bare.close();
    }
    return rows;
  },
};

/** Scripts of the panel as they are delivered, without onnxruntime-web's own. */
async function sizes(): Promise<BenchRow[]> {
  const gzipped = (bytes: Uint8Array) => gzipSync(bytes).length / 1000;
  const page =
    gzipped(await readFile(join(repoRoot, 'dist/webview/panel.js'))) +
    gzipped(await readFile(join(repoRoot, 'dist/webview/showPanel.js')));
  const tracer = gzipped(await readFile(join(repoRoot, 'dist/webview/tracer.js')));
  const ort = gzipped(await readFile(join(repoRoot, 'dist/webview/ortJspi.js')));
  const without = await build({
    entryPoints: [join(repoRoot, 'webview/ortJspiWorker.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': '"file:///"' },
    external: ['onnxruntime-web/*', 'fs', 'fs/promises', 'module', 'path', 'url', 'worker_threads'],
  });
  const own = gzipped(without.outputFiles[0]!.contents);
  return [
    { subject: 'panel', measure: 'JS, page, gzipped', value: page, unit: 'kB' },
    { subject: 'panel', measure: 'JS, tracer’s worker, gzipped', value: tracer, unit: 'kB' },
    { subject: 'panel', measure: 'JS, ORT’s worker with ORT, gzipped', value: ort, unit: 'kB' },
    {
      subject: 'panel',
      measure: 'JS without ORT, gzipped',
      value: page + tracer + own,
      unit: 'kB',
      goal: 400,
    },
  ];
}

async function inWorkbench(
  backend: 'wasm' | 'webgpu',
  bare: BareOrtPage,
  say: (line: string) => void,
  add: (...rows: BenchRow[]) => void,
): Promise<void> {
  const folder = await temporaryFolder(join(repoRoot, 'samples'));
  const session = await Session.start({
    viewport: { width: 1500, height: 1000 },
    webgpu: backend === 'webgpu',
    version: LATER_SERVER,
    settings: { 'equationLens.run.backend': backend },
  });
  try {
    const workbench = await session.open({ folder: folder.path });
    await workbench.openFile(FILE);
    await workbench.codeLenses();
    say(`${backend}: first numbers, in turn with a bare page …`);
    const explained: number[] = [];
    const alive: number[] = [];
    const frames: number[] = [];
    const first: number[] = [];
    const live: number[] = [];
    const floor: number[] = [];
    const sameBuild: number[] = [];
    // The first round warms extension host, service worker and caches.
    for (let round = 0; round <= OPENINGS; round++) {
      const opened = await open(workbench, backend);
      const alone = await bare.firstNumbers(session.browser, backend, 'webgpu');
      const suspending = await bare.firstNumbers(session.browser, backend, 'jspi');
      // A page behind another one is not painted.
      await workbench.page.bringToFront();
      if (round > 0) {
        explained.push(opened.explained);
        alive.push(opened.alive);
        frames.push(opened.frame);
        first.push(opened.first);
        live.push(opened.live);
        floor.push(alone);
        sameBuild.push(suspending);
      }
      await close(workbench);
    }
    if (backend === 'wasm') {
      const [p50, p95] = warmRows(ENTRY, 'command → explanation visible', explained) as [BenchRow, BenchRow];
      add({ ...p50, goal: 300 }, p95);
      // What any webview takes, whatever is in it.
      add(...warmRows(ENTRY, 'of that, until VS Code’s empty frame stands', frames));
      add(...warmRows(ENTRY, 'command → panel answers', alive));
      add(...warmRows(ENTRY, 'command → first numbers (our kernels)', first));
    }
    const [all, theirs, same] = [live, floor, sameBuild].map(it => quantile(it, 0.5)) as [
      number,
      number,
      number,
    ];
    const row = (measure: string, value: number, unit: 'ms' | '×') => ({
      subject: ENTRY,
      measure,
      value,
      unit,
    });
    add(
      row(`command → first number on ${backend}`, all, 'ms'),
      row(`bare page → first number on ${backend}`, theirs, 'ms'),
      { ...row(`beside the bare page on ${backend}`, all / theirs, '×'), goal: 1.3 },
      // The panel takes that build where it can: how much of the ratio is its doing?
      row(`bare page with the build that suspends WebAssembly, on ${backend}`, same, 'ms'),
      row(`beside that one on ${backend}`, all / same, '×'),
      // A bare page has no workbench to wait for.
      row(
        `beside that one, without VS Code’s empty frame, on ${backend}`,
        (all - quantile(frames, 0.5)) / same,
        '×',
      ),
    );
    if (backend === 'wasm') {
      say('slider …');
      await open(workbench, backend);
      const panel = await workbench.webview('.run');
      // Right after opening, before anything is compiled for good; and as it is for whoever has moved it some times.
      add(...warmRows(ENTRY, 'slider → repaint, right after opening', await slide(panel)));
      await slide(panel);
      const [p50, p95] = warmRows(ENTRY, 'slider → repaint', await slide(panel)) as [BenchRow, BenchRow];
      add(p50, { ...p95, goal: 50 });
      say('hidden and back …');
      add(await backAgain(workbench));
      await close(workbench);
      say(`memory over ${ROUNDS} rounds …`);
      add(...(await memory(workbench, session)));
    }
  } finally {
    await session.stop();
    await folder.remove();
  }
}

interface Opening {
  /** VS Code's frame is there; the page is about to be written into it. */
  readonly frame: number;
  readonly explained: number;
  /** Its buttons do what they say. */
  readonly alive: number;
  readonly first: number;
  readonly live: number;
}

/** From the key to the moments that the page marks, in milliseconds. */
async function open(workbench: Workbench, backend: 'wasm' | 'webgpu'): Promise<Opening> {
  await workbench.goTo(LINE, COLUMN);
  const pressed = Date.now();
  await workbench.press('Shift+Alt+E');
  const panel = await workbench.webview('main[data-entry]', 60_000);
  const live = await mark(panel, `numbers:${backend}`);
  const frame = await panel.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return performance.timeOrigin + (navigation?.domInteractive ?? 0);
  });
  return {
    frame: frame - pressed,
    explained: (await mark(panel, 'explained')) - pressed,
    alive: (await mark(panel, 'alive')) - pressed,
    // onnxruntime-web may be there before our kernels are asked.
    first: Math.min(live, (await marked(panel, 'numbers:typescript')) ?? live) - pressed,
    live: live - pressed,
  };
}

function mark(panel: Frame, name: string): Promise<number> {
  return poll(`the mark ${name}`, () => marked(panel, name), 120_000, 20);
}

function marked(panel: Frame, name: string): Promise<number | undefined> {
  return panel.evaluate(wanted => {
    const found = performance.getEntriesByName(`equation-lens:${wanted}`).at(-1);
    return found && performance.timeOrigin + found.startTime;
  }, name);
}

async function close(workbench: Workbench): Promise<void> {
  const tab = workbench.page.locator('.part.editor .tab', { hasText: 'QKV attention' }).first();
  await tab.hover();
  await tab.locator('.tab-actions .action-label').first().click();
  await poll('the panel to close', async () => {
    const shown = await Promise.all(
      workbench.page.frames().map(frame => frame.$('main[data-entry]').catch(() => null)),
    );
    return shown.every(it => it === null);
  });
  await workbench.page.locator('.part.editor .view-lines').first().click();
}

/** Moves the slider of the places to and fro; the time until the numbers are painted. */
async function slide(panel: Frame): Promise<number[]> {
  return panel.evaluate(async rounds => {
    const sliders = [...document.querySelectorAll<HTMLInputElement>('.controls input[type="range"]')];
    const slider = sliders.at(-2)!;
    const name = 'equation-lens:numbers:wasm';
    const taken: number[] = [];
    const start = Number(slider.value);
    for (let round = 0; round < rounds; round++) {
      const before = performance.getEntriesByName(name).at(-1)?.startTime ?? 0;
      const started = performance.now();
      slider.value = String(start + 1 + (round % 6));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      let painted = before;
      while (painted === before) {
        await new Promise(resolve => setTimeout(resolve, 1));
        painted = performance.getEntriesByName(name).at(-1)?.startTime ?? before;
      }
      taken.push(painted - started);
    }
    return taken;
  }, SLIDES);
}

/** A tab in front of the panel, and back: the page is loaded anew. */
async function backAgain(workbench: Workbench): Promise<BenchRow> {
  const taken: number[] = [];
  for (let round = 0; round < 5; round++) {
    await workbench.page.locator('.tab', { hasText: 'QKV attention' }).first().click();
    await workbench.openFile('silent.py');
    const started = Date.now();
    await workbench.page.locator('.tab', { hasText: 'QKV attention' }).first().click();
    const panel = await workbench.webview('main[data-entry]', 60_000);
    taken.push((await mark(panel, 'explained')) - started);
  }
  return {
    subject: ENTRY,
    measure: 'hidden panel → back',
    value: quantile(taken, 0.5),
    unit: 'ms',
    goal: 1000,
  };
}

async function firstNumbers(panel: Frame): Promise<void> {
  const engines = ['typescript', 'wasm'];
  await poll(
    'numbers',
    async () => (await Promise.all(engines.map(it => marked(panel, `numbers:${it}`)))).some(Boolean),
    120_000,
    20,
  );
}

async function memory(workbench: Workbench, session: Session): Promise<BenchRow[]> {
  const round = async () => {
    await workbench.goTo(LINE, COLUMN);
    await workbench.press('Shift+Alt+E');
    await firstNumbers(await workbench.webview('main[data-entry]', 60_000));
    await close(workbench);
  };
  for (let i = 0; i < 5; i++) await round();
  const before = { page: await heapOf(workbench.page), host: await hostMemory(session.server) };
  for (let i = 0; i < ROUNDS; i++) await round();
  const after = { page: await heapOf(workbench.page), host: await hostMemory(session.server) };
  const subject = `${ROUNDS} × open and close`;
  const workers = workbench.page.workers().filter(worker => worker.url().startsWith('blob:vscode-webview'));
  return [
    { subject, measure: 'workbench heap grown by', value: after.page - before.page, unit: 'MB', goal: 20 },
    { subject, measure: 'extension host grown by', value: after.host - before.host, unit: 'MB', goal: 40 },
    { subject, measure: 'workers left', value: workers.length, unit: '×', goal: 1 },
  ];
}

/** JavaScript heap of the workbench's page in MB, after a collection. */
async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  try {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  } finally {
    await devtools.detach();
  }
}
