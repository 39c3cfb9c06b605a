import { commandLink } from '../core/card/markdown.ts';
import type { Localizer } from '../core/l10n/localizer.ts';
import { CommandId } from './commandIds.ts';

/** Commands that a card's links may run; the hover trusts these and no others. */
export const CARD_COMMANDS: readonly CommandId[] = [
  CommandId.copyLatex,
  CommandId.whyThisCard,
  CommandId.muteEntry,
  CommandId.reportWrongCard,
];

/** The links beside a card's title, in the order of use; the seldom used ones are icons with a tooltip. */
export function cardLinks(entryId: string, localizer: Localizer): string[] {
  const icon = (name: string, title: string, command: CommandId) =>
    commandLink(`$(${name})`, command, [entryId], localizer.t(title));
  return [
    icon('copy', 'Copy LaTeX', CommandId.copyLatex),
    icon('question', 'Why this card?', CommandId.whyThisCard),
    icon('bell-slash', 'Mute this card', CommandId.muteEntry),
    icon('report', 'Report a wrong card', CommandId.reportWrongCard),
  ];
}
