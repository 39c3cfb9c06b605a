import * as vscode from 'vscode';
import {
  ExploreError,
  type ExploreQuestions,
  exploreEntry,
  exploreQuestions,
} from '../core/explain/exploreEntry.ts';
import type { Localizer } from '../core/l10n/localizer.ts';
import type { FunctionOutline, Outline } from '../core/python/outline.ts';

/** Asks with what a function without an entry shall run, with guesses to edit; undefined when the reader gives up. */
export async function askHowToExplore(
  outline: Outline,
  fn: FunctionOutline,
  lines: readonly string[],
  localizer: Localizer,
): Promise<ExploreQuestions | undefined> {
  const guesses = exploreQuestions(outline, fn);
  const validateInput = (key: keyof ExploreQuestions) => (value: string) => {
    try {
      exploreEntry(fn, lines, { ...guesses, [key]: value });
      return undefined;
    } catch (error) {
      return error instanceof ExploreError ? error.message : String(error);
    }
  };
  let { constructorArguments } = guesses;
  if (constructorArguments !== undefined) {
    constructorArguments = await vscode.window.showInputBox({
      title: localizer.t('Constructor arguments of {0}', fn.className ?? ''),
      prompt: localizer.t('As in Python: 16, num_heads=2'),
      value: constructorArguments,
      validateInput: validateInput('constructorArguments'),
    });
    if (constructorArguments === undefined) return undefined;
  }
  const callArguments = await vscode.window.showInputBox({
    title: localizer.t('Arguments of {0}', fn.qualname),
    prompt: localizer.t('A shape in brackets is a tensor, ids[2, 5] whole numbers; anything else is Python'),
    value: guesses.callArguments,
    validateInput: validateInput('callArguments'),
  });
  if (callArguments === undefined) return undefined;
  return { callArguments, ...(constructorArguments === undefined ? {} : { constructorArguments }) };
}
