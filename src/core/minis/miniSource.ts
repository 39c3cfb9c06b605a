import type { Outliner } from '../python/rememberedOutlines.ts';
import type { RunnableEntry } from './runSpec.ts';
import type { CodeSource } from './traceEntry.ts';

/** Where our reference modules stand in the tracer's file system. */
const ROOT = '/packs';

/**
 * Our reference module of an entry as a source.
 * @param system folder of the pack: `glide`
 * @param files path below `packs/` → text, all packs
 * @throws Error when the pack's module is not among the files
 */
export function miniSource(
  entry: RunnableEntry,
  system: string,
  files: Readonly<Record<string, string>>,
  outliner: Outliner,
): CodeSource {
  const key = normalized(`${system}/${entry.mini.file}`);
  const text = files[key];
  if (text === undefined) throw new Error(`the module ${key} of ${entry.id} is missing`);
  const path = `${ROOT}/${key}`;
  const folder = path.slice(0, path.lastIndexOf('/'));
  return {
    kind: 'mini',
    path,
    sources: {
      roots: [folder, `${ROOT}/${system}`],
      read: wanted => (wanted.startsWith(`${ROOT}/`) ? files[wanted.slice(ROOT.length + 1)] : undefined),
    },
    outline: outliner.outline(text),
  };
}

/** A pack may run another one's module: `imagic/../glide/mini/unet.py` is `glide/mini/unet.py`. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
