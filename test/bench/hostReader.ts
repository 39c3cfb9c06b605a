import * as vscode from 'vscode';
import type { GeneratedPython, Place } from './generatePython.ts';
import { readTask, settle, writeMeasures } from './hostFiles.ts';

export interface ReaderTask {
  readonly file: GeneratedPython;
  /** How long a hand takes from the opened editor to a name, in milliseconds. */
  readonly pause: number;
}

export interface ReaderMeasures {
  /** The first hover, through VS Code's own command, in milliseconds. */
  readonly first: number;
}

/** A reader opens a file in an editor, which is what activates the extension, and hovers once the hand has got there. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
  if (!extension) throw new Error('Equation Lens is not loaded.');
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'out', 'bench');
  const { file, pause } = await readTask<ReaderTask>(folder);
  if (extension.isActive) throw new Error('Something activated the extension before it could be measured.');
  await settle();
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: file.text });
  await vscode.window.showTextDocument(document);
  await new Promise(resolve => setTimeout(resolve, pause));
  const { line, character } = file.places[0] as Place;
  const started = performance.now();
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    new vscode.Position(line, character),
  );
  const measures: ReaderMeasures = { first: performance.now() - started };
  if (hovers.length === 0) throw new Error('there was no card');
  await writeMeasures(folder, measures);
}
