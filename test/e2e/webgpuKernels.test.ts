import { strict as assert } from 'node:assert';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { operators } from '../../src/core/onnx/operators.ts';
import { launchChromium } from '../harness/chromium.ts';
import { repoRoot } from '../harness/paths.ts';
import type { GpuReport } from '../harness/webgpuPage.ts';
import { applications } from '../unit/onnx/applications.ts';

const seed = 20_261_123;

describe('operators on WebGPU', () => {
  let browser: Browser;
  let server: Server;
  let reports: GpuReport[];

  before(async function () {
    this.timeout(300_000);
    const bundle = await build({
      entryPoints: [join(repoRoot, 'test/harness/webgpuPage.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
    });
    const script = bundle.outputFiles[0]!.text;
    server = createServer((request, response) => {
      const path = (request.url ?? '/').split('?')[0]!;
      if (path === '/')
        return response
          .setHeader('content-type', 'text/html')
          .end('<script type="module" src="/page.js"></script>');
      if (path === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script);
      const file = join(repoRoot, 'node_modules/onnxruntime-web/dist', path.replace('/ort/', ''));
      if (!path.startsWith('/ort/') || !existsSync(file)) return response.writeHead(404).end();
      response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      return createReadStream(file).pipe(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium({ webgpu: true });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('typeof compareOnGpu === "function"');
    const drawn = fc.sample(fc.tuple(...applications), { numRuns: 1, seed })[0]!;
    reports = await page.evaluate(
      list =>
        (globalThis as unknown as { compareOnGpu(l: typeof list): Promise<GpuReport[]> }).compareOnGpu(list),
      drawn,
    );
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  it('give the numbers of the TypeScript kernels', () => {
    const wrong = reports.filter(r => r.error !== undefined || r.difference > 5e-5);
    assert.deepEqual(wrong, [], `seed ${seed}`);
  });

  it('run on the GPU where the operator table says so', () => {
    const floats = reports.filter(
      r => !/int64|bool/.test(r.types) || /^(Where|Gather|GatherElements|GatherND)$/.test(r.op),
    );
    const ran = new Map<string, boolean>();
    // A Reshape moves nothing, so there is nothing to dispatch.
    for (const r of floats.filter(f => f.op !== 'Reshape'))
      ran.set(r.op, (ran.get(r.op) ?? false) || r.dispatches > 0);
    const told = [...ran].map(([op, gpu]) => [op, gpu, operators.get(op)!.webgpu] as const);
    assert.deepEqual(
      told.filter(([, gpu, table]) => gpu !== table),
      [],
      'operator, dispatched, table',
    );
    assert.ok(reports.reduce((n, r) => n + r.dispatches, 0) > 20, 'the GPU was used');
  });
});
