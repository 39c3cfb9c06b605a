import { equationLabel } from './equationLabel.ts';
import { asciidocWriter } from './formats/asciidocWriter.ts';
import { latexWriter } from './formats/latexWriter.ts';
import { markdownWriter } from './formats/markdownWriter.ts';
import { rstWriter } from './formats/rstWriter.ts';
import { textWriter } from './formats/textWriter.ts';
import { typstWriter } from './formats/typstWriter.ts';
import { markerText } from './marker.ts';
import type { MathStyle, NoteContent } from './noteContent.ts';
import type { NoteFormat } from './noteFormat.ts';
import type { NotePart } from './notePart.ts';
import { code, math, type NoteWriter, numberRows, text } from './noteWriter.ts';
import { permalinkPlace, permalinkUrl } from './permalink.ts';
import { texRefusal } from './texRefusal.ts';

export interface NoteOptions {
  readonly format: NoteFormat;
  readonly parts: readonly NotePart[];
  /** Of Markdown; `dollars` where absent. */
  readonly mathStyle?: MathStyle;
  /** LaTeX that loads hyperref or url. */
  readonly hasUrl?: boolean;
  /** In a table's cell: one line, of formulas and the permalink alone. */
  readonly inline?: boolean;
}

/** A note as text, and what could not be written, in the reader's language. */
export interface NoteText {
  /** Without indentation; `placeNote` puts them where they belong. */
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

/** Entry → text of a note, in any format. Pure. */
export function noteText(content: NoteContent, options: NoteOptions): NoteText {
  const problems: string[] = [];
  const writer = writerOf(options);
  const blocks = options.inline
    ? [inlineBlock(content, options, writer, problems)]
    : options.parts.flatMap(part => blocksOf(part, content, options, writer, problems));
  const lines = blocks
    .filter(block => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ['', ...block]));
  return { lines, problems };
}

function writerOf({ format, mathStyle = 'dollars', hasUrl = false }: NoteOptions): NoteWriter {
  switch (format) {
    case 'markdown':
      return markdownWriter(mathStyle);
    case 'notebook':
      return markdownWriter('dollars');
    case 'latex':
      return latexWriter({ hasUrl });
    case 'rst':
      return rstWriter();
    case 'asciidoc':
      return asciidocWriter();
    case 'typst':
      return typstWriter();
    case 'text':
      return textWriter();
  }
}

function blocksOf(
  part: NotePart,
  content: NoteContent,
  options: NoteOptions,
  writer: NoteWriter,
  problems: string[],
): (readonly string[])[] {
  const { entry, localizer, permalink, numbers } = content;
  switch (part) {
    case 'equation':
      return equations(content, problems).map(equation => {
        const marker = markerText({ entryId: entry.id, equationId: equation.id });
        const block = writer.equation(equation.tex, marker, equationLabel(entry, equation.id));
        if (block.problem !== undefined) problems.push(block.problem);
        return options.format === 'text'
          ? [localizer.text(equation.spoken), '', ...block.lines]
          : block.lines;
      });
    case 'symbols': {
      const symbols = entry.symbols.filter(symbol => texRefusal(symbol.tex) === undefined);
      const head = ['Symbol', 'Code', 'Shape', 'Meaning'].map(name => localizer.t(name));
      const rows = symbols.map(symbol => [
        [math(symbol.tex)],
        symbol.code.map(code),
        symbol.shape === undefined ? [] : [code(symbol.shape)],
        [text(localizer.text(symbol.meaning))],
      ]);
      return rows.length === 0 ? [] : [writer.table(head, rows)];
    }
    case 'permalink':
      if (permalink) return [[linkOf(permalink, writer)]];
      problems.push(localizer.t('No git remote is known for this code, so the note has no permalink.'));
      return [];
    case 'code':
      if (content.code !== undefined) return [writer.code(content.code, 'python')];
      problems.push(localizer.t('No code in this workspace computes “{0}”.', localizer.text(entry.title)));
      return [];
    case 'numbers': {
      if (!numbers || numbers.length === 0) {
        problems.push(localizer.t('The mini has not run yet, so the note has no numbers.'));
        return [];
      }
      const head = ['Tensor', 'Shape', 'Values'].map(name => localizer.t(name));
      return [writer.table(head, numberRows(numbers))];
    }
  }
}

/** All in one line. What needs lines of its own is left out, and said. */
function inlineBlock(
  content: NoteContent,
  options: NoteOptions,
  writer: NoteWriter,
  problems: string[],
): string[] {
  const { entry, localizer, permalink } = content;
  const pieces: string[] = [];
  if (options.parts.includes('equation')) {
    for (const equation of equations(content, problems)) {
      const marker = markerText({ entryId: entry.id, equationId: equation.id });
      const block = writer.inlineEquation(equation.tex, marker);
      if (block.problem !== undefined) problems.push(block.problem);
      pieces.push(block.lines.join('\n'));
    }
  }
  if (options.parts.includes('permalink') && permalink) pieces.push(linkOf(permalink, writer));
  if (options.parts.some(part => part === 'symbols' || part === 'code' || part === 'numbers')) {
    problems.push(localizer.t('A table’s cell holds formulas and links alone.'));
  }
  return pieces.join(' ').replaceAll('\n ', '\n').split('\n');
}

function linkOf(permalink: NonNullable<NoteContent['permalink']>, writer: NoteWriter): string {
  const { qualname } = permalink;
  return writer.link({ url: permalinkUrl(permalink), place: permalinkPlace(permalink), qualname });
}

function equations({ entry, equations: wanted, localizer }: NoteContent, problems: string[]) {
  return entry.equations
    .filter(equation => wanted === undefined || wanted.includes(equation.id))
    .filter(equation => {
      const refusal = texRefusal(equation.tex);
      if (refusal !== undefined) {
        problems.push(localizer.t('“{0}” is not inserted: {1}.', `${entry.id}#${equation.id}`, refusal));
      }
      return refusal === undefined;
    });
}
