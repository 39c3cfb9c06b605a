import { existsSync } from 'node:fs';
import { findChromium } from './chromium.ts';
import { runCommand } from './runCommand.ts';

interface SystemPackage {
  /** Debian's name. */
  readonly name: string;
  readonly what: string;
  readonly present: () => boolean | Promise<boolean>;
}

const packages: readonly SystemPackage[] = [
  { name: 'chromium', what: 'a Chromium or Chrome browser', present: () => findChromium() !== undefined },
  { name: 'fonts-noto-cjk', what: 'a Japanese font', present: hasJapaneseFont },
];

async function hasJapaneseFont(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const listed = await runCommand('fc-list', [':lang=ja', 'family']);
  return listed.code === 0 && listed.output.trim() !== '';
}

/**
 * Sees to what the browser tests need of the machine: Debian as root gets it installed.
 * @throws Error naming what is missing and the command that installs it.
 */
export async function ensureSystemPackages(say: (line: string) => void): Promise<void> {
  const missing: SystemPackage[] = [];
  for (const item of packages) if (!(await item.present())) missing.push(item);
  if (missing.length === 0) return;

  const names = missing.map(item => item.name).join(' ');
  const command = `apt-get install -y --no-install-recommends ${names}`;
  const debian = existsSync('/etc/debian_version');
  if (debian && process.getuid?.() === 0) {
    say(`Installing ${names} with apt …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['update'], { env });
    const { code, output } = await runCommand('apt-get', command.split(' ').slice(1), { env });
    if (code === 0) return;
    throw new Error(`\`${command}\` failed:\n${output.trim().slice(-800)}`);
  }
  const whats = missing.map(item => item.what).join(' and ');
  throw new Error(
    debian
      ? `The browser tests need ${whats}: run \`sudo ${command}\`.`
      : `The browser tests need ${whats}: install it (or name the browser in EQUATION_LENS_CHROMIUM).`,
  );
}
