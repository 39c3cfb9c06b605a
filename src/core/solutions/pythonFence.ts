/** A fence made into a module that a parser can read, line for line. */
export interface FencedModule {
  readonly text: string;
  /** A part of the code is left out by the author. */
  readonly elided: boolean;
}

const BLOCK = /^(?:if|elif|else|for|while|with|try|except|finally|def|class|async)\b.*:\s*$|^\)[^=]*:\s*$/;
const ELLIPSIS = /省略|中略|後略|以下略|omitted|elided|snip\b|skipped|left out/i;

/**
 * Takes off the indentation of the first definition, so that a quoted method stands at the margin, and gives blocks whose body the
 * author left out a `pass`. The lines stay the lines of the fence.
 */
export function fencedModule(code: string): FencedModule {
  const given = code.split('\n').map(line => line.replaceAll('\t', '    '));
  const first = given.find(line => /^\s*(?:@|class\s|def\s|async\s+def\s)/.test(line)) ?? '';
  const margin = indentOf(first);
  const lines = given.map(line => {
    const cut = line.slice(Math.min(margin, indentOf(line)));
    return /^\s*(?:…|\.{3,}|⋮|\(?(?:中略|省略|略)\)?)\s*$/.test(cut)
      ? `${' '.repeat(indentOf(cut))}...`
      : cut;
  });
  const elided = lines.some(line => line.trim() === '...' || ELLIPSIS.test(/#(.*)$/.exec(line)?.[1] ?? ''));
  const bare = lines.map(line => line.replace(/(^|\s)#.*$/, '').trimEnd());
  for (const [index, line] of bare.entries()) {
    if (!BLOCK.test(line.trim())) continue;
    let next = index + 1;
    while (next < bare.length && bare[next] === '') next++;
    if (next >= bare.length || indentOf(bare[next] ?? '') <= headerIndent(bare, index))
      lines[index] = `${line} pass`;
  }
  return { text: `${lines.join('\n')}\n`, elided };
}

/** The indentation of the statement whose header ends here: of a closing bracket, that of its line is the `def`'s. */
function headerIndent(lines: readonly string[], index: number): number {
  return indentOf(lines[index] ?? '');
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
