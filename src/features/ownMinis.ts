import * as vscode from 'vscode';
import type { Entry, Pack } from '../core/atlas/schema.ts';
import { isModelFile } from '../core/minis/isModelFile.ts';
import {
  MAX_OWN_FILES,
  MAX_OWN_TEXT,
  modelSizeRefusal,
  type OwnMini,
  ownMiniRefusal,
} from '../core/minis/ownMini.ts';

/** A pack of the reader's and the folder it lies in. */
export interface PackPlace {
  readonly pack: Pack;
  readonly folder: vscode.Uri;
}

/** The minis that packs of the reader's bring along: read when a panel runs one, never executed here. */
export class OwnMinis {
  readonly #places = new Map<string, { readonly entry: Entry; readonly folder: vscode.Uri }>();
  readonly #version: number;

  /** @param version another one for every state of the reader's packs */
  constructor(packs: readonly PackPlace[], version: number) {
    this.#version = version;
    for (const { pack, folder } of packs) {
      for (const entry of pack.entries) {
        // Of two packs with one id the first stays, as in the atlas.
        if (!this.#places.has(entry.id)) this.#places.set(entry.id, { entry, folder });
      }
    }
  }

  /** Names the state of an entry's own mini; undefined where it has none. */
  token(entryId: string): string | undefined {
    return this.#places.get(entryId)?.entry.mini ? String(this.#version) : undefined;
  }

  /** The folders that hold minis, to be watched. */
  folders(): readonly vscode.Uri[] {
    const all = new Map<string, vscode.Uri>();
    for (const { entry, folder } of this.#places.values()) {
      const file = entry.mini?.file ?? '';
      if (file === '' || ownMiniRefusal(file) !== undefined) continue;
      const uri = vscode.Uri.joinPath(folder, file, '..');
      all.set(String(uri), uri);
    }
    return [...all.values()];
  }

  async read(entryId: string): Promise<OwnMini> {
    const place = this.#places.get(entryId);
    const file = place?.entry.mini?.file ?? '';
    if (!place || file === '') return { files: {} };
    const refusal = ownMiniRefusal(file);
    if (refusal !== undefined) return { files: {}, problem: refusal };
    const uri = vscode.Uri.joinPath(place.folder, file);
    try {
      return isModelFile(file) ? await readModel(uri, file) : { files: await readPython(uri, file) };
    } catch {
      return { files: {}, problem: `${file} is not there.` };
    }
  }
}

async function readModel(uri: vscode.Uri, file: string): Promise<OwnMini> {
  const { size } = await vscode.workspace.fs.stat(uri);
  const problem = modelSizeRefusal(file, size);
  return problem === undefined
    ? { files: {}, model: await vscode.workspace.fs.readFile(uri) }
    : { files: {}, problem };
}

/** The module and what it may import: Python beside it and below its folder. Texts on screen go before those on disk. */
async function readPython(uri: vscode.Uri, file: string): Promise<Record<string, string>> {
  const slash = file.lastIndexOf('/');
  const prefix = slash < 0 ? '' : file.slice(0, slash + 1);
  const folder = vscode.Uri.joinPath(uri, '..');
  // A mini in the folder of the pack itself, perhaps the whole workspace: only what lies beside it.
  const beside = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, slash < 0 ? '*.py' : '**/*.py'),
    null,
    MAX_OWN_FILES,
  );
  const files: Record<string, string> = { [file]: await textOf(uri) };
  let left = MAX_OWN_TEXT;
  for (const it of beside) {
    const text = await textOf(it);
    left -= text.length;
    if (left < 0) break;
    files[`${prefix}${it.path.slice(folder.path.length + 1)}`] = text;
  }
  return files;
}

async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find(it => String(it.uri) === String(uri));
  if (open) return open.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  return size > MAX_OWN_TEXT ? '' : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
