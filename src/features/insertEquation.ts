import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { NoteContent, NoteNumber } from '../core/notes/noteContent.ts';
import { NOTE_PARTS, type NotePart, notePartsOf } from '../core/notes/notePart.ts';
import type { NoteEdit } from '../core/notes/noteSurroundings.ts';
import { placeNote } from '../core/notes/placeNote.ts';
import { svgImage } from '../core/typeset/svgImage.ts';
import type { CardTarget } from './cardLinks.ts';
import type { CardPictureStore } from './cardPictureStore.ts';
import { CommandId } from './commandIds.ts';
import { pickEntry } from './goToEquation.ts';
import type { LazyModules } from './lazyModules.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { linesOf, noteFormatOfDocument } from './noteDocuments.ts';
import { notedCode } from './notedCode.ts';
import type { NoteEditors } from './noteEditors.ts';
import { readSettings, SETTINGS_SECTION } from './settings.ts';
import { activeThemeKind } from './themeKind.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

/** What a caller may fix beforehand; nothing is asked then. */
interface InsertOptions {
  readonly parts?: readonly string[];
  /** Ids of equations; all of the entry's where absent. */
  readonly equations?: readonly string[];
  /** Of the mini's last run. */
  readonly numbers?: readonly NoteNumber[];
}

interface Wanted {
  readonly parts: readonly NotePart[];
  readonly equations: readonly string[];
}

/**
 * *Insert equation…*: `(entryId?, target?, options?)`. Without an entry one is picked, with its picture at the cursors meanwhile; what goes
 * in is asked and remembered. Into the active note, else the last one, else a new one.
 */
export function registerInsertEquation(
  host: LensHost,
  scan: WorkspaceScan,
  pictures: CardPictureStore,
  notes: NoteEditors,
  lazy: LazyModules,
  log: Log,
): vscode.Disposable {
  const run = async (given?: unknown, target?: Partial<CardTarget>, options: InsertOptions = {}) => {
    const lens = await host.lens();
    const localizer = new Localizer(readSettings().language);
    const entry =
      typeof given === 'string'
        ? lens.atlas.entry(given)
        : (nodeEntry(given) ?? (await pickWithPreview(host, pictures, notes)));
    if (!entry) {
      if (typeof given === 'string') throw new Error(`the atlas has no entry ${given}`);
      return;
    }
    const wanted = await wantedParts(entry, options, localizer);
    if (!wanted) return;
    const needsCode = wanted.parts.includes('permalink') || wanted.parts.includes('code');
    const content: NoteContent = {
      entry,
      equations: wanted.equations,
      ...(needsCode ? await notedCode(entry, target, host, scan) : {}),
      ...(options.numbers ? { numbers: options.numbers.filter(isNumber) } : {}),
      localizer,
    };
    const problems = await insert(await notes.open(), content, wanted.parts, lazy, localizer);
    if (problems.length > 0) void vscode.window.showWarningMessage([...new Set(problems)].join(' '));
  };
  return vscode.commands.registerCommand(
    CommandId.insertEquation,
    (given?: unknown, target?: Partial<CardTarget>, options?: InsertOptions) =>
      run(given, isTarget(target) ? target : undefined, options ?? {}).catch((error: unknown) => {
        log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        const { language } = readSettings();
        const reason = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(
          new Localizer(language).t('The equation could not be inserted: {0}', reason),
        );
      }),
  );
}

/** Writes the note at every cursor, in one step of undo. */
async function insert(
  editor: vscode.TextEditor,
  content: NoteContent,
  parts: readonly NotePart[],
  lazy: LazyModules,
  localizer: Localizer,
): Promise<string[]> {
  const { noteText } = await lazy.load('noteText');
  const { document } = editor;
  const format = noteFormatOfDocument(document) ?? 'markdown';
  const problems: string[] = [];
  const { mathStyle } = readSettings(document.uri);
  const latex = format === 'latex' ? latexPreamble(document) : undefined;
  if (latex?.lacksAmsmath)
    problems.push(localizer.t('This document does not load amsmath, which the formula needs.'));
  const edits: NoteEdit[] = editor.selections.flatMap(({ start, end }) => {
    const place = placeNote(format, linesOf(document), {
      startLine: start.line,
      startCharacter: start.character,
      endLine: end.line,
      endCharacter: end.character,
    });
    const options = { format, parts, mathStyle, hasUrl: latex?.hasUrl ?? false, inline: place.inline };
    const note = noteText(content, options);
    problems.push(...note.problems);
    return note.lines.length > 0 ? [place.edit(note.lines)] : [];
  });
  const ranges = apart(edits);
  if (ranges.length === 0) return problems;
  const done = await editor.edit(
    builder => {
      for (const { range, text } of ranges) builder.replace(range, text);
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
  if (!done) problems.push(localizer.t('The note could not be changed; it may be read-only.'));
  return problems;
}

/** Two cursors in one place (or pushed out of one block) write one note. */
function apart(edits: readonly NoteEdit[]): { range: vscode.Range; text: string }[] {
  const all = edits
    .map(edit => ({
      range: new vscode.Range(edit.startLine, edit.startCharacter, edit.endLine, edit.endCharacter),
      text: edit.text,
    }))
    .sort((a, b) => a.range.start.compareTo(b.range.start));
  return all.filter(({ range }, index) => {
    const before = all[index - 1];
    return !before || range.start.isAfter(before.range.end);
  });
}

const PREAMBLE_LINES = 300;

function latexPreamble(document: vscode.TextDocument): { hasUrl: boolean; lacksAmsmath: boolean } {
  const text = document
    .getText(new vscode.Range(0, 0, Math.min(document.lineCount, PREAMBLE_LINES), 0))
    .replace(/(?<!\\)%.*/g, '');
  const loads = (names: string) =>
    new RegExp(`\\\\(?:usepackage|RequirePackage)(?:\\[[^\\]]*\\])?\\{[^}]*\\b(?:${names})\\b`).test(text);
  return {
    hasUrl: loads('hyperref|url|xurl'),
    lacksAmsmath: /\\documentclass/.test(text) && !loads('amsmath|mathtools|unicode-math|physics'),
  };
}

/** Equations of the entry, where it has several, and parts; ticked as they were the last time. */
async function wantedParts(
  entry: Entry,
  options: InsertOptions,
  localizer: Localizer,
): Promise<Wanted | undefined> {
  const all = entry.equations.map(equation => equation.id);
  const equations = options.equations ? all.filter(id => options.equations?.includes(id)) : all;
  if (options.parts) return { parts: notePartsOf(options.parts), equations };
  const remembered = readSettings().noteParts;
  const words: Readonly<Record<NotePart, string>> = {
    equation: localizer.t('Equation'),
    symbols: localizer.t('Table of symbols'),
    permalink: localizer.t('Permalink to the code'),
    code: localizer.t('The code itself'),
    numbers: localizer.t('Numbers of the last run'),
  };
  type Item = vscode.QuickPickItem & { readonly part?: NotePart; readonly equation?: string };
  const items: Item[] = [];
  if (all.length > 1) {
    items.push({ label: localizer.t('Equation'), kind: vscode.QuickPickItemKind.Separator });
    for (const equation of entry.equations) {
      const label = `$(symbol-operator) ${equation.tex.replace(/\s+/g, ' ').slice(0, 120)}`;
      items.push({ label, detail: localizer.text(equation.text), equation: equation.id, picked: true });
    }
    items.push({ label: localizer.t('What goes in'), kind: vscode.QuickPickItemKind.Separator });
  }
  for (const part of NOTE_PARTS) {
    if (part === 'numbers' && !options.numbers?.length) continue;
    if (part === 'equation' && all.length > 1) continue;
    items.push({ label: words[part], part, picked: remembered.includes(part) });
  }
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: localizer.t('What goes into the note: {0}', localizer.text(entry.title)),
    matchOnDetail: true,
  });
  if (!chosen || chosen.length === 0) return undefined;
  const chosenEquations = chosen.flatMap(item => item.equation ?? []);
  const parts = chosen.flatMap(item => item.part ?? []);
  const withEquation: NotePart[] = chosenEquations.length > 0 ? ['equation', ...parts] : parts;
  await remember(withEquation);
  return { parts: withEquation, equations: all.length > 1 ? chosenEquations : equations };
}

/** Numbers are offered only after a run: not to be offered is not to be unticked. */
async function remember(parts: readonly NotePart[]): Promise<void> {
  const before = readSettings().noteParts;
  const kept = before.includes('numbers') && !parts.includes('numbers') ? [...parts, 'numbers'] : parts;
  if (kept.join() === before.join()) return;
  await vscode.workspace
    .getConfiguration(SETTINGS_SECTION)
    .update('notes.parts', kept, vscode.ConfigurationTarget.Global);
}

/** Picks an entry; the typeset equation stands at the cursors of the note while one looks. */
async function pickWithPreview(
  host: LensHost,
  pictures: CardPictureStore,
  notes: NoteEditors,
): Promise<Entry | undefined> {
  const lens = await host.lens();
  const editor = notes.visible();
  const ghost = new GhostPicture(editor);
  try {
    return await pickEntry(lens, entry => {
      const system = lens.atlas.packOf(entry.id)?.system ?? '';
      void pictures.pictures(system).then(typeset => {
        const picture = entry.equations[0] && typeset(entry.equations[0].tex, true);
        ghost.show(
          picture ? svgImage(picture, activeThemeKind()).uri : undefined,
          entry.equations[0]?.tex ?? '',
        );
      });
    });
  } finally {
    ghost.dispose();
  }
}

/** A picture behind the cursors that is no part of the text. */
class GhostPicture {
  readonly #editor: vscode.TextEditor | undefined;
  #decoration: vscode.TextEditorDecorationType | undefined;
  #disposed = false;

  constructor(editor: vscode.TextEditor | undefined) {
    this.#editor = editor;
  }

  show(picture: string | undefined, tex: string): void {
    this.#decoration?.dispose();
    if (this.#disposed || !this.#editor) return;
    const content =
      picture === undefined
        ? { contentText: tex.replace(/\s+/g, ' ') }
        : { contentIconPath: vscode.Uri.parse(picture) };
    this.#decoration = vscode.window.createTextEditorDecorationType({
      after: { ...content, margin: '0 0 0 1em', color: new vscode.ThemeColor('editorGhostText.foreground') },
    });
    this.#editor.setDecorations(
      this.#decoration,
      this.#editor.selections.map(({ active }) => new vscode.Range(active, active)),
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.#decoration?.dispose();
  }
}

function isNumber(value: unknown): value is NoteNumber {
  const { name, shape, value: shown } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof name === 'string' && typeof shape === 'string' && typeof shown === 'string';
}

function isTarget(value: unknown): value is Partial<CardTarget> {
  return typeof (value as { uri?: unknown } | undefined)?.uri === 'string';
}

/** A tree item hands its node over. */
function nodeEntry(given: unknown): Entry | undefined {
  const entry = (given as { entry?: Entry } | undefined)?.entry;
  return typeof entry?.id === 'string' ? entry : undefined;
}
