import type * as vscode from 'vscode';
import { type NoteFormat, noteFormatOf } from '../core/notes/noteFormat.ts';
import type { NoteLines } from '../core/notes/noteSurroundings.ts';

/** Texts that look like documents and are none: nobody keeps notes there. */
const NO_NOTES = new Set([
  'output',
  'git',
  'comment',
  'vscode-scm',
  'debug',
  'search-editor',
  'vscode-settings',
  'walkThrough',
]);

/** Languages whose equations are recognised: a hover, a CodeLens. Cells of notebooks are among them. */
export const EQUATION_NOTES: vscode.DocumentSelector = [
  { language: 'markdown' },
  { language: 'latex' },
  { language: 'tex' },
];

/** What a document is as a note; undefined where nobody keeps notes. */
export function noteFormatOfDocument({ uri, languageId }: vscode.TextDocument): NoteFormat | undefined {
  if (NO_NOTES.has(uri.scheme)) return undefined;
  return noteFormatOf(languageId, uri.scheme === 'vscode-notebook-cell');
}

export function linesOf(document: vscode.TextDocument): NoteLines {
  return { count: document.lineCount, line: index => document.lineAt(index).text };
}
