import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Typesetter } from '../../src/core/typeset/typesetter.ts';
import { repoRoot } from '../harness/paths.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';
import { type GeneratedPython, generatePython } from './generatePython.ts';
import type { HostMeasures, HostTask } from './hostBench.ts';
import type { HeapMeasures, HeapTask } from './hostHeap.ts';
import type { ReaderMeasures, ReaderTask } from './hostReader.ts';
import { LanguageServer } from './languageServer.ts';
import { type Bench, type BenchRow, quantile, warmRows } from './row.ts';
import { runInHost } from './runInHost.ts';

const rounds = 50;
const sizes = [3300, 400];
/** From the opened editor to a name takes a hand longer than this. */
const HAND_MS = 1000;

/** Hovers: ours in the extension host, pyright's language server and live MathJax in the same run. */
export const hoverBench: Bench = {
  name: 'hover',
  run: async say => {
    const files = Object.fromEntries(sizes.map(size => [`${size} lines`, generatePython(size)]));
    say('pyright, at its own door …');
    const pyright: Record<string, PyrightMeasures> = {};
    for (const [name, file] of Object.entries(files)) pyright[name] = await measurePyright(file);
    say('Equation Lens, in the extension host …');
    const host = await measureIn<HostMeasures>('hostBench.ts', { files, rounds });
    const heap = await measureIn<HeapMeasures>('hostHeap.ts', { files: Object.values(files) });
    const reader = await measureIn<ReaderMeasures>('hostReader.ts', {
      file: generatePython(sizes[0]!),
      pause: HAND_MS,
    });
    say('MathJax, live …');
    const mathjax = measureMathjax();

    const rows: BenchRow[] = [
      { subject: 'extension', measure: 'activation', value: host.activation, unit: 'ms', goal: 50 },
    ];
    for (const [subject, value] of Object.entries(host.othersActivation))
      rows.push({ subject, measure: 'activation', value, unit: 'ms' });
    for (const [name, measures] of Object.entries(host.files)) {
      const other = pyright[name] as PyrightMeasures;
      rows.push({ subject: name, measure: 'first hover', value: measures.first, unit: 'ms', goal: 120 });
      rows.push({ subject: name, measure: "first hover, pyright's", value: other.first, unit: 'ms' });
      const [p50, p95] = warmRows(name, 'warm hover', measures.warm) as [BenchRow, BenchRow];
      const theirs = quantile(other.warm, 0.95);
      rows.push(p50, { ...p95, goal: theirs, goalSource: "pyright's" });
      rows.push(...warmRows(name, "warm hover, pyright's", other.warm));
      rows.push(...warmRows(name, 'hover after an edit', measures.afterEdit));
      rows.push(...warmRows(name, 'hover through the workbench', measures.throughWorkbench));
      const silent = measures.found.filter(found => !found).length;
      // Two of the eight places have no equation; anything else means that something else was measured.
      if (silent !== 2)
        throw new Error(`${name}: ${silent} of ${measures.found.length} places gave no card, expected 2`);
    }
    rows.push({
      subject: '10 × 3300 lines',
      measure: 'first hover of a file, p50',
      value: quantile(host.firstOfTenFiles, 0.5),
      unit: 'ms',
      goal: 120,
    });
    // Above, the provider is asked at once and loads everything meanwhile; CodeLens has seen to that when a reader's hand arrives.
    rows.push({
      subject: `${sizes[0]} lines`,
      measure: 'first hover a second after the editor opened',
      value: reader.first,
      unit: 'ms',
    });
    rows.push(...warmRows('one equation', 'live MathJax', mathjax));
    const mb = (bytes: number) => bytes / 1e6;
    rows.push({
      subject: 'extension',
      measure: 'heap, two files',
      value: mb(heap.heapOfExtension),
      unit: 'MB',
    });
    rows.push({
      subject: '10 × 3300 lines',
      measure: 'heap',
      value: mb(heap.heapOfTenFiles),
      unit: 'MB',
      goal: 40,
    });
    rows.push({
      subject: '10 × 3300 lines',
      measure: "outside the heap (parser's trees)",
      value: mb(heap.outsideOfTenFiles),
      unit: 'MB',
    });
    // What activation loads, and what the first hover adds.
    for (const bundles of [['host/extension.cjs.js'], ['host/extension.cjs.js', 'lazy/createLens.cjs']]) {
      const sizes = await Promise.all(bundles.map(bundle => stat(join(repoRoot, 'dist', bundle))));
      const size = sizes.reduce((sum, it) => sum + it.size, 0);
      rows.push({
        subject: bundles.join(' + '),
        measure: 'size',
        value: size / 1000,
        unit: 'kB',
        goal: 1000,
      });
    }
    return rows;
  },
};

/** In an empty folder: nothing in it may activate the extension before the clock runs. */
async function measureIn<T>(module: string, task: HostTask | HeapTask | ReaderTask): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await runInHost<T>(module, task, folder.path);
  } finally {
    await folder.remove();
  }
}

interface PyrightMeasures {
  readonly first: number;
  readonly warm: readonly number[];
}

async function measurePyright(file: GeneratedPython): Promise<PyrightMeasures> {
  const folder = await temporaryFolder();
  const server = new LanguageServer(process.execPath, [
    join(repoRoot, 'node_modules', 'pyright', 'langserver.index.js'),
    '--stdio',
  ]);
  try {
    const rootUri = pathToFileURL(folder.path).href;
    await server.request('initialize', {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'bench' }],
      capabilities: {
        textDocument: { hover: { contentFormat: ['markdown'] } },
        workspace: { configuration: true, workspaceFolders: true },
      },
    });
    server.notify('initialized', {});
    const uri = `${rootUri}/unet.py`;
    const hover = (index: number) => {
      const place = file.places[index % file.places.length];
      const position = { line: place?.line, character: place?.character };
      return server.request('textDocument/hover', { textDocument: { uri }, position });
    };
    const opened = performance.now();
    server.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version: 1, text: file.text },
    });
    if (!(await hover(0))) throw new Error('pyright has no hover at the first place');
    const first = performance.now() - opened;
    for (let index = 0; index < file.places.length * 3; index++) await hover(index);
    const warm: number[] = [];
    for (let index = 0; index < file.places.length * rounds; index++) {
      const start = performance.now();
      await hover(index);
      warm.push(performance.now() - start);
    }
    return { first, warm };
  } finally {
    await server.stop();
    await folder.remove();
  }
}

/** Typesetting on demand the equation that our card brings along ready-made. */
function measureMathjax(): number[] {
  const chunk = createRequire(import.meta.url)(join(repoRoot, 'dist', 'lazy/typesetter.cjs')) as {
    Typesetter: new () => Typesetter;
  };
  const typesetter = new chunk.Typesetter();
  const tex = String.raw`A = \mathrm{softmax}\!\left(\frac{Q^{\mathsf{T}}\tilde{K}}{\sqrt{C}}\right) \in \mathbb{R}^{BH \times T \times (S+T)},\qquad \mathrm{out} = \tilde{V} A^{\mathsf{T}}`;
  const samples: number[] = [];
  for (let round = 0; round < rounds * 2; round++) {
    const start = performance.now();
    typesetter.typeset(tex, { display: true });
    samples.push(performance.now() - start);
  }
  return samples;
}
