/** Packages that are never part of a reader's workspace: looking for them would only cost file accesses. */
const FOREIGN = new Set([
  'torch',
  'numpy',
  'math',
  'typing',
  'einops',
  'torchvision',
  'os',
  'sys',
  're',
  'json',
  'functools',
  'itertools',
  'collections',
  'dataclasses',
  'copy',
  'random',
  'time',
  'pathlib',
  'warnings',
  'logging',
  'abc',
  'enum',
  'contextlib',
  'inspect',
  'io',
  'PIL',
  'scipy',
  'pandas',
  'matplotlib',
  'tqdm',
  'tensorflow',
  'jax',
  'flax',
  '__future__',
  'pytest',
  'unittest',
  'yaml',
  'huggingface_hub',
  'beartype',
  'kornia',
  'regex',
  'ftfy',
  'requests',
  'hashlib',
  'importlib',
  'subprocess',
  'types',
  'string',
]);

/** How far up an absolute import may start: `scripts/eval/x.py` imports `models.vit` of the repository's root. */
const LEVELS = 5;

/**
 * Files that an import may mean, likeliest first, relative to the importing file's folder.
 * @param module as written, leading dots kept
 */
export function moduleCandidates(module: string): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const path = module.slice(dots).split('.').filter(Boolean).join('/');
  if (dots > 0) {
    const up = dots === 1 ? './' : '../'.repeat(dots - 1);
    return path ? [`${up}${path}.py`, `${up}${path}/__init__.py`] : [`${up}__init__.py`];
  }
  if (!path || FOREIGN.has(path.split('/')[0] ?? '')) return [];
  const candidates: string[] = [];
  for (let level = 0; level <= LEVELS; level++) {
    const up = level === 0 ? './' : '../'.repeat(level);
    candidates.push(`${up}${path}.py`, `${up}${path}/__init__.py`);
    if (level > 0) candidates.push(`${up}src/${path}.py`, `${up}src/${path}/__init__.py`);
  }
  return candidates;
}
