import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const source = 'src/core/trace/pylib';

/** Writes the Python stand-ins that the tracer interprets into `pylib.json`: module path (with `/`) → text. */
export function buildPylib(dist: string): void {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(source, path).split(sep).join('/')] = readFileSync(path, 'utf8');
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(dist, 'pylib.json'), JSON.stringify(sorted));
}
