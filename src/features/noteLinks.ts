import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { EQUATION_NOTES } from './noteDocuments.ts';
import type { NoteEquations } from './noteEquations.ts';
import { readSettings } from './settings.ts';

/** Entries that share a formula get a lens each, up to this many. */
const MAX_PER_EQUATION = 3;

/** *Show the code* above every equation of a note that some function computes. */
export class NoteLinkProvider implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #host: LensHost;
  readonly #equations: NoteEquations;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(host: LensHost, equations: NoteEquations, log: Log) {
    this.#host = host;
    this.#equations = equations;
    this.#log = log;
    this.#subscription = host.onDidChange(() => this.#changed.fire());
  }

  static register(host: LensHost, equations: NoteEquations, log: Log): vscode.Disposable {
    const provider = new NoteLinkProvider(host, equations, log);
    return vscode.Disposable.from(
      provider,
      vscode.languages.registerCodeLensProvider(EQUATION_NOTES, provider),
    );
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const settings = readSettings(document.uri);
    if (!settings.codeLensEnabled) return [];
    try {
      const equations = await this.#equations.of(document);
      const { atlas } = await this.#host.lens();
      if (token.isCancellationRequested) return [];
      const localizer = new Localizer(settings.language);
      return equations.flatMap(({ names, start }) => {
        const entries = [...new Set(names.map(name => name.entryId))]
          .flatMap(id => atlas.entry(id) ?? [])
          .filter(entry => entry.signature !== undefined)
          .slice(0, MAX_PER_EQUATION);
        const position = document.positionAt(start);
        return entries.map(
          entry =>
            new vscode.CodeLens(new vscode.Range(position, position), {
              title:
                entries.length === 1
                  ? `$(code) ${localizer.t('Show the code')}`
                  : `$(code) ${localizer.t('Show the code')}: ${entry.upstream?.qualname ?? entry.id}`,
              tooltip: localizer.text(entry.title),
              command: CommandId.findCode,
              arguments: [entry.id],
            }),
        );
      });
    } catch (error) {
      this.#log.error(String(error));
      return [];
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
