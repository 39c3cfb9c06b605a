/**
 * Where the tracer reads the reader's Python from. Paths are absolute, with `/`; synchronous, because an `import` in the
 * middle of a run cannot wait: preload texts (`sourcesFromMap`) or read the disk in Node (`src/node/diskSources.ts`).
 */
export interface SourceProvider {
  /** Text of a file, or `undefined` when there is none (directories included). */
  read(path: string): string | undefined;
  /**
   * Folders at which absolute imports start, beside the folders around the importing file. Nothing outside of these
   * folders is looked at.
   */
  readonly roots: readonly string[];
}

/** A provider over texts that are already there. */
export function sourcesFromMap(files: ReadonlyMap<string, string>, roots: readonly string[]): SourceProvider {
  return { read: path => files.get(path), roots };
}
