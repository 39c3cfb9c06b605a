import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repoRoot } from '../harness/paths.ts';
import { poll } from '../harness/poll.ts';
import { Session } from '../harness/session.ts';

/**
 * Runs a module of this folder in the extension host of a VS Code that has `folder` open; its `run()` reads the task and writes the
 * measurements (see `hostFiles.ts`).
 * @throws Error with the extension host's last words when it fails.
 */
export async function runInHost<T>(module: string, task: unknown, folder: string): Promise<T> {
  const out = join(repoRoot, 'out', 'bench');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'task.json'), JSON.stringify(task));
  const tests = join(out, 'bench.cjs');
  await build({
    entryPoints: [join(repoRoot, 'test', 'bench', module)],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
  const session = await Session.start();
  try {
    const page = await session.newPage();
    const log: string[] = [];
    let exit: number | undefined;
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      exit = code;
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      log.push(args.join(' '));
    });
    await page.goto(session.server.url({ folder, extension: repoRoot, tests }));
    await poll('the measurements', async () => exit !== undefined, 300_000, 300);
    if (exit !== 0) throw new Error(log.slice(-10).join('\n'));
    return JSON.parse(await readFile(join(out, 'measures.json'), 'utf8')) as T;
  } finally {
    await session.stop();
  }
}
