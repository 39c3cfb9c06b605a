import { readdir, readFile } from 'node:fs/promises';
import type { VscodeServer } from '../harness/vscodeServer.ts';

/**
 * Resident memory of a server's extension host in MB. Reads Linux's `/proc`.
 * @throws Error when there is no extension host, or no `/proc`
 */
export async function hostMemory(server: VscodeServer): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [command, status] = await Promise.all(
      ['cmdline', 'status'].map(file => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    if (!command?.includes('--type=extensionHost') || !status) continue;
    if (!(await descends(Number(name), server.pid))) continue;
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    if (resident !== undefined) return Number(resident) / 1000;
  }
  throw new Error('the extension host of the server was not found');
}

async function descends(pid: number, ancestor: number | undefined): Promise<boolean> {
  for (let current = pid; current > 1; ) {
    if (current === ancestor) return true;
    const status = await readFile(`/proc/${current}/status`, 'utf8').catch(() => '');
    current = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return false;
}
