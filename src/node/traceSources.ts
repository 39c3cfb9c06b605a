import { readFileSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { SourceProvider } from '../core/trace/sourceProvider.ts';

/** Larger files are no model code. */
const largest = 4_000_000;

/** The reader's files for the tracer, read when imported; nothing outside the roots. Paths with `/`. */
export function diskTraceSources(roots: readonly string[]): SourceProvider {
  const absolute = roots.map(root => slashes(resolve(root)));
  return {
    roots: absolute,
    read(path) {
      if (!absolute.some(root => path.startsWith(`${root}/`))) return undefined;
      try {
        const facts = statSync(path);
        return facts.isFile() && facts.size <= largest ? readFileSync(path, 'utf8') : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
