import { lastSegment } from '../alignment/families.ts';
import { literalValue } from '../alignment/literals.ts';
import type { Signature, StatementPattern } from '../atlas/schema.ts';
import type { FunctionOutline, Outline, StatementOutline } from '../python/outline.ts';
import { flowYaml } from './flowYaml.ts';
import { contextsOf } from './functionContext.ts';

/** What a pack author starts from: names and numbers that stand in the code, no sentence of it. */
export interface Scaffold {
  readonly signature: Signature;
  /** Locals and parameters that look like tensors, for `symbols[].code`. */
  readonly symbols: readonly string[];
  /** One per statement that computes something. */
  readonly steps: readonly { readonly lines: readonly [number, number]; readonly match: StatementPattern }[];
}

/** @param path the file's path in its repository */
export function scaffoldSignature(outline: Outline, fn: FunctionOutline, path: string): Scaffold {
  const context = contextsOf(outline, { path }).find(it => it.fn === fn);
  if (!context) throw new Error(`${fn.qualname} is not in the outline`);
  const { cls, body } = context;
  const method = fn.className !== undefined;
  const literals = [...body.literals]
    .map(literalValue)
    .filter(
      value => typeof value === 'string' && value.length > 0 && value.length <= 40 && !value.includes(' '),
    );
  const signature: Signature = {
    kind: method ? 'method' : 'function',
    name: fn.name,
    ...(cls ? { class: [cls.name] } : {}),
    path: [path],
    parameters: [...context.parameters],
    ...(cls?.bases.length ? { bases: cls.bases.map(lastSegment) } : {}),
    ...(context.siblings.size ? { siblings: [...context.siblings] } : {}),
    ...(context.attributes.size ? { attributes: [...context.attributes].slice(0, 20) } : {}),
    calls: [...body.calls],
    operators: [...body.operators].filter(operator => operator !== '[]'),
    ...(literals.length ? { literals: [...new Set(literals)].slice(0, 10) } : {}),
  };
  const targets = new Set<string>();
  const steps: { lines: readonly [number, number]; match: StatementPattern }[] = [];
  for (const statement of fn.statements) {
    for (const target of statement.targets) targets.add(target);
    const match = patternOf(statement);
    if (match) steps.push({ lines: [statement.range.start.line + 1, statement.range.end.line + 1], match });
  }
  return { signature, symbols: [...context.parameters, ...targets], steps };
}

/** A pattern that asks for all the statement has; the author takes away what does not matter. */
export function patternOf(statement: StatementOutline): StatementPattern | undefined {
  const { kind } = statement;
  if (kind !== 'assign' && kind !== 'augmented' && kind !== 'expression' && kind !== 'return')
    return undefined;
  const calls = [...new Set(statement.calls.map(lastSegment))];
  const names = statement.names.filter(name => !statement.calls.includes(name));
  const operators = statement.operators.filter(operator => operator !== '[]');
  const literals = statement.literals.map(literalValue).filter(value => value !== '');
  const keywords = statement.keywords.filter(keyword => !keyword.includes('='));
  return {
    kind,
    ...(statement.targets.length ? { targets: [...statement.targets] } : {}),
    ...(names.length ? { names } : {}),
    ...(calls.length ? { calls } : {}),
    ...(operators.length ? { operators } : {}),
    ...(literals.length ? { literals } : {}),
    ...(keywords.length ? { keywords } : {}),
  };
}

/** The `signature:` block of a pack, a line per field. */
export function signatureYaml(signature: Signature, indent: string): string {
  const fields = Object.entries(signature).map(([key, value]) => `${indent}  ${key}: ${flowYaml(value)}\n`);
  return `${indent}signature:\n${fields.join('')}`;
}
