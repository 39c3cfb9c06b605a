import type { Entry, Equation, EquationSymbol, Pack, Text } from '../atlas/schema.ts';
import { foundMarkers } from '../notes/marker.ts';
import { texRefusal } from '../notes/texRefusal.ts';
import type { PythonParser } from '../python/pythonParser.ts';
import type { BlobLink } from './blobLink.ts';
import { formulaKind, shapeOf } from './formulaKind.ts';
import { type Inline, type NoteBlock, noteBlocks, plainText } from './noteBlocks.ts';
import { noteLanguage } from './noteLanguage.ts';
import { type NamedClass, quotedClass } from './quotedClass.ts';
import { quotedFunctions } from './quotedFunctions.ts';
import type { AuthorNote, NoteFormula, ReportLine, Solutions } from './solutions.ts';

/** Longest note that is read, in characters. */
export const MAX_NOTE_LENGTH = 2_000_000;
/** Most of anything that one note may hold; the rest is said to be left out. */
const MAX_EQUATIONS = 1000;
const MAX_SYMBOLS = 40;
const MAX_FUNCTIONS = 500;
const MAX_EXERCISES = 500;
const MAX_TEXT = 600;
/** Containers in containers, on one line, beyond which nobody writes by hand. */
const MAX_NESTING = 40;

export interface ImportOptions {
  /** File name, as it stands on cards: `chapter-6.ja.md`. */
  readonly file: string;
  /** Where a click leads. The file name where absent. */
  readonly uri?: string;
  /** Of the pack; made from the file name where absent. */
  readonly system?: string;
}

interface Section {
  readonly exercise: string;
  readonly heading: string;
  readonly line: number;
  readonly blocks: NoteBlock[];
}

/**
 * A Markdown file of solutions → a pack, notes for entries of the same exercises, and a report on what was used. Never throws: a file that
 * cannot be used at all is one line of the report.
 */
export function importSolutions(text: string, parser: PythonParser, options: ImportOptions): Solutions {
  const refused = (unused: string): Solutions => ({
    notes: [],
    report: [{ line: 1, kind: 'note', what: options.file, unused }],
  });
  if (text.length > MAX_NOTE_LENGTH) return refused(`is longer than ${MAX_NOTE_LENGTH} characters`);
  if (text.includes('\0')) return refused('is no text');
  if (NESTED.test(text)) return refused(`has more than ${MAX_NESTING} quotes or lists in one another`);
  try {
    return new NoteImport(parser, options).run(noteBlocks(withoutFrontMatter(text)));
  } catch (error) {
    return refused(
      `cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
  }
}

/** Obsidian's properties at the head of a note are no text; the lines keep their numbers. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^\uFEFF?---[ \t]*\r?\n[\s\S]*?\r?\n---[ \t]*(?=\r?\n|$)/, found =>
    found.replace(/[^\r\n]+/g, ''),
  );
}

const NESTED = new RegExp(`^(?:[ \\t]{0,3}(?:>|[-*+][ \\t]|\\d{1,9}[.)][ \\t])){${MAX_NESTING}}`, 'm');

/** `演習問題6.5`, `Exercise 6.5`, `6.5 …`. */
const EXERCISE = /(?<![\d.])(\d{1,4}\.\d{1,4})(?![\d.]\d)/;

/** The system's name of a note: letters that ids may hold. */
export function systemOfFile(file: string): string {
  const base = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.(md|markdown|txt)$/i, '');
  const name = base
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60);
  return name === '' ? 'notes' : name;
}

class NoteImport {
  readonly #parser: PythonParser;
  readonly #options: ImportOptions;
  readonly #system: string;
  readonly #report: ReportLine[] = [];
  readonly #entries = new Map<string, Entry>();
  readonly #notes: AuthorNote[] = [];
  #language: string | undefined;
  #equations = 0;
  #functions = 0;

  constructor(parser: PythonParser, options: ImportOptions) {
    this.#parser = parser;
    this.#options = options;
    this.#system = options.system ?? systemOfFile(options.file);
  }

  run(blocks: readonly NoteBlock[]): Solutions {
    this.#language = noteLanguage(
      blocks.flatMap(block => (block.kind === 'prose' ? plainText(block.inlines) : [])).join(' '),
    );
    const { title, sections } = this.#sections(blocks);
    for (const section of sections) this.#section(section);
    this.#report.sort((a, b) => a.line - b.line);
    const entries = [...this.#entries.values()];
    if (entries.length === 0) {
      this.#say({
        line: 1,
        kind: 'note',
        what: this.#options.file,
        unused: 'no heading with an exercise number (such as "Exercise 6.5") was found',
      });
      return { notes: this.#notes, report: this.#report };
    }
    const pack: Pack = {
      system: this.#system,
      title: both(title === '' ? this.#options.file : clip(title, 120)),
      entries,
    };
    return {
      pack,
      notes: this.#notes,
      report: this.#report,
      ...(this.#options.uri === undefined ? {} : { uri: this.#options.uri }),
    };
  }

  #say(line: ReportLine): void {
    this.#report.push({ ...line, what: clip(line.what, 80) });
  }

  #sections(blocks: readonly NoteBlock[]): { title: string; sections: Section[] } {
    const sections: Section[] = [];
    let title = '';
    let current: Section | undefined;
    let depth = 0;
    for (const block of blocks) {
      if (block.kind === 'heading') {
        const words = plainText(block.inlines);
        const exercise = EXERCISE.exec(words)?.[1];
        if (exercise !== undefined && (current === undefined || block.depth <= depth || !isPart(words))) {
          if (sections.length >= MAX_EXERCISES) {
            this.#say({
              line: block.line,
              kind: 'exercise',
              what: words,
              unused: `more than ${MAX_EXERCISES} exercises`,
            });
            current = undefined;
            continue;
          }
          current = { exercise, heading: words, line: block.line, blocks: [] };
          depth = block.depth;
          sections.push(current);
          this.#say({ line: block.line, kind: 'exercise', what: exercise, used: `exercise ${exercise}` });
          continue;
        }
        // A heading of the exercise's own level, without a number, is no part of it.
        if (current === undefined || block.depth <= depth) {
          if (title === '') {
            title = words;
            this.#say({ line: block.line, kind: 'text', what: words, used: 'title' });
          } else {
            this.#say({
              line: block.line,
              kind: 'text',
              what: words,
              unused: 'no exercise number in the heading',
            });
          }
          if (block.depth <= depth) current = undefined;
          continue;
        }
      }
      if (current) current.blocks.push(block);
      else if (block.kind !== 'heading' && block.kind !== 'image')
        this.#say({
          line: block.line,
          kind: 'text',
          what: sketch(block),
          unused: 'stands under no exercise',
        });
    }
    return { title, sections };
  }

  #section(section: Section): void {
    const equations: Equation[] = [];
    const formulas: NoteFormula[] = [];
    const inlineEquations: NoteFormula[] = [];
    const symbols = new Map<string, EquationSymbol>();
    const marked = new Map<string, NoteFormula[]>();
    const functions: { id: string; entry: Entry; line: number }[] = [];
    const paragraphs: string[] = [];
    let since: (readonly Inline[])[] = [];
    let lastProse = '';
    let owner: NamedClass | undefined;
    let links: { link: BlobLink; line: number }[] = [];
    let fresh: { link: BlobLink; line: number }[] = [];
    let marker: string | undefined;

    const addDisplay = (tex: string, line: number): void => {
      const clean = cleanTex(tex);
      const what = clean.replace(/\s+/g, ' ');
      const reason =
        clean === ''
          ? 'is empty'
          : this.#equations >= MAX_EQUATIONS
            ? `more than ${MAX_EQUATIONS} equations`
            : texRefusal(clean);
      if (reason !== undefined) {
        this.#say({ line, kind: 'equation', what, unused: reason });
        return;
      }
      this.#equations++;
      const sentence = clip(lastProse === '' ? section.heading : lastProse, MAX_TEXT);
      equations.push({
        id: `e${equations.length + 1}`,
        tex: clean,
        spoken: both(clip(clean.replace(/\s+/g, ' '), MAX_TEXT)),
        text: both(sentence),
        source: `exercise ${section.exercise}`,
      });
      formulas.push({ tex: clean, line });
      if (marker !== undefined) marked.set(marker, [...(marked.get(marker) ?? []), { tex: clean, line }]);
      this.#say({
        line,
        kind: 'equation',
        what,
        used: marker === undefined ? `equation of exercise ${section.exercise}` : `equation of ${marker}`,
      });
    };

    for (const block of section.blocks) {
      switch (block.kind) {
        case 'heading':
          since = [block.inlines];
          marker = undefined;
          break;
        case 'display':
          addDisplay(block.tex, block.line);
          break;
        case 'html': {
          const [found] = foundMarkers(block.text);
          if (/^<!--/.test(block.text.trim()) && found) {
            marker = found.entryId;
            this.#say({
              line: block.line,
              kind: 'marker',
              what: marker,
              used: 'the equations after it are of this entry',
            });
          } else if (!/^<!--/.test(block.text.trim())) {
            this.#say({ line: block.line, kind: 'text', what: block.text, unused: 'HTML is not read' });
          }
          break;
        }
        case 'image':
          this.#say({ line: block.line, kind: 'text', what: 'picture', unused: 'pictures are not read' });
          break;
        case 'code':
          this.#say({
            line: block.line,
            kind: 'text',
            what: `code in ${block.lang || 'no language'}`,
            unused: 'is no Python',
          });
          break;
        case 'prose': {
          const words = plainText(block.inlines);
          since.push(block.inlines);
          links.push(...block.links);
          fresh.push(...block.links);
          for (const { link, line } of block.links)
            this.#say({
              line,
              kind: 'link',
              what: `${link.path}@${link.commit}`,
              used: 'file of the code that follows',
            });
          if (words !== '') {
            lastProse = lastSentence(words);
            if (!block.quoted) paragraphs.push(words);
            this.#say({ line: block.line, kind: 'text', what: words, used: 'text' });
          }
          for (const inline of block.inlines) {
            if (inline.kind === 'display') addDisplay(inline.text, inline.line);
            else if (inline.kind === 'math') this.#inline(inline, words, section, symbols, inlineEquations);
            else if (inline.kind === 'notMath')
              this.#say({
                line: inline.line,
                kind: 'symbol',
                what: inline.text,
                unused: 'a dollar with a space beside it is no formula',
              });
            else if (inline.kind === 'html') {
              const [found] = foundMarkers(inline.text);
              if (found) marker = found.entryId;
              else
                this.#say({ line: inline.line, kind: 'text', what: inline.text, unused: 'HTML is not read' });
            }
          }
          break;
        }
        case 'python': {
          const place = linkFor(block.code, links, fresh, since);
          const quoted = quotedFunctions(block.code, this.#parser, place?.path ?? '', method =>
            quotedClass(since, method, owner),
          );
          for (const { name, line, reason } of quoted.unused)
            this.#say({ line: block.line + line, kind: 'function', what: name, unused: reason });
          for (const fn of quoted.functions) {
            const line = block.line + fn.line;
            if (this.#functions >= MAX_FUNCTIONS) {
              this.#say({
                line,
                kind: 'function',
                what: fn.qualname,
                unused: `more than ${MAX_FUNCTIONS} functions`,
              });
              continue;
            }
            this.#functions++;
            const id = `${this.#system}.${fn.qualname}`;
            const description = clip(lastProse === '' ? section.heading : lastProse, MAX_TEXT);
            functions.push({
              id,
              line,
              entry: {
                id,
                title: both(fn.qualname),
                exercises: [section.exercise],
                summary: both(description),
                ...(place
                  ? {
                      upstream: {
                        path: place.path,
                        qualname: fn.qualname,
                        repo: place.repo,
                        commit: place.commit,
                      },
                    }
                  : {}),
                signature: fn.signature,
                equations: [],
                symbols: [],
                steps: [],
                origin: this.#origin(line),
              },
            });
            this.#say({
              line,
              kind: 'function',
              what: fn.qualname,
              used: `${place ? `function in ${place.path}` : 'function'}${fn.elided ? ', parts of it left out' : ''}`,
            });
          }
          if (quoted.functions.length === 0 && quoted.unused.length === 0)
            this.#say({
              line: block.line,
              kind: 'function',
              what: sketch(block),
              unused: 'no function is defined in it',
            });
          owner = quoted.cls ?? owner;
          since = [];
          fresh = [];
          break;
        }
      }
    }
    const shown =
      equations.length > 0
        ? equations
        : inlineEquations.slice(0, 12).map((it, index) => ({
            id: `e${index + 1}`,
            tex: it.tex,
            spoken: both(clip(it.tex, MAX_TEXT)),
            text: both(clip(section.heading, MAX_TEXT)),
            source: `exercise ${section.exercise}`,
          }));
    const list = [...symbols.values()].slice(0, MAX_SYMBOLS);
    for (const { id, entry, line } of functions) {
      const marks = marked.get(id) ?? marked.get(entry.upstream?.qualname ?? '');
      const own = marks ? shown.filter(it => marks.some(mark => mark.tex === it.tex)) : shown;
      this.#add({ ...entry, equations: own, symbols: list }, line);
    }
    if (functions.length === 0) {
      const id = `${this.#system}.${section.exercise}`;
      const summary = clip(paragraphs.slice(0, 2).join(' ') || section.heading, MAX_TEXT);
      this.#add(
        {
          id,
          title: exerciseTitle(section),
          exercises: [section.exercise],
          summary: both(summary),
          equations: shown,
          symbols: list,
          steps: [],
          origin: this.#origin(section.line),
        },
        section.line,
      );
    }
    this.#addNotes(section, formulas.length > 0 ? formulas : inlineEquations, marked, functions, paragraphs);
    links = [];
  }

  #addNotes(
    section: Section,
    formulas: readonly NoteFormula[],
    marked: ReadonlyMap<string, readonly NoteFormula[]>,
    functions: readonly { readonly entry: Entry; readonly line: number }[],
    paragraphs: readonly string[],
  ): void {
    const uri = this.#options.uri ?? this.#options.file;
    const text = clip(paragraphs[0] ?? section.heading, MAX_TEXT);
    for (const [entry, equations] of marked) {
      this.#notes.push({
        exercise: section.exercise,
        entries: [entry],
        equations,
        text,
        uri,
        line: equations[0]?.line ?? section.line,
      });
    }
    const taken = new Set([...marked.values()].flat());
    const rest = formulas.filter(
      it => ![...taken].some(mark => mark.tex === it.tex && mark.line === it.line),
    );
    if (rest.length > 0) {
      this.#notes.push({
        exercise: section.exercise,
        entries: [],
        equations: rest,
        text,
        uri,
        line: rest[0]?.line ?? section.line,
      });
    }
    for (const { entry, line } of functions) {
      this.#notes.push({
        exercise: section.exercise,
        entries: [
          entry.signature?.class?.[0]
            ? `${entry.signature.class[0]}.${entry.signature.name}`
            : (entry.signature?.name ?? ''),
        ],
        equations: [],
        text: entry.summary.en,
        uri,
        line,
      });
    }
  }

  #inline(
    inline: Inline,
    words: string,
    section: Section,
    symbols: Map<string, EquationSymbol>,
    equations: NoteFormula[],
  ): void {
    const tex = cleanTex(inline.text);
    const reason = tex === '' ? 'is empty' : texRefusal(tex);
    if (reason !== undefined) {
      this.#say({ line: inline.line, kind: 'symbol', what: tex, unused: reason });
      return;
    }
    const kind = formulaKind(tex);
    if (kind === 'equation') {
      if (equations.length < MAX_SYMBOLS) equations.push({ tex, line: inline.line });
      this.#say({
        line: inline.line,
        kind: 'equation',
        what: tex,
        used: `formula in the text of exercise ${section.exercise}`,
      });
      return;
    }
    if (kind === 'value') {
      this.#say({ line: inline.line, kind: 'symbol', what: tex, unused: 'a value, not a symbol' });
      return;
    }
    const { symbol, shape } = shapeOf(tex);
    if (symbols.has(symbol)) {
      this.#say({ line: inline.line, kind: 'symbol', what: tex, used: 'symbol, as above' });
      return;
    }
    if (symbols.size >= MAX_SYMBOLS) {
      this.#say({
        line: inline.line,
        kind: 'symbol',
        what: tex,
        unused: `more than ${MAX_SYMBOLS} symbols in the exercise`,
      });
      return;
    }
    symbols.set(symbol, {
      tex: symbol,
      code: [],
      ...(shape === undefined ? {} : { shape }),
      meaning: both(clip(sentenceWith(words, inline.text), 200)),
    });
    this.#say({ line: inline.line, kind: 'symbol', what: tex, used: 'symbol' });
  }

  /** A function or exercise that comes twice is one entry, the first. */
  #add(entry: Entry, line: number): void {
    const known = this.#entries.get(entry.id);
    if (!known) {
      this.#entries.set(entry.id, entry);
      return;
    }
    this.#entries.set(entry.id, {
      ...known,
      exercises: [...new Set([...known.exercises, ...entry.exercises])],
      equations: known.equations.length > 0 ? known.equations : entry.equations,
    });
    this.#say({
      line,
      kind: 'function',
      what: entry.id,
      unused: `is the same as in line ${known.origin?.line ?? 1}`,
    });
  }

  #origin(line: number): NonNullable<Entry['origin']> {
    const language = this.#language;
    return { file: this.#options.file, line, ...(language === undefined ? {} : { language }) };
  }
}

/** The file that a fence is from: the last one linked to as a whole; one linked to by lines only where as many lines are quoted. */
function linkFor(
  code: string,
  links: readonly { readonly link: BlobLink }[],
  fresh: readonly { readonly link: BlobLink }[],
  _since: readonly (readonly Inline[])[],
): BlobLink | undefined {
  const count = code.split('\n').length;
  const fits = ({ link }: { readonly link: BlobLink }) => {
    if (!link.lines) return true;
    const linked = link.lines[1] - link.lines[0] + 1;
    return linked > 1 && Math.abs(linked - count) <= Math.max(2, 0.15 * count);
  };
  return (fresh.findLast(fits) ?? links.findLast(fits))?.link;
}

/** A heading of a part of an exercise (`6.5.1`, `(1)`) rather than of another exercise. */
const isPart = (words: string): boolean => !/^(?:\D{0,24}?)\d+\.\d+/.test(words);

function exerciseTitle({ exercise, heading }: Section): Text {
  const bare = /^\s*(?:演習問題|演習|問題|Exercise|Problem|Question)?\s*\d+\.\d+\s*[.:：]?\s*$/i.test(
    heading,
  );
  return bare ? { en: `Exercise ${exercise}`, ja: `演習問題${exercise}` } : both(clip(heading, 120));
}

const both = (text: string): Text => {
  const line = text.replace(/\s+/g, ' ').trim();
  return { en: line === '' ? '—' : line, ja: line === '' ? '—' : line };
};

function clip(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

/** TeX without blank lines, comments and the numbering that the author's page does itself. */
function cleanTex(tex: string): string {
  return tex
    .split('\n')
    .map(line => line.replace(/(?<!\\)%.*$/, '').trimEnd())
    .filter(line => line.trim() !== '')
    .join('\n')
    .trim();
}

const sentences = (words: string): string[] =>
  words.split(/(?<=[。！？])|(?<=[.!?])\s+/).filter(it => it.trim() !== '');

const lastSentence = (words: string): string => sentences(words).at(-1)?.trim() ?? '';

const sentenceWith = (words: string, part: string): string =>
  sentences(words)
    .find(it => it.includes(part))
    ?.trim() ?? words;

function sketch(block: NoteBlock): string {
  switch (block.kind) {
    case 'prose':
    case 'heading':
      return plainText(block.inlines);
    case 'display':
      return block.tex;
    case 'python':
      return block.code.split('\n')[0] ?? '';
    case 'html':
      return block.text;
    default:
      return block.kind;
  }
}
