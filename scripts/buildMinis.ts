import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * What running needs beside the atlas: our reference modules (`minis.json`, path below `packs/` → text), the trained weights and the
 * golden cases of the panel's upstream check.
 */
export function buildMinis(dist: string): void {
  const files: Record<string, string> = {};
  for (const entry of readdirSync('packs', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative('packs', path).split(sep).join('/')] = readFileSync(path, 'utf8');
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(dist, 'minis.json'), JSON.stringify(sorted));
  mkdirSync(join(dist, 'weights'), { recursive: true });
  for (const file of readdirSync('packs/weights')) {
    if (file.endsWith('.safetensors') || file.endsWith('.json')) {
      cpSync(join('packs/weights', file), join(dist, 'weights', file));
    }
  }
  mkdirSync(join(dist, 'goldens'), { recursive: true });
  for (const file of readdirSync('test/fixtures/goldens')) {
    if (file.endsWith('.json')) writeFileSync(join(dist, 'goldens', file), slim(file));
  }
}

/**
 * Seven digits tell upstream's numbers from wrong ones (the tolerance is 2e-5). Inputs that are made by rule are made again; the
 * first values of weights made by rule are not needed.
 */
function slim(file: string): string {
  const golden = JSON.parse(readFileSync(join('test/fixtures/goldens', file), 'utf8')) as {
    inputs: { rule?: string; vocab?: number; values?: unknown }[];
  };
  for (const input of golden.inputs) {
    const made = input.rule !== 'explicit' && (input.rule !== 'token' || input.vocab !== undefined);
    if (input.rule !== undefined && made) delete input.values;
  }
  return JSON.stringify(golden, (key, value: unknown) => {
    if (key === 'head' || key === 'notes' || key === 'file_sha256') return undefined;
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value;
  });
}
