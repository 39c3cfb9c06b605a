import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { repoRoot } from './paths.ts';

/** A page with WebGPU that runs `webgpuPage.ts`; `served` are JSON bodies under `/served/<name>`. */
export class GpuPage {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(page: Page, browser: Browser, server: Server) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  static async open(served: (name: string) => string | undefined = () => undefined): Promise<GpuPage> {
    const bundle = await build({
      entryPoints: [join(repoRoot, 'test/harness/webgpuPage.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
    });
    const script = bundle.outputFiles[0]!.text;
    const server = createServer((request, response) => {
      const path = decodeURIComponent((request.url ?? '/').split('?')[0]!);
      if (path === '/')
        return response
          .setHeader('content-type', 'text/html')
          .end('<script type="module" src="/page.js"></script>');
      if (path === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script);
      const body = path.startsWith('/served/') ? served(path.slice(8)) : undefined;
      if (body !== undefined) return response.setHeader('content-type', 'application/json').end(body);
      const file = join(repoRoot, 'node_modules/onnxruntime-web/dist', path.replace('/ort/', ''));
      if (!path.startsWith('/ort/') || !existsSync(file)) return response.writeHead(404).end();
      response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      return createReadStream(file).pipe(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchChromium({ webgpu: true });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('typeof compareOnGpu === "function"');
    return new GpuPage(page, browser, server);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
