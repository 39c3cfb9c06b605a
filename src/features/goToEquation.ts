import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import { CommandId } from './commandIds.ts';
import { entryAtCursor } from './entryCommands.ts';
import type { LensHost } from './lensHost.ts';
import { readSettings } from './settings.ts';
import type { Place, WorkspaceScan } from './workspaceScan.ts';

interface EntryItem extends vscode.QuickPickItem {
  readonly entry: Entry;
}

/** *Go to equation…* and *Find code for equation*. */
export function registerGoToEquation(host: LensHost, scan: WorkspaceScan): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(CommandId.goToEquation, (given?: unknown) =>
      goToEquation(host, scan, typeof given === 'string' ? given : ''),
    ),
    vscode.commands.registerCommand(CommandId.findCode, async (given?: unknown) => {
      // A tree item hands its node over, a card its entry's id.
      const entryId = typeof given === 'string' ? given : (nodeEntry(given) ?? (await entryAtCursor(host)));
      const entry =
        entryId === undefined ? await pickEntry(await host.lens()) : (await host.lens()).atlas.entry(entryId);
      if (entry) await findCode(entry, scan);
    }),
  );
}

async function goToEquation(host: LensHost, scan: WorkspaceScan, filter: string): Promise<void> {
  const lens = await host.lens();
  void scan.scan();
  const editor = vscode.window.activeTextEditor;
  const before = editor && { document: editor.document, selection: editor.selection };
  const entry = await pickEntry(lens, focused => void preview(scan.placesOf(focused.id)[0]), filter);
  if (!entry) {
    // Escape takes the reader back to where they were.
    if (before) {
      await vscode.window.showTextDocument(before.document, { selection: before.selection, preview: true });
    }
    return;
  }
  await findCode(entry, scan);
}

/** Lets the reader choose an entry by title, TeX or symbol, in either language. */
export async function pickEntry(
  lens: Lens,
  onFocus?: (entry: Entry) => void,
  filter = '',
): Promise<Entry | undefined> {
  const localizer = new Localizer(readSettings().language);
  const picker = vscode.window.createQuickPick<EntryItem>();
  picker.placeholder = localizer.t('An equation: its title, TeX, a symbol or an exercise');
  picker.value = filter;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = lens.atlas.entries.map(entry => entryItem(entry, localizer));
  return new Promise(resolve => {
    picker.onDidChangeActive(([item]) => {
      if (item) onFocus?.(item.entry);
    });
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.entry);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function entryItem(entry: Entry, localizer: Localizer): EntryItem {
  const other = localizer.language === 'en' ? entry.title.ja : entry.title.en;
  const symbols = entry.symbols.flatMap(symbol => [symbol.tex, ...symbol.code]).join(' ');
  return {
    entry,
    label: localizer.text(entry.title),
    description: [...entry.exercises, entry.id, other].join(' · '),
    detail: `${entry.equations.map(equation => equation.tex.replace(/\s+/g, ' ')).join('   ')}   ${symbols}`,
  };
}

async function preview(place: Place | undefined): Promise<void> {
  if (!place) return;
  const position = new vscode.Position(place.line, place.column);
  try {
    await vscode.window.showTextDocument(place.uri, {
      selection: new vscode.Range(position, position),
      preview: true,
      preserveFocus: true,
    });
  } catch {
    // The file went away since the scan: there is nothing to preview.
  }
}

/** Goes to the one place of an entry, or lets the reader choose; where the workspace has none, the equation itself is explained. */
async function findCode(entry: Entry, scan: WorkspaceScan): Promise<void> {
  const localizer = new Localizer(readSettings().language);
  await scan.scan();
  const places = scan.placesOf(entry.id);
  if (places.length === 0) {
    const explain = localizer.t('Explain this equation');
    const message = localizer.t('No code in this workspace computes “{0}”.', localizer.text(entry.title));
    if ((await vscode.window.showInformationMessage(message, explain)) === explain) {
      await vscode.commands.executeCommand(CommandId.explainEntry, entry.id);
    }
    return;
  }
  const place = places.length === 1 ? places[0] : await pickPlace(places, localizer.text(entry.title));
  if (!place) return;
  const position = new vscode.Position(place.line, place.column);
  await vscode.window.showTextDocument(place.uri, { selection: new vscode.Range(position, position) });
}

async function pickPlace(places: readonly Place[], title: string): Promise<Place | undefined> {
  const items = places.map(place => ({
    place,
    label: place.qualname,
    description: `${vscode.workspace.asRelativePath(place.uri)}:${place.line + 1}`,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: title,
    matchOnDescription: true,
    onDidSelectItem: item => void preview((item as (typeof items)[number]).place),
  });
  return chosen?.place;
}

function nodeEntry(given: unknown): string | undefined {
  const entry = (given as { entry?: { id?: unknown } } | undefined)?.entry;
  return typeof entry?.id === 'string' ? entry.id : undefined;
}
