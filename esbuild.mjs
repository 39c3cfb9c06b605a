// Builds everything that runs into dist/. `--watch` keeps rebuilding with source maps; without it the output is minified.
// `--clean` empties dist/ first.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import * as esbuild from 'esbuild';
import { tsImport } from 'tsx/esm/api';

const gzip = promisify(zlib.gzip);
const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);
const watch = process.argv.includes('--watch');

/** What the bundle that activation loads may weigh, minified; what is in dist/lazy is for those who need it. */
const hostLimit = 1_000_000;

/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? 'linked' : false,
  metafile: true,
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
};

/**
 * The web extension host has no Node; libraries that also run there ask for its modules behind a check.
 */
const nodeModulesOfLibraries = [
  'fs',
  'fs/promises',
  'module',
  'path',
  'url',
  'worker_threads',
  'os',
  'crypto',
];

/** @type {(esbuild.BuildOptions & { name: string; limit?: number })[]} */
const bundles = [
  {
    // Both extension hosts run this one file: the web host because package.json's `browser` names it, the Node host through
    // dist/extension.cjs (see writeNodeEntry). package.json says "type": "module", and newer VS Code takes a `browser` entry that ends in
    // .js for an ES module, which the web host refuses. An entry that ends in .cjs is CommonJS to every version, and the web host
    // appends .js: hence the name.
    name: 'extension hosts',
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/host/extension.cjs.js',
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
    // The web host is a worker: a library's browser build may want a document (micromark's decoding of `&amp;` does).
    conditions: ['worker', 'module'],
    limit: hostLimit,
  },
  ...lazyModules(),
  {
    name: 'command line',
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    platform: 'node',
    format: 'esm',
    // The command line is npm's: it finds ONNX Runtime and its wasm among its dependencies.
    external: ['onnxruntime-web', 'onnxruntime-web/*'],
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  },
  ...webviewBundles(),
];

/** Modules that the extension hosts load when they first need them (see `src/features/lazyModules.ts`). */
function lazyModules() {
  const modules = [
    // The parser and recognition: for the first hover.
    'src/core/createLens.ts',
    // Packs, notes and formulas of the reader's own.
    'src/core/atlas/checkPack.ts',
    'src/core/notes/noteText.ts',
    'src/core/solutions/importSolutions.ts',
    'src/core/typeset/typesetter.ts',
    // The panel's page, drawn before it is sent.
    'webview/firstPage.tsx',
  ];
  return modules.map(module => ({
    name: 'loaded when needed',
    entryPoints: [module],
    outfile: `dist/lazy/${parse(module).name}.cjs`,
    platform: 'browser',
    format: 'cjs',
    external: nodeModulesOfLibraries,
    conditions: ['worker', 'module'],
    // The place where web-tree-sitter would look for its wasm; it gets the bytes instead, but wants to see a URL.
    define: { ...common.define, 'import.meta.url': '"file:///"' },
  }));
}

/** The panel, two ES modules of the webview, and the workers in which it runs the minis. */
function webviewBundles() {
  const entries = [
    // The page's first script is small: it imports the rest while what the extension has drawn is already on screen.
    ['panel', 'webview/main.ts'],
    ['showPanel', 'webview/showPanel.tsx'],
    ['tracer', 'webview/tracerWorker.ts'],
    ['ort', 'webview/ortWorker.ts'],
    ['ortJspi', 'webview/ortJspiWorker.ts'],
  ];
  const modules = ['panel', 'showPanel'];
  return entries.map(([name, entry]) => ({
    name: `webview ${name}`,
    entryPoints: { [name]: entry },
    outdir: 'dist/webview',
    platform: 'browser',
    format: modules.includes(name) ? 'esm' : 'iife',
    define: { ...common.define, ...(modules.includes(name) ? {} : { 'import.meta.url': '"file:///"' }) },
    external: modules.includes(name) ? ['./showPanel.js'] : nodeModulesOfLibraries,
    // KaTeX's style sheet names its fonts three times; every webview reads woff2.
    loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
    assetNames: 'fonts/[name]',
  }));
}

/** Files that are copied as they are: [from, to below dist]. */
const assets = [
  ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'web-tree-sitter.wasm'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm', 'tree-sitter-python.wasm'],
];

/**
 * WebAssembly of the builds that the panel chooses from, both backends in one file (see `webview/runner/ortBuild.ts`). It goes over the
 * wire to a remote window's panel: as small as can be.
 */
const runtimes = ['ort-wasm-simd-threaded.asyncify.wasm', 'ort-wasm-simd-threaded.jspi.wasm'];

/** Build steps in TypeScript: [script, its export, what it makes]. They run in this order. */
const steps = [
  ['scripts/buildAtlas.ts', 'buildAtlas', 'dist/atlas.json'],
  ['scripts/buildCards.ts', 'buildCards', 'dist/cards'],
  ['scripts/buildPylib.ts', 'buildPylib', 'dist/pylib.json'],
  ['scripts/buildMinis.ts', 'buildMinis', 'dist/minis.json'],
];

async function copyAssets() {
  for (const [from, to] of assets) {
    await mkdir(dirname(join('dist', to)), { recursive: true });
    await copyFile(from, join('dist', to));
  }
  for (const runtime of runtimes) {
    const bytes = await readFile(join('node_modules/onnxruntime-web/dist', runtime));
    await writeFile(join('dist', `${runtime}.gz`), await gzip(bytes));
  }
}

/** The Node host's entry: Node takes the .js beside it for CommonJS when a package.json there says so. */
async function writeNodeEntry() {
  await mkdir('dist/host', { recursive: true });
  await writeFile('dist/host/package.json', JSON.stringify({ type: 'commonjs' }));
  await writeFile('dist/extension.cjs', "module.exports = require('./host/extension.cjs.js');\n");
}

async function runSteps() {
  for (const [script, name, makes] of steps) {
    if (!existsSync(script)) {
      console.log(`${makes}: left out, ${script} does not exist.`);
      continue;
    }
    const started = Date.now();
    const module = await tsImport(`./${script}`, import.meta.url);
    await module[name](join(root, 'dist'));
    console.log(`${makes} by ${script} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Prints what each bundle weighs; a host bundle over its limit fails the build. */
function report(name, result, limit) {
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    if (file.endsWith('.map') || file.includes('/fonts/')) continue;
    console.log(`${file.padEnd(36)} ${(bytes / 1000).toFixed(0).padStart(6)} kB  ${name}`);
    if (limit && !watch && bytes > limit) {
      throw new Error(
        `${file} is over ${limit / 1000} kB: something heavy has slipped into the extension host.`,
      );
    }
  }
}

async function build() {
  if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true });
  await copyAssets();
  await writeNodeEntry();
  for (const { name, limit, ...options } of bundles) {
    if (!existsSync(Object.values(options.entryPoints)[0])) {
      console.log(`${name}: left out, ${Object.values(options.entryPoints)[0]} does not exist.`);
      continue;
    }
    if (watch) {
      const context = await esbuild.context({ ...common, ...options });
      await context.rebuild();
      await context.watch();
    } else {
      report(name, await esbuild.build({ ...common, ...options }), limit);
    }
  }
  await runSteps();
  await reportTotal();
}

async function reportTotal() {
  let total = 0;
  for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name))).size;
  }
  console.log(`dist is ${(total / 1e6).toFixed(1)} MB.`);
}

await build();
if (watch) console.log('Watching. Data (packs, pylib) is rebuilt by `npm run build`.');
