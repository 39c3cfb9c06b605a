import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';
import { bundleHostTests, type HostKind } from './bundleHostTests.ts';
import type { HostReport } from './runMocha.ts';

const reportFile = (kind: HostKind) => join(repoRoot, 'out', 'host', `${kind}.json`);

/** What a VS Code server without its native modules and without a marketplace always complains about. */
const noise = /spdlog|watchdog|open-vsx|Could not locate the bindings file/;

/** A desktop VS Code can be fetched and shown here. */
async function desktopPossible(): Promise<boolean> {
  const wanted = process.env.EQUATION_LENS_VSCODE;
  if (wanted) return wanted === 'desktop';
  if (process.platform === 'linux' && !process.env.DISPLAY) return false;
  const answer = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
  return answer?.ok === true;
}

async function inDesktop(tests: string, folder: string): Promise<void> {
  await runTests({
    version: '1.100.3',
    extensionDevelopmentPath: repoRoot,
    extensionTestsPath: tests,
    launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust'],
  });
}

/** Runs the suites in an extension host of the VS Code server. @throws Error when it says nothing for three minutes. */
async function inServer(kind: HostKind, tests: string, folder: string): Promise<void> {
  const session = await Session.start({ webHost: kind === 'web', say: line => console.log(line) });
  try {
    const page = await session.newPage();
    let exit: number | undefined;
    const log: string[] = [];
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      exit = code;
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const line = args.join(' ');
      if (!noise.test(line)) log.push(line);
    });
    await page.goto(session.server.url({ folder, extension: repoRoot, tests }));
    const finished = `the ${kind} extension host to finish its tests`;
    await poll(finished, async () => exit !== undefined, 180_000, 200).catch(error => {
      throw new Error(`${(error as Error).message}\n${log.slice(-30).join('\n')}`);
    });
    if (!existsSync(reportFile(kind))) throw new Error(log.slice(-30).join('\n'));
  } finally {
    await session.stop();
  }
}

async function runHost(kind: HostKind): Promise<HostReport> {
  await rm(reportFile(kind), { force: true });
  await mkdir(join(repoRoot, 'out', 'host'), { recursive: true });
  const tests = await bundleHostTests(kind);
  const folder = await temporaryFolder(join(repoRoot, 'samples'));
  try {
    const desktop = kind === 'desktop' && (await desktopPossible());
    console.log(`${kind} extension host, in ${desktop ? 'desktop VS Code' : 'the VS Code server'}`);
    // A failing suite makes VS Code end badly; the report says which test it was.
    await (desktop ? inDesktop(tests, folder.path) : inServer(kind, tests, folder.path)).catch(error =>
      console.log((error as Error).message),
    );
    return JSON.parse(await readFile(reportFile(kind), 'utf8')) as HostReport;
  } catch (error) {
    const title = `the ${kind} extension host leaves a report`;
    return { passed: 0, failed: 1, tests: [{ title, milliseconds: 0, error: (error as Error).message }] };
  } finally {
    await folder.remove();
  }
}

const totals = { passed: 0, failed: 0 };
for (const kind of ['desktop', 'web'] as const) {
  const report = await runHost(kind);
  totals.passed += report.passed;
  totals.failed += report.failed;
  for (const test of report.tests) {
    console.log(`  ${test.error ? '✗' : '✔'} ${test.title} (${test.milliseconds} ms)`);
    if (test.error) console.log(test.error.replace(/^/gm, '      '));
  }
  console.log(`  ${report.passed} passing, ${report.failed} failing\n`);
}
const counts = process.env.EQUATION_LENS_COUNTS;
if (counts) await writeFile(counts, JSON.stringify(totals));
process.exit(totals.failed > 0 ? 1 : 0);
