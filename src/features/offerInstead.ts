import * as vscode from 'vscode';
import type { Entry } from '../core/atlas/schema.ts';
import type { Localizer } from '../core/l10n/localizer.ts';
import type { Lens } from '../core/lens.ts';
import type { FunctionOutline } from '../core/python/outline.ts';
import type { Judgement } from '../core/recognition/recognizer.ts';
import { pickEntry } from './goToEquation.ts';

/** Entries that come near; more are no help. */
const NEAREST = 3;

/** What a reader can have instead of an explanation of a function that no entry knows. */
export interface Instead {
  explore(fn: FunctionOutline): Promise<void>;
  explain(entry: Entry): Promise<void>;
}

/** Says that the code at the cursor is not recognised, and offers a run without equations, the nearest entries and the whole list. */
export async function offerInstead(
  lens: Lens,
  around: FunctionOutline | undefined,
  nearest: readonly Pick<Judgement, 'entryId' | 'confidence'>[],
  localizer: Localizer,
  instead: Instead,
): Promise<void> {
  const items: (vscode.QuickPickItem & { act(): Promise<void> })[] = [];
  if (around) {
    items.push({
      label: `$(play) ${localizer.t('Run {0} all the same', around.qualname)}`,
      detail: localizer.t('Shows the tensors of every statement, without equations'),
      act: () => instead.explore(around),
    });
  }
  for (const { entryId, confidence } of nearest.slice(0, NEAREST)) {
    const entry = lens.atlas.entry(entryId);
    if (!entry) continue;
    items.push({
      label: `$(symbol-operator) ${localizer.text(entry.title)}`,
      description: entry.id,
      detail: localizer.t('Similar ({0} %), but not the same function', Math.round(confidence * 100)),
      act: () => instead.explain(entry),
    });
  }
  items.push({
    label: `$(search) ${localizer.t('Go to equation…')}`,
    act: async () => {
      const entry = await pickEntry(lens);
      if (entry) await instead.explain(entry);
    },
  });
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: localizer.t('No equation is known for the code at the cursor.'),
  });
  await chosen?.act();
}
