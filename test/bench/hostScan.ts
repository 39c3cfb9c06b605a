import * as vscode from 'vscode';
import { readTask, writeMeasures } from './hostFiles.ts';
import { type LoopBlocks, LoopWatch } from './loopWatch.ts';

/** What a scan of a workspace cost the extension host: milliseconds and bytes. */
export interface ScanMeasures {
  readonly scan: number;
  readonly blocks: LoopBlocks;
  /** The same of an extension host that does nothing: what the machine adds. */
  readonly idle: LoopBlocks;
  readonly peakHeap: number;
  readonly found: string;
}

/** What `run` is told. */
export interface ScanTask {
  /** The entry whose only place ends the scan: *Find code for equation* waits for all files and then goes there. */
  readonly entry: string;
}

/** How long the idle extension host is watched. */
const IDLE_MS = 3000;

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

  const resting = new LoopWatch();
  await new Promise(resolve => setTimeout(resolve, IDLE_MS));
  const idle = resting.stop();

  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed);
  }, 20);
  const loop = new LoopWatch();
  const started = performance.now();
  await vscode.commands.executeCommand('equationLens.findCode', task.entry);
  const scan = performance.now() - started;
  const blocks = loop.stop();
  clearInterval(watch);
  const measures: ScanMeasures = {
    scan,
    blocks,
    idle,
    peakHeap: peak - before,
    found: vscode.window.activeTextEditor?.document.uri.path ?? '',
  };
  await writeMeasures(folder, measures);
}
