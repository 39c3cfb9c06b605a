/** Where an outline comes from, as far as is known. */
export interface Origin {
  /** Path of the file; relative or absolute, only its end is looked at. Empty for untitled texts. */
  readonly path: string;
  /** `owner/name` of the git remote. */
  readonly remote?: string;
  /** The text that was outlined, where it is at hand: tells changed statements. */
  readonly text?: string;
}
