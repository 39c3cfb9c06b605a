import type { Expression, Statement } from './ast.ts';
import { namesOfFunction } from './scope.ts';

/** True where the statement holds a yield of its own function. */
export function yields(s: Statement): boolean {
  return namesOfFunction({
    name: '',
    parameters: [],
    isAsync: false,
    body: () => [s],
    start: s.start,
    end: s.end,
  }).isGenerator;
}

/** The same of an expression. */
export function expressionYields(e: Expression): boolean {
  return yields({ kind: 'Expression', value: e, start: e.start, end: e.end });
}
