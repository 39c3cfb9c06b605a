/** Clauses that go on with the statement before them. */
const CLAUSE = /^(?:else|elif|except|finally)\b/;

/** What a statement may hold that counts for the whole file. */
const IMPORT = /\bimport\b/;

/** Characters outside strings that decide where a statement begins. */
const MEANING = /[\n#\\"'()[\]{}]/g;

/**
 * The same text with nothing left but the statement of the module that holds a line (a class, a function) and statements that import
 * something; every offset is kept. Of a long file it is read in a fraction of the time, and says the same of what stands on that line.
 * @param text as the grammar can read it (see `readable`)
 * @param line 0-based
 * @returns undefined where the line is in no statement, or where brackets or quotes do not close so far: only the grammar can tell then
 */
export function enclosingStatement(text: string, line: number): string | undefined {
  const starts = statementStarts(text, line);
  if (!starts) return undefined;
  const { offsets, holder } = starts;
  if (holder < 0) return undefined;
  let kept = '';
  let upTo = 0;
  for (let i = 0; i < offsets.length; i++) {
    const statement = text.slice(offsets[i], offsets[i + 1]);
    if (i !== holder && !IMPORT.test(statement)) continue;
    kept += blank(text.slice(upTo, offsets[i])) + statement;
    upTo = offsets[i]! + statement.length;
  }
  return kept;
}

const blank = (text: string) => text.replace(/[^\r\n]/g, ' ');

/** Where the module's statements begin, decorators included, and which of them holds the line (-1: none). */
function statementStarts(
  text: string,
  line: number,
): { readonly offsets: readonly number[]; readonly holder: number } | undefined {
  const offsets: number[] = [];
  let holder = -1;
  let depth = 0;
  let lineNumber = 0;
  /** Behind a line break that ends a line of code: not one in a string, and not one behind a backslash. */
  let atLineStart = true;
  let isDecorated = false;
  /** Nothing behind it counts, unless it belongs to the statement that is looked for. */
  const lastImport = text.lastIndexOf('import');
  let at = 0;
  while (at < text.length) {
    if (atLineStart && depth === 0 && startsStatement(text, at)) {
      if (!isDecorated) {
        offsets.push(at);
        if (lineNumber <= line) holder = offsets.length - 1;
        else if (at > lastImport) return { offsets, holder };
      }
      isDecorated = text[at] === '@';
    }
    atLineStart = false;
    // The next character that means something: most do not.
    MEANING.lastIndex = at;
    if (!MEANING.test(text)) break;
    at = MEANING.lastIndex - 1;
    switch (text[at]) {
      case '\n':
        at++;
        lineNumber++;
        atLineStart = true;
        break;
      case '#': {
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
        break;
      }
      case '\\':
        at += text[at + 1] === '\r' ? 3 : 2;
        if (text[at - 1] === '\n') lineNumber++;
        break;
      case '"':
      case "'": {
        const end = stringEnd(text, at);
        if (end === undefined) return undefined;
        for (let i = text.indexOf('\n', at); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) lineNumber++;
        at = end;
        break;
      }
      case '(':
      case '[':
      case '{':
        depth++;
        at++;
        break;
      default:
        if (--depth < 0) return undefined;
        at++;
    }
  }
  return depth === 0 ? { offsets, holder } : undefined;
}

/** Something in the first column that is neither a comment nor a clause of the statement above. */
function startsStatement(text: string, at: number): boolean {
  const first = text[at]!;
  if (/[\s#\uFEFF]/.test(first)) return false;
  return !((first === 'e' || first === 'f') && CLAUSE.test(text.slice(at, at + 8)));
}

/** Behind the closing quote; undefined where there is none. Prefixes do not matter: a raw string, too, goes on behind `\'`. */
function stringEnd(text: string, start: number): number | undefined {
  const quote = text[start]!;
  const triple = quote.repeat(3);
  const isTriple = text.startsWith(triple, start);
  const end = isTriple ? triple : quote;
  for (let at = start + end.length; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += text[at + 1] === '\r' ? 2 : 1;
    else if (character === '\n' && !isTriple) return undefined;
    else if (character === quote && text.startsWith(end, at)) return at + end.length;
  }
  return undefined;
}
