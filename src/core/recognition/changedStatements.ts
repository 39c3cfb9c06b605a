import type { StatementPrints } from '../atlas/schema.ts';
import type { FunctionOutline } from '../python/outline.ts';
import type { Range } from '../python/position.ts';
import { type StatementPrint, statementPrint } from './statementPrint.ts';

/**
 * Statements that are made of the same names as a step of the original, but hold other numbers, signs or transposes, or two operands
 * the other way round. What was written anew altogether is left to the alignment.
 * @param textOf the text in a range of the file that holds the function
 */
export function changedStatements(
  known: StatementPrints,
  fn: FunctionOutline,
  textOf: (range: Range) => string,
): Range[] {
  return fn.statements.flatMap(({ range }) => {
    const print = statementPrint(textOf(range));
    const originals = print && known[print.words];
    return originals && isChanged(print, originals) ? [range] : [];
  });
}

/** @param originals `values:exact` of statements with the same names */
function isChanged(print: StatementPrint, originals: readonly string[]): boolean {
  const exact = new Set(originals.map(it => it.split(':')[1]));
  if (exact.has(print.exact)) return false;
  if (!originals.some(it => it.startsWith(`${print.values}:`))) return true;
  return print.swapped().some(it => exact.has(it));
}
