import 'mocha/mocha.js';
import * as vscode from 'vscode';
import type { HostKind } from './bundleHostTests.ts';

/** What a run in an extension host leaves behind as `out/host/<kind>.json`. */
export interface HostReport {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly { title: string; milliseconds: number; error?: string }[];
}

/**
 * Runs mocha inside this extension host and writes the report beside the extension.
 * @param load defines the suites.
 * @throws Error when a test failed, which VS Code turns into its exit code.
 */
export async function runMocha(kind: HostKind, load: () => Promise<void>): Promise<void> {
  const browserMocha = (globalThis as unknown as { mocha: BrowserMocha }).mocha;
  browserMocha.setup({
    ui: 'bdd',
    reporter: class {},
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
  });
  await load();

  const tests: { title: string; milliseconds: number; error?: string }[] = [];
  const failed = await new Promise<number>(resolve => {
    const runner = withLocation(() => browserMocha.run(resolve));
    runner.on('pass', test => tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on('fail', (test, error) => {
      const text = error.stack ?? String(error);
      tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0, error: text });
    });
  });
  const report: HostReport = { passed: tests.filter(test => !test.error).length, failed, tests };
  await writeReport(kind, report);
  if (failed > 0) throw new Error(`${failed} host tests failed`);
}

/** Mocha's browser build reads the page's address when it starts; Node has none. */
function withLocation<T>(start: () => T): T {
  const scope = globalThis as { location?: unknown };
  if (scope.location) return start();
  scope.location = { search: '' };
  try {
    return start();
  } finally {
    delete scope.location;
  }
}

/** First under another name: whoever waits for the report must not read half of it. */
async function writeReport(kind: HostKind, report: HostReport): Promise<void> {
  const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
  if (!extension) throw new Error('Equation Lens is not loaded.');
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'out', 'host');
  const temporary = vscode.Uri.joinPath(folder, `${kind}.json.new`);
  await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(JSON.stringify(report, null, 1)));
  await vscode.workspace.fs.rename(temporary, vscode.Uri.joinPath(folder, `${kind}.json`), {
    overwrite: true,
  });
}

/** What of mocha's browser build is used; it runs in Node as well, so that both hosts share one way. */
interface BrowserMocha {
  setup(options: object): void;
  run(done: (failures: number) => void): {
    on(event: 'pass', listener: (test: Mocha.Test) => void): void;
    on(event: 'fail', listener: (test: Mocha.Test, error: Error) => void): void;
  };
}
