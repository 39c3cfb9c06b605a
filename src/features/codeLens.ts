import * as vscode from 'vscode';
import { Localizer } from '../core/l10n/localizer.ts';
import { backgroundPace } from './backgroundPace.ts';
import { CommandId } from './commandIds.ts';
import type { LensHost } from './lensHost.ts';
import type { Log } from './log.ts';
import { PYTHON } from './pythonDocuments.ts';
import { readSettings } from './settings.ts';

/** A quiet line above every recognised function: its equation's title and exercise; a click explains it. */
export class EquationCodeLensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #host: LensHost;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(host: LensHost, log: Log) {
    this.#host = host;
    this.#log = log;
    this.#subscription = host.onDidChange(() => this.#changed.fire());
  }

  static register(host: LensHost, log: Log): vscode.Disposable {
    const provider = new EquationCodeLensProvider(host, log);
    return vscode.Disposable.from(provider, vscode.languages.registerCodeLensProvider(PYTHON, provider));
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const settings = readSettings(document.uri);
    if (!settings.codeLensEnabled) return [];
    try {
      const lens = await this.#host.lens();
      if (token.isCancellationRequested) return [];
      const localizer = new Localizer(settings.language);
      const matches = await lens.matchesInSlices(this.#host.source(document), backgroundPace(), token);
      return (matches ?? []).flatMap(match => {
        const entry = lens.atlas.entry(match.entryId);
        if (!entry) return [];
        const { start } = match.function.nameRange;
        const exercise =
          entry.exercises.length > 0 ? ` · ${localizer.t('Exercise {0}', entry.exercises.join(', '))}` : '';
        return new vscode.CodeLens(new vscode.Range(start.line, 0, start.line, 0), {
          title: `∑ ${localizer.text(entry.title)}${exercise}`,
          tooltip: localizer.t('Explain this block'),
          command: CommandId.explainBlock,
          arguments: [{ uri: String(document.uri), line: start.line, column: start.character }],
        });
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
