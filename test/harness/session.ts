import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type BrowserOptions, launchChromium } from './chromium.ts';
import { repoRoot } from './paths.ts';
import { type PageAddress, type ServerOptions, VscodeServer } from './vscodeServer.ts';
import { Workbench } from './workbench.ts';

/** What a session is made of. */
export interface SessionOptions extends ServerOptions, BrowserOptions {
  readonly viewport?: { width: number; height: number };
  /** Pixels per CSS pixel; pictures for the documentation use 2. */
  readonly scale?: number;
  /** Runs in every page and frame before its own scripts: makes the browser lack something. */
  readonly initScript?: string;
}

/** A VS Code server with a browser in front of it. */
export class Session {
  readonly server: VscodeServer;
  readonly browser: Browser;
  readonly #context: BrowserContext;

  private constructor(server: VscodeServer, browser: Browser, context: BrowserContext) {
    this.server = server;
    this.browser = browser;
    this.#context = context;
  }

  static async start(options: SessionOptions = {}): Promise<Session> {
    const server = await VscodeServer.start(options);
    try {
      const browser = await launchChromium(options);
      const context = await browser.newContext({
        viewport: options.viewport ?? { width: 1280, height: 900 },
        deviceScaleFactor: options.scale ?? 1,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      if (options.initScript) await context.addInitScript(options.initScript);
      return new Session(server, browser, context);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** An empty page, for those who must prepare it before the workbench comes. */
  newPage(): Promise<Page> {
    return this.#context.newPage();
  }

  /** Opens a workbench with the extension of this repository, unless `address.extension` names another or is empty. */
  async open(address: PageAddress): Promise<Workbench> {
    const page = await this.newPage();
    const extension = address.extension ?? repoRoot;
    const { extension: _, ...rest } = address;
    await page.goto(this.server.url(extension ? { ...rest, extension } : rest));
    const workbench = new Workbench(page, address.folder);
    await workbench.ready();
    return workbench;
  }

  async stop(): Promise<void> {
    await this.browser.close().catch(() => {});
    await this.server.stop();
  }
}
