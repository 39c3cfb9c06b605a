import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of TypeScript with its path below the repository. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below the folders. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
      .map(path => ({ path, text: readFileSync(path, 'utf8') })),
  );
}

/** What a file imports, static and dynamic; relative ones resolved to a path below the repository. */
export function importsOf(file: SourceFile): string[] {
  const specifiers = [...file.text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    match => match[1] as string,
  );
  const folder = file.path.split('/').slice(0, -1).join('/');
  return specifiers.map(specifier =>
    specifier.startsWith('.') ? join(folder, specifier).replaceAll('\\', '/') : specifier,
  );
}
