import type { Entry } from '../core/atlas/schema.ts';
import { commandLink } from '../core/card/markdown.ts';
import type { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';

/** Commands that a card's links may run; the hover trusts these and no others. */
export const CARD_COMMANDS: readonly CommandId[] = [
  CommandId.explainBlock,
  CommandId.explainEntry,
  CommandId.runMini,
  CommandId.goToEquation,
  CommandId.insertEquation,
  CommandId.copyLatex,
  CommandId.whyThisCard,
  CommandId.muteEntry,
  CommandId.openNote,
  CommandId.reportWrongCard,
];

/** Where the explained function stands. */
export interface CardTarget {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/** The links beside a card's title, in the order of use; the seldom used ones are icons with a tooltip. */
export function cardLinks(entry: Entry, target: CardTarget, localizer: Localizer): string[] {
  const icon = (name: string, title: string, command: CommandId) =>
    commandLink(`$(${name})`, command, [entry.id], title);
  return [
    commandLink(localizer.t('Explain this block'), CommandId.explainBlock, [target]),
    ...(entry.mini ? [commandLink(localizer.t('Run mini'), CommandId.runMini, [target])] : []),
    commandLink(
      '$(notebook)',
      CommandId.insertEquation,
      [entry.id, target],
      localizer.t('Insert into notes'),
    ),
    icon('copy', localizer.t('Copy LaTeX'), CommandId.copyLatex),
    icon('question', localizer.t('Why this card?'), CommandId.whyThisCard),
    icon('bell-slash', localizer.t('Mute this card'), CommandId.muteEntry),
    icon('report', localizer.t('Report a wrong card'), CommandId.reportWrongCard),
  ];
}

/** `Exercise 6.5`: a link to the equations of that exercise. */
export function exerciseLink(exercise: string, localizer: Localizer): string {
  return commandLink(
    localizer.t('Exercise {0}', exercise),
    CommandId.goToEquation,
    [exercise],
    localizer.t('Equations of this exercise'),
  );
}

/** `chapter-6.ja.md:12`: a link to the line of a note. */
export function noteLink(uri: string, line: number, localizer: Localizer): string {
  const name = (uri.split('/').at(-1) ?? '')
    .replace(/%[0-9A-Fa-f]{2}/g, '_')
    .replace(/[^\p{L}\p{N}. -]/gu, '_');
  return commandLink(`${name}:${line}`, CommandId.openNote, [uri, line], localizer.t('Open the note'));
}
