import type { NoteFormat } from './noteFormat.ts';
import type { NoteLines } from './noteSurroundings.ts';

/** A block whose text is taken as it stands: a fence, a formula, a listing. */
interface Opening {
  /** Whether a line ends it. */
  readonly ends: (line: string) => boolean;
}

type Opens = (line: string, index: number) => Opening | undefined;

const exactly = (end: string): Opening => ({ ends: line => line.trim() === end });

function opensMarkdown(line: string, index: number): Opening | undefined {
  const bare = line.replace(/^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))*[ \t]*/, '');
  if (index === 0 && line === '---') return exactly('---');
  const fence = /^(`{3,}|~{3,})([^`]*)$/.exec(bare)?.[1];
  if (fence !== undefined) {
    const close = new RegExp(`^[\\s>]*${fence[0] === '`' ? '`' : '~'}{${fence.length},}\\s*$`);
    return { ends: candidate => close.test(candidate) };
  }
  if (bare.startsWith('$$') && !bare.slice(2).includes('$$'))
    return { ends: candidate => candidate.includes('$$') };
  if (bare.startsWith('<!--') && !bare.includes('-->'))
    return { ends: candidate => candidate.includes('-->') };
  return undefined;
}

const LATEX_BLOCKS =
  /^[^%]*\\begin\{((?:equation|align|alignat|gather|multline|eqnarray|displaymath|verbatim|lstlisting|minted|comment|flalign)\*?)\}/;

function opensLatex(line: string): Opening | undefined {
  const name = LATEX_BLOCKS.exec(line)?.[1];
  if (name !== undefined && !line.includes(`\\end{${name}}`)) {
    return { ends: candidate => candidate.includes(`\\end{${name}}`) };
  }
  if (/^\s*\\\[/.test(line) && !line.includes('\\]')) return { ends: candidate => candidate.includes('\\]') };
  return undefined;
}

function opensAsciidoc(line: string): Opening | undefined {
  const fence = /^(-{4,}|\+{4,}|\.{4,}|\/{4,}|`{3})/.exec(line)?.[1];
  return fence === undefined || line.replace(/^`{3}\w*$/, fence).trim() !== fence
    ? undefined
    : exactly(fence);
}

function opensTypst(line: string): Opening | undefined {
  const fence = /^\s*(`{3,})[^`]*$/.exec(line)?.[1];
  if (fence !== undefined) return { ends: candidate => candidate.includes(fence) };
  if (/^\s*\$\s*$/.test(line)) return { ends: candidate => candidate.includes('$') };
  return undefined;
}

const OPENS: Partial<Readonly<Record<NoteFormat, Opens>>> = {
  markdown: opensMarkdown,
  notebook: opensMarkdown,
  latex: opensLatex,
  asciidoc: opensAsciidoc,
  typst: opensTypst,
};

/**
 * The last line of the block that a line lies inside of, where nothing could be written without breaking it: a code fence, a formula, a
 * listing, front matter. Undefined outside such a block. One pass from the top, since a fence looks the same at both ends.
 */
export function endOfEnclosingBlock(
  format: NoteFormat,
  lines: NoteLines,
  index: number,
  character: number,
): number | undefined {
  const opens = OPENS[format];
  if (!opens) return undefined;
  let open: Opening | undefined;
  for (let at = 0; at < lines.count; at++) {
    const line = lines.line(at);
    if (open?.ends(line)) {
      // At the end of the last line one is outside again.
      if (at > index || (at === index && character < line.trimEnd().length)) return at;
      open = undefined;
      if (at >= index) return undefined;
      continue;
    }
    if (!open) {
      if (at > index) return undefined;
      // In front of the opening one is outside still.
      if (at === index && line.slice(0, character).trim() === '') return undefined;
      open = opens(line, at);
    }
  }
  return open ? lines.count - 1 : undefined;
}
