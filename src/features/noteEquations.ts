import * as vscode from 'vscode';
import type { Lens } from '../core/lens.ts';
import { EquationIndex } from '../core/notes/equationIndex.ts';
import { type NotedEquation, notedEquations } from '../core/notes/notedEquations.ts';
import type { LensHost } from './lensHost.ts';
import { noteFormatOfDocument } from './noteDocuments.ts';

/** Larger notes are looked at around the pointer only. */
const MAX_CHARACTERS = 3_000_000;
const LINES_AROUND = 300;

/** The equations of the atlas that stand in notes, found once per version of a document. */
export class NoteEquations {
  readonly #host: LensHost;
  readonly #found = new WeakMap<
    vscode.TextDocument,
    { version: number; index: EquationIndex; all: readonly NotedEquation[] }
  >();
  #index: { readonly atlas: Lens['atlas']; readonly index: EquationIndex } | undefined;

  constructor(host: LensHost) {
    this.#host = host;
  }

  /** All of a document; none of one that is too large. */
  async of(document: vscode.TextDocument): Promise<readonly NotedEquation[]> {
    const index = await this.#equationIndex();
    const known = this.#found.get(document);
    if (known?.version === document.version && known.index === index) return known.all;
    const format = noteFormatOfDocument(document);
    const text = format === undefined || sizeOf(document) > MAX_CHARACTERS ? '' : document.getText();
    const all = format === undefined ? [] : notedEquations(text, format, index);
    this.#found.set(document, { version: document.version, index, all });
    return all;
  }

  /** The equation at a position, with its place; in a large note only the lines around are read. */
  async at(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<{ equation: NotedEquation; range: vscode.Range } | undefined> {
    const large = sizeOf(document) > MAX_CHARACTERS;
    const from = large
      ? document.offsetAt(new vscode.Position(Math.max(0, position.line - LINES_AROUND), 0))
      : 0;
    const equations = large ? await this.#around(document, position, from) : await this.of(document);
    const offset = document.offsetAt(position) - from;
    const equation = equations.find(candidate => candidate.start <= offset && offset <= candidate.end);
    if (!equation) return undefined;
    return {
      equation,
      range: new vscode.Range(
        document.positionAt(from + equation.start),
        document.positionAt(from + equation.end),
      ),
    };
  }

  async #around(
    document: vscode.TextDocument,
    position: vscode.Position,
    from: number,
  ): Promise<readonly NotedEquation[]> {
    const format = noteFormatOfDocument(document);
    if (format === undefined) return [];
    const range = new vscode.Range(
      document.positionAt(from),
      new vscode.Position(position.line + LINES_AROUND, 0),
    );
    // A line of its own may be megabytes long.
    const text = document.getText(range).slice(0, MAX_CHARACTERS);
    return notedEquations(text, format, await this.#equationIndex());
  }

  async #equationIndex(): Promise<EquationIndex> {
    const { atlas } = await this.#host.lens();
    if (this.#index?.atlas !== atlas) this.#index = { atlas, index: new EquationIndex(atlas) };
    return this.#index.index;
  }
}

/** Characters of a document, without a copy of its text. */
function sizeOf(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}
