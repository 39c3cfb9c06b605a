import * as vscode from 'vscode';
import { alignFunction } from '../core/alignment/alignFunction.ts';
import type { Entry } from '../core/atlas/schema.ts';
import { EXPLORE_ID, type ExploreQuestions } from '../core/explain/exploreEntry.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import type { CodeSnapshot, Snapshot } from '../core/protocol.ts';
import type { LensHost } from './lensHost.ts';
import { readSettings } from './settings.ts';
import { pathBelow } from './sourceRoot.ts';
import { activeThemeKind } from './themeKind.ts';

/** What one panel is about. */
export interface Subject {
  readonly entry: Entry | null;
  /** How a function without an entry runs; absent for entries of the atlas. */
  readonly explored?: ExploreQuestions;
  /** The function on screen; absent when only the equation is explained. */
  readonly document?: vscode.TextDocument;
  readonly qualname?: string;
}

/** A subject and how it is being looked at. */
export interface Looking {
  readonly subject: Subject;
  /** Folder below which the file's imports are looked for. */
  readonly root: vscode.Uri | undefined;
  readonly focusedSteps: readonly string[];
  readonly focusRequest: number;
  readonly followCursor: boolean;
  readonly startAt: Snapshot['startAt'];
}

/** One panel per entry; functions without one are told apart by their place. */
export function subjectKey({ entry, document, qualname }: Subject): string {
  return entry && entry.id !== EXPLORE_ID ? entry.id : `${String(document?.uri)}#${qualname}`;
}

export function subjectTitle({ entry, qualname }: Subject, localizer: Localizer): string {
  return entry ? localizer.text(entry.title) : (qualname ?? 'Equation Lens');
}

/** Everything that the panel shows, as it stands now. */
export function explainSnapshot(lens: Lens, host: LensHost, looking: Looking): Snapshot {
  const settings = readSettings();
  const localizer = new Localizer(settings.language);
  const { entry, explored } = looking.subject;
  const { code, problem } = codeNow(lens, host, looking, localizer);
  const title = entry && lens.atlas.packOf(entry.id)?.title;
  return {
    entry,
    explored: explored ?? null,
    systemTitle: title ? localizer.text(title) : '',
    language: settings.language,
    theme: activeThemeKind(),
    backend: settings.backend,
    followCursor: looking.followCursor,
    code,
    codeProblem: problem,
    siblings: siblings(lens, host, looking.subject),
    ownMini: (entry && host.ownMinis?.token(entry.id)) ?? null,
    focusedSteps: [...looking.focusedSteps],
    focusRequest: looking.focusRequest,
    startAt: looking.startAt,
  };
}

/** Known functions of the same class. */
function siblings(lens: Lens, host: LensHost, { document, qualname }: Subject): Snapshot['siblings'] {
  if (!document || document.isClosed || !qualname?.includes('.')) return [];
  const className = qualname.slice(0, qualname.lastIndexOf('.'));
  return lens
    .matches(host.source(document))
    .filter(match => match.function.className === className)
    .map(match => ({ qualname: match.function.qualname, entryId: match.entryId }));
}

/** The function as it stands in the editor now, or why it cannot be shown. */
function codeNow(
  lens: Lens,
  host: LensHost,
  { subject, root }: Looking,
  localizer: Localizer,
): { code: CodeSnapshot | null; problem: string | null } {
  const { entry, document, qualname } = subject;
  if (!document || qualname === undefined) return { code: null, problem: null };
  if (document.isClosed)
    return { code: null, problem: localizer.t('The file is closed; the mini is shown alone.') };
  const source = host.source(document);
  const fn = lens.outline(source).functions.find(candidate => candidate.qualname === qualname);
  if (!fn) return { code: null, problem: localizer.t('{0} is no longer in this file.', qualname) };
  const match = lens.match(source, fn);
  const known = match && entry && match.entryId === entry.id ? match : undefined;
  const explored = entry?.id === EXPLORE_ID;
  const alignment = explored ? alignFunction(entry, fn) : known && lens.alignment(known);
  const problem =
    entry && !known && !explored
      ? localizer.t('This code is no longer recognised as “{0}”.', localizer.text(entry.title))
      : null;
  const { start, end } = fn.range;
  return {
    code: {
      uri: String(document.uri),
      path: pathBelow(root, document.uri),
      qualname,
      version: document.version,
      text: document.getText(new vscode.Range(start.line, 0, end.line, end.character)),
      firstLine: start.line,
      nameLine: fn.nameRange.start.line,
      nameColumn: fn.nameRange.start.character,
      steps: alignment?.steps.map(step => ({ id: step.id, ranges: [...step.ranges] })) ?? [],
      unplaced: [...(alignment?.unplaced ?? [])],
      differences: alignment?.differences.map(it => ({ id: it.id, ranges: [...it.ranges] })) ?? [],
      variants: [...(known?.variants ?? [])],
    },
    problem,
  };
}
