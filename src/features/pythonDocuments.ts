import type * as vscode from 'vscode';

/** Files, notebook cells, untitled texts, both sides of a diff, virtual file systems: whatever is Python. */
export const PYTHON: vscode.DocumentSelector = { language: 'python' };
