import type { Statement } from './ast.ts';

/** Docstrings, `pass`, `global`: nothing to do. */
export function isNothing(s: Statement): boolean {
  return (
    s.kind === 'Pass' ||
    s.kind === 'Global' ||
    s.kind === 'Nonlocal' ||
    (s.kind === 'Expression' && s.value.kind === 'Constant')
  );
}
