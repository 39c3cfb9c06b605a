import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Atlas } from '../core/atlas/atlas.ts';
import type { Entry } from '../core/atlas/schema.ts';
import { makeTracer } from '../core/minis/makeTracer.ts';
import { miniSource } from '../core/minis/miniSource.ts';
import { readSafetensors } from '../core/minis/readSafetensors.ts';
import { RememberedAlignments } from '../core/minis/rememberedAlignments.ts';
import { RememberedTensors } from '../core/minis/rememberedTensors.ts';
import type { RunnableEntry } from '../core/minis/runSpec.ts';
import type { CodeSource, RunSource } from '../core/minis/traceEntry.ts';
import type { PythonParser } from '../core/python/pythonParser.ts';
import type { TensorData } from '../core/trace/graph/data.ts';
import type { Tracer } from '../core/trace/tracer.ts';
import { ownMiniOnDisk } from './ownMiniOnDisk.ts';
import { readMinis } from './readMinis.ts';
import { readPylib } from './readPylib.ts';
import { diskTraceSources } from './traceSources.ts';

/** `packs/weights` of a source checkout. */
const WEIGHTS_FOLDER = fileURLToPath(new URL('../../packs/weights', import.meta.url));

/** Everything that runs need in Node: atlas, tracer, reference modules, trained weights, and files of the reader's. */
export class Workbench {
  readonly atlas: Atlas;
  readonly parser: PythonParser;
  readonly tracer: Tracer;
  readonly weightsFolder: string;
  readonly #minis: Readonly<Record<string, string>>;
  /** Makes the weights and inputs of runs. */
  readonly tensors = new RememberedTensors();
  readonly #alignments = new RememberedAlignments();
  readonly #folders: ReadonlyMap<string, string>;
  readonly #weights = new Map<string, ReadonlyMap<string, TensorData>>();

  /**
   * @param built a built `dist/`; a source checkout's own files where absent
   * @param folders of the reader's packs, by entry: their minis are read from there
   */
  constructor(
    atlas: Atlas,
    parser: PythonParser,
    built?: string,
    folders: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#folders = folders;
    this.atlas = atlas;
    this.parser = parser;
    const json = (name: string) =>
      JSON.parse(readFileSync(join(built as string, name), 'utf8')) as Record<string, string>;
    const fromDist = built !== undefined && existsSync(join(built, 'minis.json'));
    this.#minis = fromDist ? json('minis.json') : readMinis();
    const pylib = fromDist ? new Map(Object.entries(json('pylib.json'))) : readPylib();
    this.weightsFolder = fromDist ? join(built, 'weights') : WEIGHTS_FOLDER;
    this.tracer = makeTracer(parser, pylib, () => performance.now());
  }

  /** Our reference module of an entry. */
  mini(entry: Entry): CodeSource {
    if (!entry.mini) throw new Error(`${entry.id} has no mini`);
    const system = this.atlas.packOf(entry.id)?.system ?? '';
    const source = miniSource(entry as RunnableEntry, system, this.#minis, this.parser);
    return { ...source, align: this.#alignments.align };
  }

  /**
   * What runs for an entry without a file of code: our reference module, or the mini of the reader's pack.
   * @throws Error with one sentence when the reader's cannot be used
   */
  runnable(entry: RunnableEntry): RunSource {
    const folder = this.#folders.get(entry.id);
    return folder === undefined ? this.mini(entry) : ownMiniOnDisk(entry, folder, this.parser);
  }

  /**
   * A file of the reader's.
   * @param file on disk
   * @param roots folders below which imports are looked for
   * @param qualname of the function; upstream's where absent
   */
  screen(file: string, roots: readonly string[], qualname?: string): CodeSource {
    const path = resolve(file);
    return {
      kind: 'screen',
      path: path.split(sep).join('/'),
      sources: diskTraceSources(roots),
      outline: this.parser.outline(readFileSync(path, 'utf8')),
      align: this.#alignments.align,
      ...(qualname === undefined ? {} : { qualname }),
    };
  }

  /** Trained weights by their file's name without ending: `clip`. */
  weights(name: string): ReadonlyMap<string, TensorData> {
    let weights = this.#weights.get(name);
    if (!weights) {
      weights = readSafetensors(readFileSync(join(this.weightsFolder, `${name}.safetensors`)));
      this.#weights.set(name, weights);
    }
    return weights;
  }

  /** A JSON file beside the trained weights: `glide.config.json`, `prompts.json`. */
  weightsJson(file: string): unknown {
    return JSON.parse(readFileSync(join(this.weightsFolder, file), 'utf8'));
  }
}

/**
 * Folders below which a file's imports are looked for: the given clone and its `src`, the folder that holds the file's topmost
 * package, and what is left of its path when it ends like the entry's upstream file.
 */
export function importRoots(file: string, clone?: string, upstreamPath?: string): string[] {
  const path = resolve(file).split(sep).join('/');
  const roots: string[] = [];
  if (clone !== undefined) roots.push(resolve(clone), join(resolve(clone), 'src'));
  if (upstreamPath !== undefined && path.endsWith(`/${upstreamPath}`)) {
    const root = path.slice(0, -upstreamPath.length - 1);
    roots.push(root, `${root}/src`);
  }
  let folder = dirname(path);
  for (let level = 0; level < 6 && existsSync(join(folder, '__init__.py')); level++) folder = dirname(folder);
  roots.push(folder);
  return [...new Set(roots)].filter(root => existsSync(root));
}
