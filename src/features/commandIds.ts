/** Every command the extension contributes; a test holds this list against package.json. */
export const CommandId = {
  explainBlock: 'equationLens.explainBlock',
  explainEntry: 'equationLens.explainEntry',
  runMini: 'equationLens.runMini',
  goToEquation: 'equationLens.goToEquation',
  findCode: 'equationLens.findCode',
  refreshAtlas: 'equationLens.refreshAtlas',
  copyLatex: 'equationLens.copyLatex',
  insertEquation: 'equationLens.insertEquation',
  importSolutions: 'equationLens.importSolutions',
  newPack: 'equationLens.newPack',
  openNote: 'equationLens.openNote',
  whyThisCard: 'equationLens.whyThisCard',
  muteEntry: 'equationLens.muteEntry',
  unmuteEntries: 'equationLens.unmuteEntries',
  reportWrongCard: 'equationLens.reportWrongCard',
  showOutput: 'equationLens.showOutput',
} as const;

export type CommandId = (typeof CommandId)[keyof typeof CommandId];
