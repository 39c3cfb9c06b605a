import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Entry } from '../core/atlas/schema.ts';
import { Localizer } from '../core/l10n/localizer.ts';
import { NOTE_FORMATS } from '../core/notes/noteFormat.ts';
import { NOTE_PARTS, type NotePart } from '../core/notes/notePart.ts';
import { noteText } from '../core/notes/noteText.ts';
import type { Permalink } from '../core/notes/permalink.ts';
import { Recognizer } from '../core/recognition/recognizer.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { gitOrigin, pathInClone } from '../node/gitOrigin.ts';
import { cliAtlas, cliParser } from './assets.ts';
import { type Command, InputError, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const insertCommand: Command = {
  name: 'insert',
  usage: `ENTRY[#EQUATION] [--format ${NOTE_FORMATS.join('|')}] [--parts equation,symbols,permalink,code] [--file FILE.py] [--math dollars|fence] [--language en|ja] [--packs DIR]`,
  summary:
    'print an equation as text for notes; a notebook is printed as .ipynb, permalink and code are those of FILE.py',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      format: { type: 'string' },
      parts: { type: 'string' },
      file: { type: 'string' },
      math: { type: 'string' },
      language: { type: 'string' },
      packs: { type: 'string' },
    });
    const [name] = positionals;
    if (name === undefined || positionals.length > 1)
      throw new UsageError('insert needs the id of one entry');
    const format = oneOf(NOTE_FORMATS, values.format ?? 'markdown', '--format');
    const mathStyle = oneOf(['dollars', 'fence'] as const, values.math ?? 'dollars', '--math');
    const language = oneOf(['en', 'ja'] as const, values.language ?? 'en', '--language');
    const parts = (values.parts ?? 'equation')
      .split(',')
      .map(part => oneOf(NOTE_PARTS, part.trim(), '--parts'));
    const [id = '', equation] = name.split('#');
    const atlas = await cliAtlas(io, values.packs);
    const entry = atlas.entry(id);
    if (!entry) throw new InputError(`the atlas has no entry "${id}" (equation-lens atlas lists them)`);
    if (equation !== undefined && !entry.equations.some(it => it.id === equation)) {
      const ids = entry.equations.map(it => it.id).join(', ');
      throw new InputError(`${id} has no equation "${equation}"; there are ${ids}`);
    }
    const upstream = entry.upstream && { ...atlas.packOf(id)?.upstream, ...entry.upstream };
    const fallback: Permalink | undefined =
      upstream?.repo !== undefined && upstream.commit !== undefined
        ? {
            web: `https://github.com/${upstream.repo}`,
            commit: upstream.commit,
            path: upstream.path,
            qualname: upstream.qualname,
          }
        : undefined;
    const found =
      values.file === undefined
        ? {}
        : await functionIn(resolve(io.cwd, values.file), entry, new Recognizer(atlas));
    const permalink = found.permalink ?? fallback;
    const note = noteText(
      {
        entry,
        ...(equation === undefined ? {} : { equations: [equation] }),
        ...(permalink ? { permalink } : {}),
        ...(found.code === undefined ? {} : { code: found.code }),
        localizer: new Localizer(language),
      },
      { format, parts: sorted(parts), mathStyle },
    );
    for (const problem of note.problems) io.error(problem);
    io.out(format === 'notebook' ? notebook(note.lines) : `${note.lines.join('\n')}\n`);
    return 0;
  },
};

const sorted = (parts: readonly NotePart[]): NotePart[] => NOTE_PARTS.filter(part => parts.includes(part));

function oneOf<T extends string>(all: readonly T[], value: string, option: string): T {
  const found = all.find(it => it === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${all.join(', ')}`);
  return found;
}

/** The function of a file that is the entry: its lines, and where they are in its clone. */
async function functionIn(
  path: string,
  entry: Entry,
  recognizer: Recognizer,
): Promise<{ permalink?: Permalink; code?: string }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`${basename(path)}: ${reasonOf(error)}`);
  });
  const parser = await cliParser();
  try {
    const match = recognizer.matches(parser.outline(text), { path }).find(it => it.entryId === entry.id);
    if (!match) throw new InputError(`${basename(path)} has no function that is ${entry.id}`);
    const { range, qualname } = match.function;
    const endsBefore = range.end.character === 0 && range.end.line > range.start.line;
    const lines = { start: range.start.line + 1, end: endsBefore ? range.end.line : range.end.line + 1 };
    const source = text.split(/\r?\n/).slice(lines.start - 1, lines.end);
    const indent = Math.min(
      ...source.filter(it => it.trim() !== '').map(it => it.length - it.trimStart().length),
    );
    const code = source.map(it => it.slice(indent).trimEnd()).join('\n');
    const origin = await gitOrigin(dirname(path));
    if (origin?.web === undefined || origin.commit === undefined) return { code };
    return {
      code,
      permalink: { web: origin.web, commit: origin.commit, path: pathInClone(origin, path), lines, qualname },
    };
  } finally {
    parser.dispose();
  }
}

/** A notebook of one Markdown cell, nbformat 4.5. */
function notebook(lines: readonly string[]): string {
  const source = lines.map((line, index) => (index < lines.length - 1 ? `${line}\n` : line));
  const cell = { cell_type: 'markdown', id: 'equation', metadata: {}, source };
  return `${JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}
