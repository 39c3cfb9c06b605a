/** Every command the extension contributes; a test holds this list against package.json. */
export const CommandId = {
  copyLatex: 'equationLens.copyLatex',
  whyThisCard: 'equationLens.whyThisCard',
  muteEntry: 'equationLens.muteEntry',
  unmuteEntries: 'equationLens.unmuteEntries',
  reportWrongCard: 'equationLens.reportWrongCard',
  showOutput: 'equationLens.showOutput',
} as const;

export type CommandId = (typeof CommandId)[keyof typeof CommandId];
