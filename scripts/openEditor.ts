import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder, repoRoot } from '../test/harness/paths.ts';
import { runCommand } from '../test/harness/runCommand.ts';
import { freePort, VscodeServer } from '../test/harness/vscodeServer.ts';

/** The oldest VS Code that package.json allows. */
const oldest = [1, 100] as const;

/** Opens `folder` in desktop VS Code. @returns false where there is none, or none new enough, or it refuses to start. */
async function openDesktop(folder: string): Promise<boolean> {
  const version = await runCommand('code', ['--version']);
  const found = /^(\d+)\.(\d+)/.exec(version.output);
  if (version.code !== 0 || !found) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    console.log(
      `The \`code\` on the PATH is VS Code ${found[0]}; Equation Lens needs ${oldest.join('.')} or newer.`,
    );
    return false;
  }
  const opened = await runCommand(
    'code',
    [`--extensionDevelopmentPath=${repoRoot}`, '--new-window', folder],
    {
      echo: true,
    },
  );
  if (opened.code === 0) console.log(`VS Code is open on ${folder} with Equation Lens loaded.`);
  return opened.code === 0;
}

/** Serves VS Code to a browser until the reader presses Ctrl+C. */
async function openServer(folder: string): Promise<void> {
  const wanted = Number(process.env.PORT ?? 0);
  const server = await VscodeServer.start({
    home: join(cacheFolder(), 'start'),
    port: wanted || (await freePort()),
    workspaceTrust: true,
    keepSettings: true,
    say: line => console.log(line),
  });
  const url = server.url({ folder, extension: repoRoot });
  console.log(`\nVS Code with Equation Lens, on ${folder}:\n\n  ${url}\n\nPress Ctrl+C to end it.`);
  openInBrowser(url);
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await server.stop();
  process.exit(0);
}

/** Opens the address where there is a desktop; elsewhere the printed URL is the way. */
function openInBrowser(url: string): void {
  const desktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!desktop) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  spawn(command as string, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

const folder = process.argv[2] ?? join(repoRoot, 'samples');
if (process.argv.includes('--server') || !(await openDesktop(folder))) await openServer(folder);
