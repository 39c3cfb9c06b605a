import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loadAtlas } from '../../src/core/atlas/loadAtlas.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { traceEntry } from '../../src/core/minis/traceEntry.ts';
import { exportModel, feedName } from '../../src/core/onnx/exportModel.ts';
import { loadPythonParser } from '../../src/node/loadPythonParser.ts';
import { readPackFolders } from '../../src/node/readPackFolders.ts';
import { Workbench } from '../../src/node/workbench.ts';
import { repoRoot } from '../harness/paths.ts';

/** onnxruntime-web's builds with WebGPU: the one its own pages tell of, and the smaller one for browsers that can suspend WebAssembly. */
export type OrtBuild = 'webgpu' | 'jspi';

/** The page: onnxruntime-web and a ready-made model, nothing else. */
const SCRIPT = `
const query = new URLSearchParams(location.search);
const provider = query.get('provider');
const build = query.get('build');
const ort = await import('/ort/ort.' + build + '.bundle.min.mjs');
ort.env.wasm.numThreads = 1;
const wasm = build === 'jspi' ? 'jspi' : 'asyncify';
ort.env.wasm.wasmPaths = { wasm: '/ort/ort-wasm-simd-threaded.' + wasm + '.wasm' };
ort.env.logLevel = 'error';
const { model, feeds, outputs } = await (await fetch('/model.json')).json();
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const session = await ort.InferenceSession.create(bytes(model), { executionProviders: [provider], logSeverityLevel: 3 });
const tensors = {};
for (const { name, dims, values } of feeds) tensors[name] = new ort.Tensor('float32', Float32Array.from(values), dims);
const results = await session.run(tensors, outputs);
for (const name of outputs) await results[name].getData();
document.body.dataset.done = String(performance.timeOrigin + performance.now());
`;

/** What a reader without us would write: a page that runs the graph of one entry with bare onnxruntime-web. */
export class BareOrtPage {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param entryId an entry whose inputs and weights are all float32 */
  static async serve(entryId: string): Promise<BareOrtPage> {
    const model = await modelOf(entryId);
    const server = createServer((request, response) => {
      const path = (request.url ?? '/').split('?')[0]!;
      if (path === '/') {
        return response
          .setHeader('content-type', 'text/html')
          .end(`<body><script type="module">${SCRIPT}</script>`);
      }
      if (path === '/model.json') return response.setHeader('content-type', 'application/json').end(model);
      const file = join(repoRoot, 'node_modules/onnxruntime-web/dist', path.replace('/ort/', ''));
      if (!path.startsWith('/ort/') || !existsSync(file)) return response.writeHead(404).end();
      response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      return createReadStream(file).pipe(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new BareOrtPage(server);
  }

  /** Milliseconds from the start of the navigation to the first numbers, in a page of its own. */
  async firstNumbers(browser: Browser, provider: 'wasm' | 'webgpu', build: OrtBuild): Promise<number> {
    const { port } = this.#server.address() as AddressInfo;
    const page = await browser.newPage();
    try {
      const started = Date.now();
      await page.goto(`http://127.0.0.1:${port}/?provider=${provider}&build=${build}`);
      await page.locator('body[data-done]').waitFor({ timeout: 120_000 });
      return Number(await page.locator('body').getAttribute('data-done')) - started;
    } finally {
      await page.close();
    }
  }

  close(): void {
    this.#server.close();
  }
}

async function modelOf(entryId: string): Promise<string> {
  const bench = new Workbench(loadAtlas(await readPackFolders()).atlas, await loadPythonParser());
  const entry = bench.atlas.entry(entryId)!;
  const outcome = traceEntry(bench.tracer, bench.mini(entry), makeRunSpec(entry, {}));
  bench.parser.dispose();
  if (!outcome.ok) throw new Error(`${entryId}: ${outcome.failure.message}`);
  const { outputs, session } = outcome.value;
  const model = exportModel(outputs.map(output => output.value));
  const feeds = model.inputs.flatMap(({ origin, shape }) => {
    if (origin.kind !== 'input' && origin.kind !== 'parameter') return [];
    return [{ name: feedName(origin.name), dims: shape, values: [...session.feeds.get(origin.name)!.data] }];
  });
  return JSON.stringify({
    model: Buffer.from(model.bytes).toString('base64'),
    feeds,
    outputs: [...new Set(model.outputs.filter(name => name !== ''))],
  });
}
