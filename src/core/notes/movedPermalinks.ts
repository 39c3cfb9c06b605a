import { foundMarkers } from './marker.ts';
import { movedUrl, type NotedPermalink } from './permalink.ts';

/** A function of the file that a permalink names: where it stands now, lines from 1, inclusive. */
export interface PresentFunction {
  readonly qualname: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Which function a noted permalink is about: the one named in the link's own line, else the one whose entry's marker stands above it.
 * Undefined where the note does not say.
 *
 * @param line the line that holds the link
 * @param above the text before that line, as far as it is worth reading
 * @param qualnameOf the upstream function of an entry
 */
export function notedFunction(
  line: string,
  above: string,
  functions: readonly PresentFunction[],
  qualnameOf: (entryId: string) => string | undefined,
): PresentFunction | undefined {
  const words = new Set(withoutUrls(line).match(/[A-Za-z_][\w.]*[\w]/g) ?? []);
  const named = functions.filter(fn => words.has(fn.qualname));
  if (named.length > 0) return longest(named);
  const marker = foundMarkers(above).at(-1);
  const qualname = marker && qualnameOf(marker.entryId);
  return functions.find(fn => fn.qualname === qualname);
}

/** The line of a note with the permalink brought up to date, what names its lines in words included. */
export function movedLine(
  line: string,
  link: NotedPermalink,
  url: string,
  now: { readonly start: number; readonly end: number; readonly commit?: string },
): string {
  const next = movedUrl(url, now.commit, now.start, now.end);
  const place = (start: number, end: number) =>
    start === end ? `${link.path}:${start}` : `${link.path}:${start}-${end}`;
  // LaTeX without hyperref writes the address twice, once with its signs escaped.
  const escaped = (text: string) =>
    text.replace(/[#%&_]/g, sign => `\\${sign}`).replaceAll('/', '/\\allowbreak{}');
  return line
    .replaceAll(url, next)
    .replaceAll(escaped(url), escaped(next))
    .replaceAll(place(link.start, link.end), place(now.start, now.end));
}

const withoutUrls = (line: string): string =>
  line.replace(/https?:\/\/[^\s"<>()[\]{}]+/g, ' ').replaceAll('\\_', '_');

function longest(functions: readonly PresentFunction[]): PresentFunction | undefined {
  return [...functions].sort((a, b) => b.qualname.length - a.qualname.length)[0];
}
