import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import { readSettings } from './settings.ts';
import type { Place, WorkspaceScan } from './workspaceScan.ts';

type Node =
  | { readonly kind: 'exercise'; readonly exercise: string; readonly entries: readonly Entry[] }
  | { readonly kind: 'entry'; readonly entry: Entry; readonly exercise: string }
  | { readonly kind: 'place'; readonly place: Place; readonly exercise: string };

/** Entries beyond the solutions stand under this heading, after the exercises. */
const BEYOND = '';

/** The *Equation Atlas*: exercise → entries → the places of the workspace that compute them. */
export class AtlasView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #host: LensHost;
  readonly #scan: WorkspaceScan;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(host: LensHost, scan: WorkspaceScan) {
    this.#host = host;
    this.#scan = scan;
    this.#subscriptions = [
      this.#changed,
      scan.onDidChange(() => this.#changed.fire()),
      host.onDidChange(() => this.#changed.fire()),
    ];
  }

  static register(host: LensHost, scan: WorkspaceScan): vscode.Disposable {
    const provider = new AtlasView(host, scan);
    const view = vscode.window.createTreeView('equationLens.atlas', {
      treeDataProvider: provider,
      showCollapseAll: true,
    });
    // The scan costs something: it begins when somebody looks.
    const look = view.onDidChangeVisibility(({ visible }) => {
      if (visible) void scan.scan();
    });
    if (view.visible) void scan.scan();
    const refresh = vscode.commands.registerCommand(CommandId.refreshAtlas, () => scan.again());
    return vscode.Disposable.from(provider, view, look, refresh);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.#exercises();
    if (node.kind === 'exercise') {
      return node.entries.map(entry => ({ kind: 'entry', entry, exercise: node.exercise }));
    }
    if (node.kind === 'entry') {
      return this.#scan
        .placesOf(node.entry.id)
        .map(place => ({ kind: 'place', place, exercise: node.exercise }));
    }
    return [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const localizer = new Localizer(readSettings().language);
    if (node.kind === 'exercise') return exerciseItem(node, localizer);
    if (node.kind === 'entry') return entryItem(node, this.#scan.placesOf(node.entry.id).length, localizer);
    return placeItem(node);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #exercises(): Promise<Node[]> {
    const { atlas } = await this.#host.lens();
    const beyond = atlas.entries.filter(entry => entry.exercises.length === 0);
    return [
      ...atlas.exercises.map(
        (exercise): Node => ({ kind: 'exercise', exercise, entries: atlas.entriesOfExercise(exercise) }),
      ),
      ...(beyond.length > 0 ? [{ kind: 'exercise', exercise: BEYOND, entries: beyond } as const] : []),
    ];
  }
}

function exerciseItem(node: Extract<Node, { kind: 'exercise' }>, localizer: Localizer): vscode.TreeItem {
  const label =
    node.exercise === BEYOND
      ? localizer.t('Beyond the exercises')
      : localizer.t('Exercise {0}', node.exercise);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `exercise:${node.exercise}`;
  item.description = [...new Set(node.entries.map(entry => entry.id.split('.')[0]))].join(', ');
  item.iconPath = new vscode.ThemeIcon('book');
  return item;
}

function entryItem(
  node: Extract<Node, { kind: 'entry' }>,
  places: number,
  localizer: Localizer,
): vscode.TreeItem {
  const { entry, exercise } = node;
  const item = new vscode.TreeItem(
    localizer.text(entry.title),
    places > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `entry:${exercise}:${entry.id}`;
  item.description = entry.upstream?.qualname ?? '';
  item.tooltip = `${entry.id}\n${localizer.text(entry.summary)}`;
  item.iconPath = new vscode.ThemeIcon('symbol-operator');
  item.contextValue = 'entry';
  item.command = {
    title: localizer.t('Explain this equation'),
    command: CommandId.explainEntry,
    arguments: [entry.id],
  };
  return item;
}

function placeItem({ place, exercise }: Extract<Node, { kind: 'place' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(place.qualname, vscode.TreeItemCollapsibleState.None);
  item.id = `place:${exercise}:${place.entryId}:${String(place.uri)}:${place.line}`;
  item.description = `${vscode.workspace.asRelativePath(place.uri)}:${place.line + 1}`;
  item.iconPath = new vscode.ThemeIcon(place.variants.length > 0 ? 'warning' : 'symbol-method');
  item.command = {
    title: 'Open',
    command: 'vscode.open',
    arguments: [
      place.uri,
      { selection: new vscode.Range(place.line, place.column, place.line, place.column) },
    ],
  };
  return item;
}
