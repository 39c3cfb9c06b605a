import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Where downloads are kept between runs: `EQUATION_LENS_CACHE`, else the platform's cache folder. It lies outside the
 * repository so that a fresh clone on the same machine need not download the VS Code server again.
 */
export function cacheFolder(): string {
  const own = process.env.EQUATION_LENS_CACHE;
  if (own) return own;
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'equation-lens');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'equation-lens');
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'equation-lens');
}
