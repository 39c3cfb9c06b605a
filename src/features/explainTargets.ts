import type * as vscode from 'vscode';
import type { Lens } from '../core/lens.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import type { Range } from '../core/python/position.ts';
import type { Match } from '../core/recognition/match.ts';
import { toVsRange } from './explainPanel.ts';

type Source = Parameters<Lens['matches']>[0];

/** What *Explain* asked for at a place means: the function around it, on a class its main function. */
export function matchAt(
  lens: Lens,
  source: Source,
  document: vscode.TextDocument,
  at: vscode.Position,
): Match | undefined {
  return lens.matchAt(source, behindIndentation(document, at)) ?? classMatch(lens, source, at);
}

/** The first function with an equation of which a selection holds a line: whoever selects a whole file means what is in it. */
export function matchIn(lens: Lens, source: Source, selection: vscode.Selection): Match | undefined {
  return lens.matches(source).find(match => sharesLine(match.function.range, selection));
}

/** Steps of which a selection holds a line. */
export function touchedSteps(
  steps: readonly { readonly id: string; readonly ranges: readonly Range[] }[],
  selection: vscode.Selection,
): string[] {
  return steps.filter(step => step.ranges.some(range => sharesLine(range, selection))).map(step => step.id);
}

/** The innermost function around a line. */
export function functionAround(
  functions: readonly FunctionOutline[],
  line: number,
): FunctionOutline | undefined {
  return functions.filter(fn => fn.range.start.line <= line && line <= fn.range.end.line).at(-1);
}

/** Whole lines count: a cursor in the indentation is in the step. */
function sharesLine(range: Range, selection: vscode.Selection): boolean {
  return range.start.line <= selection.end.line && selection.start.line <= range.end.line;
}

/** A cursor in the indentation of a line means that line. */
function behindIndentation(document: vscode.TextDocument, position: vscode.Position): vscode.Position {
  const { firstNonWhitespaceCharacterIndex: first } = document.lineAt(position.line);
  return position.character < first ? position.with({ character: first }) : position;
}

/** On a class: its `forward`, else its first recognised method. */
function classMatch(lens: Lens, source: Source, position: vscode.Position): Match | undefined {
  const outline = lens.outline(source);
  const cls = outline.classes.filter(candidate => toVsRange(candidate.range).contains(position)).at(-1);
  if (!cls || functionAround(outline.functions, position.line)) return undefined;
  const methods = lens.matches(source).filter(match => match.function.className === cls.qualname);
  return methods.find(match => match.function.name === 'forward') ?? methods[0];
}
