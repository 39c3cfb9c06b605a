import * as vscode from 'vscode';
import { hoverProviders } from '../host/hoverProviders.ts';
import type { GeneratedPython, Place } from './generatePython.ts';
import { readTask, settle, writeMeasures } from './hostFiles.ts';
import { hoverBy, openPython } from './hostHovers.ts';

/** What the extension host measured; all times in milliseconds. Memory is measured by itself (`hostHeap.ts`). */
export interface HostMeasures {
  readonly activation: number;
  /** The same of extensions that come with VS Code, by id: what activating costs anyway. */
  readonly othersActivation: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, FileMeasures>>;
  /** The first hover of each of ten files of the largest size: nothing left to load, only the file to read. */
  readonly firstOfTenFiles: readonly number[];
}

export interface FileMeasures {
  /** The hover provider's first answer, with all that it loads. */
  readonly first: number;
  readonly warm: readonly number[];
  /** The provider's answer right after a keystroke: parsing and recognition anew. */
  readonly afterEdit: readonly number[];
  /** The same hover through VS Code's own command: provider, extension host protocol and renderer. */
  readonly throughWorkbench: readonly number[];
  readonly found: readonly boolean[];
}

/** What `run` is told through `out/bench/task.json`. */
export interface HostTask {
  readonly files: Readonly<Record<string, GeneratedPython>>;
  readonly rounds: number;
}

/**
 * Measures inside the extension host, at the provider itself as a language server is measured at its own door. The extension must
 * not be active yet: its hover provider is caught while it registers.
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('equation-lens.equation-lens');
  if (!extension) throw new Error('Equation Lens is not loaded.');
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'out', 'bench');
  const task = await readTask<HostTask>(folder);
  if (extension.isActive) throw new Error('Something activated the extension before it could be measured.');

  const othersActivation: Record<string, number> = {};
  for (const id of BUILT_IN) {
    const other = vscode.extensions.getExtension(id);
    if (other && !other.isActive)
      othersActivation[id] = await time(async () => void (await other.activate()));
  }
  await settle();
  const activation = await time(async () => void (await extension.activate()));
  const provider = hoverProviders()[0];
  if (!provider) throw new Error('No hover provider was registered.');
  const hover = (document: vscode.TextDocument, place: Place) => hoverBy(provider, document, place);

  const files: Record<string, FileMeasures> = {};
  for (const [name, { text, places }] of Object.entries(task.files)) {
    const document = await openPython(text);
    const found: boolean[] = [];
    const first = await time(async () => void found.push(await hover(document, places[0] as Place)));
    for (const place of places.slice(1)) found.push(await hover(document, place));
    const warm: number[] = [];
    for (let round = 0; round < task.rounds; round++) {
      for (const place of places) warm.push(await time(() => hover(document, place)));
    }
    const afterEdit: number[] = [];
    for (let round = 0; round < task.rounds; round++) {
      const edit = new vscode.WorkspaceEdit();
      // Inside a function in the middle of the file: what a keystroke is.
      const line = Math.floor(document.lineCount / 2);
      edit.insert(document.uri, new vscode.Position(line, document.lineAt(line).text.length), ' ');
      await vscode.workspace.applyEdit(edit);
      afterEdit.push(await time(() => hover(document, places[0] as Place)));
    }
    const throughWorkbench: number[] = [];
    for (let round = 0; round < task.rounds; round++) {
      const position = new vscode.Position((places[0] as Place).line, (places[0] as Place).character);
      throughWorkbench.push(
        await time(() =>
          vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position),
        ),
      );
    }
    files[name] = { first, warm, afterEdit, throughWorkbench, found };
  }

  const largest = Object.values(task.files).sort(
    (a, b) => b.text.length - a.text.length,
  )[0] as GeneratedPython;
  const firstOfTenFiles: number[] = [];
  for (let copy = 0; copy < 10; copy++) {
    const document = await openPython(`# copy ${copy}\n${largest.text}`);
    const place = largest.places[0] as Place;
    firstOfTenFiles.push(await time(() => hover(document, { ...place, line: place.line + 1 })));
  }
  const measures: HostMeasures = { activation, othersActivation, files, firstOfTenFiles };
  await writeMeasures(folder, measures);
}

/** Small extensions of VS Code's own that nothing in the bench activates by itself. */
const BUILT_IN = ['vscode.grunt', 'vscode.jake', 'vscode.gulp'];

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
