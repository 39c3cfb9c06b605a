import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { hoverProviders } from '../host/hoverProviders.ts';
import type { GeneratedPython } from './generatePython.ts';
import { readTask, settle, writeMeasures } from './hostFiles.ts';
import { hoverBy, openPython } from './hostHovers.ts';

/** Growth of the extension host's memory in bytes, garbage collected. */
export interface HeapMeasures {
  /** Of the heap, by the extension and hovers over two files. */
  readonly heapOfExtension: number;
  /** Of the heap, by hovers over ten files of the largest size. */
  readonly heapOfTenFiles: number;
  /** Outside the heap over the same: the parser's syntax trees. */
  readonly outsideOfTenFiles: number;
}

export interface HeapTask {
  /** The largest comes first. */
  readonly files: readonly GeneratedPython[];
}

/**
 * Measures memory in a host of its own: collecting garbage makes V8 collect again soon, which would be found in the times.
 * The extension must not be active yet.
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
  if (!extension) throw new Error('Equation Lens is not loaded.');
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'out', 'bench');
  const { files } = await readTask<HeapTask>(folder);
  if (extension.isActive) throw new Error('Something activated the extension before it could be measured.');
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  await settle();

  const before = heap();
  await extension.activate();
  const provider = hoverProviders()[0];
  if (!provider) throw new Error('No hover provider was registered.');
  for (const { text, places } of files) {
    const document = await openPython(text);
    for (const place of places) await hoverBy(provider, document, place);
  }
  const between = heap();
  const outside = process.memoryUsage().external;
  const [largest] = files;
  for (let copy = 0; largest && copy < 10; copy++) {
    const document = await openPython(`# copy ${copy}\n${largest.text}`);
    // Calls, too: where they lead is looked for in the whole file.
    for (const place of largest.places) await hoverBy(provider, document, { ...place, line: place.line + 1 });
  }
  await writeMeasures(folder, {
    heapOfExtension: between - before,
    heapOfTenFiles: heap() - between,
    outsideOfTenFiles: process.memoryUsage().external - outside,
  } satisfies HeapMeasures);
}
