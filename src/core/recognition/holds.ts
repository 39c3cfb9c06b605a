import { lastSegment } from '../alignment/families.ts';
import { fitPattern } from '../alignment/fitPattern.ts';
import { isLiteral } from '../alignment/literals.ts';
import { Naming } from '../alignment/naming.ts';
import type { Condition } from '../atlas/schema.ts';
import type { FunctionContext } from './functionContext.ts';

/** True where everything that the condition lists is so. */
export function holds(condition: Condition, context: FunctionContext): boolean {
  const { body } = context;
  const all = <T>(wanted: readonly T[] | undefined, test: (item: T) => boolean) =>
    wanted?.every(test) ?? true;
  return (
    all(condition.parameters, name => context.fn.parameters.some(it => it.name === name)) &&
    all(condition.calls, name => body.calls.has(lastSegment(name))) &&
    all(condition.attributes, name => context.attributes.has(lastSegment(name))) &&
    all(condition.siblings, name => context.siblings.has(name)) &&
    all(condition.bases, name => context.bases.some(base => lastSegment(base) === lastSegment(name))) &&
    all(condition.names, name => isRead(name, body.names)) &&
    all(condition.literals, value => [...body.literals].some(written => isLiteral(value, written))) &&
    (condition.statement === undefined || someStatement(condition.statement, context)) &&
    (condition.any === undefined || condition.any.some(it => holds(it, context))) &&
    (condition.not === undefined || !holds(condition.not, context))
  );
}

function isRead(name: string, names: ReadonlySet<string>): boolean {
  if (names.has(name)) return true;
  for (const seen of names) if (seen.startsWith(`${name}.`)) return true;
  return false;
}

function someStatement(pattern: NonNullable<Condition['statement']>, context: FunctionContext): boolean {
  return context.fn.statements.some(statement => {
    if (pattern.kind && pattern.kind !== statement.kind) return false;
    if (pattern.calls?.some(call => !statement.calls.some(it => lastSegment(it) === lastSegment(call))))
      return false;
    if (pattern.operators?.some(operator => !statement.operators.includes(operator))) return false;
    const { kind: _, ...features } = pattern;
    const fit = fitPattern(features, [statement], Naming.literal);
    return Object.values(features).every(value => value === undefined) || fit.score >= 1 - 1e-9;
  });
}
