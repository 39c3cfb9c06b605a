import * as vscode from 'vscode';
import type { ThemeKind } from '../core/typeset/themeColours.ts';

const KINDS: Readonly<Record<vscode.ColorThemeKind, ThemeKind>> = {
  [vscode.ColorThemeKind.Dark]: 'dark',
  [vscode.ColorThemeKind.Light]: 'light',
  [vscode.ColorThemeKind.HighContrast]: 'hc-dark',
  [vscode.ColorThemeKind.HighContrastLight]: 'hc-light',
};

/** The kind of the active colour theme, all four told apart. */
export function activeThemeKind(): ThemeKind {
  return KINDS[vscode.window.activeColorTheme.kind];
}
