import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './runCommand.ts';
import { type ServerVersion, serverPackage } from './serverPackage.ts';

/** How a server is wanted. */
export interface ServerOptions {
  /** Display language of the extension host. */
  readonly locale?: 'en' | 'ja';
  /** User settings besides the quiet ones of {@link quietSettings}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** VSIX files to install. */
  readonly vsix?: readonly string[];
  /** Run the extension of this repository in the browser's extension host instead of the server's. */
  readonly webHost?: boolean;
  /** Ask the reader whether a folder is trusted; off by default. */
  readonly workspaceTrust?: boolean;
  /** Where to keep settings and state; a fresh temporary folder, removed on {@link VscodeServer.stop}, by default. */
  readonly home?: string;
  /** Leave settings alone that are there already. */
  readonly keepSettings?: boolean;
  readonly port?: number;
  /** The oldest VS Code that the extension runs in, by default. */
  readonly version?: ServerVersion;
  readonly say?: (line: string) => void;
}

/** What a page opened on a server shows. */
export interface PageAddress {
  /** Folder or `.code-workspace` file to open. */
  readonly folder: string;
  /** Folder of an extension under development. */
  readonly extension?: string;
  /** File to open at first. */
  readonly file?: string;
  /** Module whose `run()` is called in the extension host. */
  readonly tests?: string;
}

/** Settings that keep a workbench under test from showing or fetching anything of its own. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'editor.accessibilitySupport': 'off',
  'window.commandCenter': false,
};

/** A running VS Code server with its own settings, extensions and state. */
export class VscodeServer {
  readonly port: number;
  /** Folder with the server's settings, extensions and logs. */
  readonly home: string;
  readonly #child: ChildProcess;
  readonly #ownsHome: boolean;
  readonly #killAtExit = () => this.#signal('SIGKILL');

  private constructor(port: number, home: string, child: ChildProcess, ownsHome: boolean) {
    this.port = port;
    this.home = home;
    this.#child = child;
    this.#ownsHome = ownsHome;
    process.once('exit', this.#killAtExit);
  }

  /**
   * Starts a server and waits until it answers.
   * @throws Error with the end of its log when it does not within a minute.
   */
  static async start(options: ServerOptions = {}): Promise<VscodeServer> {
    const server = await serverPackage(options.say ?? (() => {}), options.version);
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'equation-lens-vscode-')));
    const port = options.port ?? (await freePort());
    const user = join(home, 'ud', 'User');
    await mkdir(user, { recursive: true });
    // The payload's `extensionDevelopmentKind` does nothing in a browser; this setting does.
    const host = options.webHost
      ? { 'remote.extensionKind': { 'equation-lens.equation-lens': ['web'] } }
      : {};
    const settings = { ...quietSettings, ...host, ...options.settings };
    const settingsFile = join(user, 'settings.json');
    if (!(options.keepSettings && existsSync(settingsFile)))
      await writeFile(settingsFile, JSON.stringify(settings, null, 2));
    if (options.locale === 'ja') await installJapanese(join(home, 'ud'));

    const main = join(server.root, 'out', 'server-main.js');
    const places = [
      ...['--server-data-dir', join(home, 'data')],
      ...['--user-data-dir', join(home, 'ud')],
      ...['--extensions-dir', join(home, 'ext')],
    ];
    for (const vsix of options.vsix ?? []) {
      await mustRun(server.node, [
        main,
        ...places,
        '--accept-server-license-terms',
        '--install-extension',
        vsix,
      ]);
    }
    const args = [
      main,
      ...['--host', '127.0.0.1', '--port', String(port)],
      '--without-connection-token',
      '--accept-server-license-terms',
      ...places,
      ...['--telemetry-level', 'off'],
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      '--disable-getting-started-override',
      ...(options.locale === 'ja' ? ['--locale', 'ja'] : []),
      // Should this process die without a word, the server ends itself five minutes later.
      ...(options.keepSettings ? [] : ['--enable-remote-auto-shutdown']),
    ];
    // Detached: the server starts processes of its own, which only the process group reaches.
    const child = spawn(server.node, args, {
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const keep = (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const running = new VscodeServer(port, home, child, options.home === undefined);
    try {
      await running.#untilReady();
    } catch (error) {
      await running.stop();
      throw new Error(`The VS Code server did not start: ${(error as Error).message}\n${log}`);
    }
    return running;
  }

  /** The server's process; the extension host is one of its children. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The address of a workbench on this server. */
  url(address: PageAddress): string {
    const remote = (path: string) => `vscode-remote://127.0.0.1:${this.port}${encodePath(path)}`;
    const payload: [string, string][] = [];
    if (address.extension) payload.push(['extensionDevelopmentPath', remote(address.extension)]);
    if (address.tests) payload.push(['extensionTestsPath', remote(address.tests)]);
    if (address.file) payload.push(['openFile', remote(address.file)]);
    payload.push(['skipWelcome', 'true'], ['skipReleaseNotes', 'true']);
    const query = new URLSearchParams({
      [address.folder.endsWith('.code-workspace') ? 'workspace' : 'folder']: address.folder,
      payload: JSON.stringify(payload),
    });
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** The log that extension hosts of this server have written so far. */
  async log(name: string): Promise<string> {
    return readFile(join(this.home, 'data', 'logs', name), 'utf8').catch(() => '');
  }

  /** Ends the server and all it started, and removes its temporary files. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise<void>(resolve => this.#child.once('close', () => resolve()));
      this.#signal('SIGTERM');
      const hard = setTimeout(() => this.#signal('SIGKILL'), 3000);
      await ended;
      clearTimeout(hard);
    }
    process.off('exit', this.#killAtExit);
    if (this.#ownsHome) await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, signal);
    } catch {
      // Already gone.
    }
  }

  async #untilReady(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}`);
      const answer = await fetch(`http://127.0.0.1:${this.port}/version`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error('it did not answer within a minute');
  }
}

/** A display language is "installed" when this file names a translation, even an empty one. */
async function installJapanese(userData: string): Promise<void> {
  const translation = join(userData, 'ja.json');
  await writeFile(translation, JSON.stringify({ version: '1.0.0', contents: {} }));
  const packs = {
    ja: {
      hash: 'equation-lens-test',
      extensions: [{ extensionIdentifier: { id: 'equation-lens-test.ja' }, version: '1.0.0' }],
      translations: { vscode: translation },
      label: '日本語',
    },
  };
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify(packs));
}

function encodePath(path: string): string {
  const posix = path.replaceAll('\\', '/');
  return encodeURI(posix.startsWith('/') ? posix : `/${posix}`);
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
