import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new folder, filled with a copy of `from` when given: tests edit files and change settings there. */
export async function temporaryFolder(from?: string): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'equation-lens-')));
  if (from) await cp(from, path, { recursive: true });
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 }) };
}
