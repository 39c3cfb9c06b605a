import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SourceDocument, SourceProvider } from '../core/sources.ts';
import { MAX_FILE_SIZE } from './findPythonFiles.ts';

/** Sources read from the disk; uris are `file:` URLs. */
export class DiskSources implements SourceProvider {
  /** @param root nothing outside this folder is read, where given */
  constructor(private readonly root?: string) {}

  async read(base: string, path: string): Promise<SourceDocument | undefined> {
    if (!base.startsWith('file:')) return undefined;
    const file = resolve(dirname(fileURLToPath(base)), path);
    if (this.root !== undefined && !file.startsWith(resolve(this.root))) return undefined;
    return readSource(file);
  }
}

/** A file of the disk as a source; undefined where it cannot be read or is too large. */
export async function readSource(file: string): Promise<SourceDocument | undefined> {
  try {
    const { size, mtimeMs } = await stat(file);
    if (size > MAX_FILE_SIZE) return undefined;
    const text = await readFile(file, 'utf8');
    return { uri: pathToFileURL(file).href, version: `${mtimeMs}:${size}`, path: file, text };
  } catch {
    return undefined;
  }
}
