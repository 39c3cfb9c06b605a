import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** How a browser is wanted. */
export interface BrowserOptions {
  /** Offer WebGPU (on SwiftShader where there is no GPU). Without it `requestAdapter()` gives null. */
  readonly webgpu?: boolean;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser that the tests drive: `EQUATION_LENS_CHROMIUM`, else a Chromium or Chrome on this machine. */
export function findChromium(): string | undefined {
  const own = process.env.EQUATION_LENS_CHROMIUM;
  if (own) return own;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(name => join(folder, name)));
  return [...onPath, ...fixedPlaces].find(existsSync);
}

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const gpu = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'];

/** @throws Error naming what to install when no browser is found. */
export function launchChromium(options: BrowserOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      'No Chromium or Chrome was found: install one (Debian: `apt-get install chromium`) or name it in EQUATION_LENS_CHROMIUM.',
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: options.webgpu ? [...quiet, ...gpu] : quiet,
  });
}
