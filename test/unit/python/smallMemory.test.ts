import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { smallMemory } from '../../../src/core/python/smallMemory.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

describe('smallMemory', () => {
  let runtime: Uint8Array;
  before(async () => {
    runtime = await readFile('node_modules/web-tree-sitter/web-tree-sitter.wasm');
  });

  /** Why the module will not have a memory of so many pages. */
  const refusal = (bytes: Uint8Array, pages: number): string => {
    const module = new WebAssembly.Module(bytes as BufferSource);
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      if (kind === 'function') imports[from][name] = () => 0;
      else if (kind === 'memory')
        imports[from][name] = new WebAssembly.Memory({ initial: pages, maximum: 32768 });
      else if (kind === 'table')
        imports[from][name] = new WebAssembly.Table({ initial: 1000, element: 'anyfunc' });
      else if (kind === 'global') {
        const mutable = name === '__stack_pointer' || from.startsWith('GOT.');
        imports[from][name] = new WebAssembly.Global({ value: 'i32', mutable }, 0);
      }
    }
    try {
      new WebAssembly.Instance(module, imports);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('makes web-tree-sitter ask for as much as we say', () => {
    const small = smallMemory(runtime, 64);
    assert.ok(small);
    assert.equal(small.memoryBytes, 64 * 65536);
    assert.equal(small.bytes.length, runtime.length);
    assert.match(refusal(runtime, 64), /smaller than.* 512\b/);
    assert.match(refusal(small.bytes, 63), /smaller than.* 64\b/);
    assert.doesNotMatch(refusal(small.bytes, 64), /smaller/);
  });

  it('never asks for more than the module did', () => {
    assert.deepEqual(smallMemory(runtime, 100_000)?.bytes, runtime);
  });

  it('leaves alone what it does not know', () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
      runtime.subarray(0, 20),
    ])
      assert.equal(smallMemory(bytes, 64), undefined);
  });

  it('is enough for a parser, which takes more when a long text needs it', async () => {
    const parser = await loadPythonParser();
    const text = Array.from({ length: 20_000 }, (_, i) => `def f${i}(x):\n    return x + ${i}\n`).join('\n');
    assert.equal(parser.outline(text).functions.length, 20_000);
    parser.dispose();
  });
});
