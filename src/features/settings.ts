import * as vscode from 'vscode';
import type { Language } from '../core/l10n/localizer.ts';
import type { MathStyle } from '../core/notes/noteContent.ts';
import { type NotePart, notePartsOf } from '../core/notes/notePart.ts';

export const SETTINGS_SECTION = 'equationLens';

/** The settings as the features use them; read in one place so that names and defaults cannot drift apart. */
export interface Settings {
  readonly language: Language;
  readonly hoverEnabled: boolean;
  readonly hoverScale: number;
  readonly codeLensEnabled: boolean;
  readonly stepNumbersEnabled: boolean;
  readonly backend: 'auto' | 'webgpu' | 'wasm';
  readonly mathStyle: MathStyle;
  readonly noteParts: readonly NotePart[];
  readonly noteCompletions: boolean;
  readonly disabledSystems: readonly string[];
  readonly mutedEntries: readonly string[];
}

/** @param scope the document in question: some settings may differ per folder. */
export function readSettings(scope?: vscode.Uri): Settings {
  const section = vscode.workspace.getConfiguration(SETTINGS_SECTION, scope ?? null);
  return {
    language: resolveLanguage(section.get<string>('language', 'auto')),
    hoverEnabled: section.get<boolean>('hover.enabled', true),
    hoverScale: clamp(section.get<number>('hover.scale', 1), 0.5, 3),
    codeLensEnabled: section.get<boolean>('codeLens.enabled', true),
    stepNumbersEnabled: section.get<boolean>('stepNumbers.enabled', true),
    backend: backendOf(section.get<string>('run.backend', 'auto')),
    mathStyle: section.get<string>('notes.mathStyle') === 'fence' ? 'fence' : 'dollars',
    noteParts: notePartsOf(section.get<string[]>('notes.parts', ['equation', 'symbols', 'permalink'])),
    noteCompletions: section.get<boolean>('notes.completions', true),
    disabledSystems: section.get<string[]>('systems.disabled', []),
    mutedEntries: section.get<string[]>('mutedEntries', []),
  };
}

function resolveLanguage(setting: string): Language {
  if (setting === 'en' || setting === 'ja') return setting;
  return vscode.env.language.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

function backendOf(setting: string): Settings['backend'] {
  return setting === 'webgpu' || setting === 'wasm' ? setting : 'auto';
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : 1;
}
