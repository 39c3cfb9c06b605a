import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Atlas } from '../core/atlas/atlas.ts';
import type { Entry } from '../core/atlas/schema.ts';

/** Where an entry's upstream function stands in a folder of checkouts. */
export interface UpstreamPlace {
  readonly clone: string;
  readonly file: string;
}

/** The checkout is named after its repository: `open_clip`. Undefined without upstream function or checkout. */
export function upstreamPlace(atlas: Atlas, entry: Entry, checkouts: string): UpstreamPlace | undefined {
  const repo = entry.upstream?.repo ?? atlas.packOf(entry.id)?.upstream?.repo;
  if (!entry.upstream || !repo) return undefined;
  const clone = join(checkouts, repo.slice(repo.lastIndexOf('/') + 1));
  const file = join(clone, entry.upstream.path);
  return existsSync(file) ? { clone, file } : undefined;
}
