import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import type { Permalink } from '../core/notes/permalink.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import type { CardTarget } from './cardLinks.ts';
import type { LensHost } from './lensHost.ts';
import { pathInClone, workspaceClone } from './workspaceClone.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

/** What a note can say of the function that computes an equation. */
export interface NotedCode {
  readonly permalink?: Permalink;
  /** Its source, dedented. */
  readonly code?: string;
}

/**
 * The function at the card's place, else the first of the workspace that computes the entry, with a permalink to its lines at the
 * commit that is checked out. Without one in the workspace: the upstream file that the pack names.
 */
export async function notedCode(
  entry: Entry,
  target: Partial<CardTarget> | undefined,
  host: LensHost,
  scan: WorkspaceScan,
): Promise<NotedCode> {
  const found = (await functionAt(entry, target, host)) ?? (await functionInWorkspace(entry, host, scan));
  const fallback = await upstream(entry, host);
  if (!found) return fallback ? { permalink: fallback } : {};
  const { document, fn } = found;
  const lines = linesOf(fn);
  const permalink = (await permalinkOf(document.uri, lines, fn.qualname)) ?? fallback;
  return { ...(permalink ? { permalink } : {}), code: dedented(document, lines) };
}

/** First and last line of a function, from 1, without what trails it. */
export function linesOf({ range }: FunctionOutline): { start: number; end: number } {
  const end =
    range.end.character === 0 && range.end.line > range.start.line ? range.end.line : range.end.line + 1;
  return { start: range.start.line + 1, end };
}

async function functionAt(entry: Entry, target: Partial<CardTarget> | undefined, host: LensHost) {
  if (target?.uri === undefined || target.line === undefined) return undefined;
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri));
    const lens = await host.lens();
    const position = new vscode.Position(target.line, target.column ?? 0);
    const match = lens.matchAt(host.source(document), position);
    return match?.entryId === entry.id ? { document, fn: match.function } : undefined;
  } catch {
    // The file went away since the card was shown.
    return undefined;
  }
}

async function functionInWorkspace(entry: Entry, host: LensHost, scan: WorkspaceScan) {
  if (!entry.signature) return undefined;
  await scan.scan();
  const place =
    scan.placesOf(entry.id).find(candidate => candidate.variants.length === 0) ?? scan.placesOf(entry.id)[0];
  return place && functionAt(entry, { uri: String(place.uri), line: place.line, column: place.column }, host);
}

async function permalinkOf(
  uri: vscode.Uri,
  lines: { start: number; end: number },
  qualname: string,
): Promise<Permalink | undefined> {
  const clone = await workspaceClone(uri);
  if (clone?.web === undefined || clone.commit === undefined) return undefined;
  return { web: clone.web, commit: clone.commit, path: pathInClone(clone, uri), lines, qualname };
}

async function upstream(entry: Entry, host: LensHost): Promise<Permalink | undefined> {
  const pack = (await host.lens()).atlas.packOf(entry.id);
  const repo = entry.upstream?.repo ?? pack?.upstream?.repo;
  const commit = entry.upstream?.commit ?? pack?.upstream?.commit;
  if (!entry.upstream || repo === undefined || commit === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repo))
    return undefined;
  const { path, qualname } = entry.upstream;
  return { web: `https://github.com/${repo}`, commit, path, qualname };
}

function dedented(document: vscode.TextDocument, { start, end }: { start: number; end: number }): string {
  const lines: string[] = [];
  for (let line = start - 1; line < end; line++) lines.push(document.lineAt(line).text);
  const indent = Math.min(
    ...lines.filter(line => line.trim() !== '').map(line => /^[ \t]*/.exec(line)?.[0].length ?? 0),
  );
  return lines.map(line => line.slice(indent).trimEnd()).join('\n');
}
