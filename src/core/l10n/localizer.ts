import japanese from '../../../l10n/bundle.l10n.ja.json' with { type: 'json' };
import type { Text } from '../atlas/schema.ts';

/** The languages of the product. */
export type Language = 'en' | 'ja';

const BUNDLES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, ja: japanese };

/**
 * Sentences in the reader's language. VS Code's own `l10n.t` follows the display language only, while
 * `equationLens.language` may differ from it, and the core has no editor: so the bundles in `l10n/` are read here. Keys are the
 * English sentences, with `{0}`, `{1}`, … for arguments.
 */
export class Localizer {
  constructor(readonly language: Language) {}

  t(message: string, ...args: readonly (string | number)[]): string {
    const sentence = BUNDLES[this.language][message] ?? message;
    return sentence.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
  }

  /** A text of a pack in this language. */
  text(text: Text): string {
    return text[this.language];
  }
}
