import { ownMiniRefusal } from '../minis/ownMini.ts';
import { texRefusal } from '../notes/texRefusal.ts';
import type { PackProblem } from './packProblem.ts';
import { type PackFile, type ReadPack, readPack } from './readPack.ts';

/** Longest pack of a stranger's that is read, in characters. */
export const MAX_PACK_LENGTH = 4_000_000;

const MAX_NESTING = 50;
const MAX_ALIASES = 50;
const NESTED = new RegExp(`[[{](?:[\\s"']*[[{]){${MAX_NESTING}}`);
const ALIAS = /(?<=[\s,[{:-])\*[\w-]+(?=[\s,\]}]|$)/g;

/** What costs a YAML parser much more than it costs who writes it. */
function bombOf(text: string): string | undefined {
  if (text.length > MAX_PACK_LENGTH) return `is longer than ${MAX_PACK_LENGTH} characters`;
  if (NESTED.test(text)) return `has more than ${MAX_NESTING} brackets in one another`;
  if ((text.match(ALIAS)?.length ?? 0) > MAX_ALIASES) return `has more than ${MAX_ALIASES} aliases`;
  return undefined;
}

/** Reads a pack of a stranger's: everything that `readPack` finds, its size, and TeX that does more than draw. Never throws. */
export function checkPack(file: PackFile, minis?: PackFile): ReadPack {
  const refused = (message: string): ReadPack => {
    const at = (
      field: readonly (string | number)[],
      text: string,
      severity: PackProblem['severity'] = 'error',
    ) => ({
      file: file.path,
      line: 1,
      column: 1,
      field: field.join('.'),
      message: text,
      severity,
    });
    return { problems: [at([], message)], at };
  };
  const reason = bombOf(file.text) ?? (minis && bombOf(minis.text));
  if (reason !== undefined) return refused(reason);
  try {
    const read = readPack(minis ? { pack: file, minis } : { pack: file });
    if (!read.pack) return read;
    const problems = [...read.problems];
    const check = (tex: string, field: readonly (string | number)[]) => {
      const refusal = texRefusal(tex);
      if (refusal !== undefined) problems.push(read.at(field, refusal));
    };
    for (const [index, entry] of read.pack.entries.entries()) {
      const here = ['entries', index];
      for (const [i, it] of entry.equations.entries()) check(it.tex, [...here, 'equations', i, 'tex']);
      for (const [i, it] of entry.symbols.entries()) check(it.tex, [...here, 'symbols', i, 'tex']);
      for (const [i, it] of entry.steps.entries()) if (it.tex) check(it.tex, [...here, 'steps', i, 'tex']);
      const file = entry.mini?.file ?? '';
      const refusal = file === '' ? undefined : ownMiniRefusal(file);
      if (refusal !== undefined) problems.push(read.at([...here, 'mini', 'file'], refusal, 'warning'));
    }
    const bad = problems.some(it => it.severity === 'error');
    return { ...(bad ? {} : { pack: read.pack }), problems, at: read.at };
  } catch (error) {
    // A parser that runs out of stack on brackets in brackets.
    return refused(
      `cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
  }
}
