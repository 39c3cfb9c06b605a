/** What a note is written in. `notebook` is a Markdown cell, whose renderers know `$$` and nothing of GitHub's fence. */
export const NOTE_FORMATS = ['markdown', 'latex', 'notebook', 'rst', 'asciidoc', 'typst', 'text'] as const;

export type NoteFormat = (typeof NOTE_FORMATS)[number];

const BY_LANGUAGE: Readonly<Record<string, NoteFormat>> = {
  markdown: 'markdown',
  latex: 'latex',
  tex: 'latex',
  restructuredtext: 'rst',
  rst: 'rst',
  asciidoc: 'asciidoc',
  adoc: 'asciidoc',
  typst: 'typst',
  plaintext: 'text',
};

/** By VS Code's language id; undefined for languages in which nobody keeps notes. */
export function noteFormatOf(languageId: string, inNotebook = false): NoteFormat | undefined {
  const format = BY_LANGUAGE[languageId];
  return inNotebook ? (format === 'markdown' ? 'notebook' : undefined) : format;
}
