/** The very lines of a file at a commit, on the page of its repository. Lines count from 1, inclusive. */
export interface Permalink {
  /** `https://github.com/owner/name`. */
  readonly web: string;
  readonly commit: string;
  /** Below the clone, `/` between its parts. */
  readonly path: string;
  readonly lines?: { readonly start: number; readonly end: number };
  /** `QKVAttention.forward`: what the lines hold; how moved lines are found again. */
  readonly qualname: string;
}

export function permalinkUrl({ web, commit, path, lines }: Permalink): string {
  const anchor = lines
    ? lines.start === lines.end
      ? `#L${lines.start}`
      : `#L${lines.start}-L${lines.end}`
    : '';
  // Brackets are legal in paths and end a link in most markups.
  const encoded = path
    .split('/')
    .map(part => encodeURIComponent(part).replace(/[()']/g, c => `%${c.charCodeAt(0).toString(16)}`));
  return `${web}/blob/${commit}/${encoded.join('/')}${anchor}`;
}

/** `glide_text2im/unet.py, lines 261–288` is what a reader sees; this is its part without words. */
export function permalinkPlace({ path, lines }: Permalink): string {
  if (!lines) return path;
  return lines.start === lines.end ? `${path}:${lines.start}` : `${path}:${lines.start}-${lines.end}`;
}

/** A permalink found in a note. */
export interface NotedPermalink {
  /** `owner/name`. */
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** Of the URL in the text. */
  readonly offset: number;
  readonly length: number;
}

const URL =
  /https?:\/\/[\w.-]+(?::\d+)?\/([\w.-]+\/[\w.-]+)\/(?:-\/)?blob\/([0-9a-f]{7,64})\/([^\s#"'<>()[\]{}\\]{1,400})#L(\d{1,7})(?:-L?(\d{1,7}))?/g;

/** Every permalink with lines in a text, in order; one pass, whatever the size. */
export function notedPermalinks(text: string): NotedPermalink[] {
  const found: NotedPermalink[] = [];
  for (const match of text.matchAll(URL)) {
    const [url, repository, commit, encoded, start, end] = match;
    const path = decoded(encoded ?? '');
    if (path === undefined) continue;
    found.push({
      repository: repository ?? '',
      commit: commit ?? '',
      path,
      start: Number(start),
      end: Number(end ?? start),
      offset: match.index,
      length: url.length,
    });
  }
  return found;
}

/** The URL of a noted permalink with other lines and another commit; all else stays as the author wrote it. */
export function movedUrl(url: string, commit: string | undefined, start: number, end: number): string {
  const lines = start === end ? `L${start}` : `L${start}-L${end}`;
  const moved = url.replace(/#L\d+(?:-L?\d+)?$/, `#${lines}`);
  return commit === undefined ? moved : moved.replace(/\/blob\/[0-9a-f]{7,64}\//, `/blob/${commit}/`);
}

function decoded(path: string): string | undefined {
  try {
    const plain = decodeURIComponent(path);
    return plain.split('/').some(part => part === '..' || part === '') ? undefined : plain;
  } catch {
    return undefined;
  }
}
