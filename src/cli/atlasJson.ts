import type { Atlas } from '../core/atlas/atlas.ts';
import type { Entry } from '../core/atlas/schema.ts';

/** What `atlas --json` prints; `docs/schemas/atlas.schema.json`. */
export function atlasJson(atlas: Atlas) {
  return atlas.entries.map(entry => entryJson(atlas, entry));
}

function entryJson(atlas: Atlas, entry: Entry) {
  const pack = atlas.packOf(entry.id);
  return {
    id: entry.id,
    system: pack?.system ?? '',
    title: entry.title,
    summary: entry.summary,
    exercises: entry.exercises,
    /** Null for entries without a function. */
    upstream: entry.upstream
      ? {
          repo: entry.upstream.repo ?? pack?.upstream?.repo ?? null,
          commit: entry.upstream.commit ?? pack?.upstream?.commit ?? null,
          path: entry.upstream.path,
          qualname: entry.upstream.qualname,
        }
      : null,
    equations: entry.equations.map(({ id, tex, spoken, text }) => ({ id, tex, spoken, text })),
    symbols: entry.symbols.map(({ tex, code, shape, meaning }) => ({
      tex,
      code,
      shape: shape ?? null,
      meaning,
    })),
    steps: entry.steps.map(({ id, equation }) => ({ id, equation })),
    differences: (entry.differences ?? []).map(({ id, text }) => ({ id, text })),
    variants: (entry.variants ?? []).map(({ id, text }) => ({ id, text })),
    /** Name of the mini's module, null where there is none. */
    mini: entry.mini?.file ?? null,
  };
}
