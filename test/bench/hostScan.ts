import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { readTask, writeMeasures } from './hostFiles.ts';

/** What a scan of a workspace cost the extension host: milliseconds and bytes. */
export interface ScanMeasures {
  readonly scan: number;
  readonly longestBlock: number;
  readonly peakHeap: number;
  readonly found: string;
}

/** What `run` is told. */
export interface ScanTask {
  /** The entry whose only place ends the scan: *Find code for equation* waits for all files and then goes there. */
  readonly entry: string;
}

/** Measures the background scan through the command that waits for it. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
  if (!extension) throw new Error('Equation Lens is not loaded.');
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'out', 'bench');
  const task = await readTask<ScanTask>(folder);
  await extension.activate();
  // Loading the atlas and the parser is not what a scan costs: an opened file has them loaded.
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: 'x = 1\n' });
  await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);

  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed);
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await vscode.commands.executeCommand('equationLens.findCode', task.entry);
  const scan = performance.now() - started;
  delay.disable();
  clearInterval(watch);
  const measures: ScanMeasures = {
    scan,
    longestBlock: delay.max / 1e6,
    peakHeap: peak - before,
    found: vscode.window.activeTextEditor?.document.uri.path ?? '',
  };
  await writeMeasures(folder, measures);
}
