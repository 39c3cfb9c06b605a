/** A token of TeX with its place: a control sequence, a run of white space, a comment, or one character. */
export interface TexToken {
  readonly text: string;
  readonly start: number;
  readonly kind: 'control' | 'space' | 'comment' | 'character';
}

const TOKEN = /\\(?:[A-Za-z]+\*?|[\s\S])|\s+|%[^\n]*\n?|[\s\S]/gu;

/** The tokens of a piece of TeX; joined again they are the text. */
export function texTokens(tex: string): TexToken[] {
  return [...tex.matchAll(TOKEN)].map(({ 0: text, index }) => ({ text, start: index, kind: kindOf(text) }));
}

function kindOf(text: string): TexToken['kind'] {
  if (text.startsWith('\\') && text.length > 1) return 'control';
  if (/^\s/.test(text)) return 'space';
  return text.startsWith('%') ? 'comment' : 'character';
}
