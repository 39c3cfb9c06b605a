import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PythonParser } from '../core/python/pythonParser.ts';

const RUNTIME = 'web-tree-sitter.wasm';
const GRAMMAR = 'tree-sitter-python.wasm';

/**
 * A parser from the WebAssembly files in `folder` (a built `dist/`), else from `node_modules` of a source checkout.
 * @throws when neither holds them
 */
export async function loadPythonParser(folder?: string): Promise<PythonParser> {
  if (folder !== undefined) {
    const [runtime, grammar] = await Promise.all([
      readFile(join(folder, RUNTIME)),
      readFile(join(folder, GRAMMAR)),
    ]);
    return PythonParser.create({ runtime, grammar });
  }
  const modules = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules');
  const [runtime, grammar] = await Promise.all([
    readFile(join(modules, 'web-tree-sitter', RUNTIME)),
    readFile(join(modules, '@vscode/tree-sitter-wasm/wasm', GRAMMAR)),
  ]);
  return PythonParser.create({ runtime, grammar });
}
