/** A file of a repository at a commit, as a forge's address says it. */
export interface BlobLink {
  /** `https://github.com/openai/glide-text2im` */
  readonly repo: string;
  /** Commit, branch or tag. */
  readonly commit: string;
  readonly path: string;
  /** First and last line, from 1. */
  readonly lines?: readonly [number, number];
}

const BLOB =
  /^https:\/\/(github\.com|gitlab\.com)\/([\w.-]+)\/([\w.-]+)\/(?:-\/)?blob\/([\w.-]+)\/([^?#\s]+\.py)(?:\?[^#]*)?(?:#L(\d{1,7})(?:-L?(\d{1,7}))?)?$/;

/** Undefined for every other address. Nothing is ever fetched from it. */
export function blobLink(url: string): BlobLink | undefined {
  if (url.length > 1000) return undefined;
  const match = BLOB.exec(url);
  if (!match) return undefined;
  const [, host, owner, name, commit, path, from, to] = match;
  const decoded = decode(path ?? '');
  if (decoded === undefined || decoded.split('/').includes('..')) return undefined;
  const first = from === undefined ? undefined : Number(from);
  return {
    repo: `https://${host}/${owner}/${name}`,
    commit: commit ?? '',
    path: decoded,
    ...(first === undefined ? {} : { lines: [first, Math.max(first, Number(to ?? from))] }),
  };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
