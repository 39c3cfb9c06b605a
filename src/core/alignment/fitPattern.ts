import type { StatementPattern } from '../atlas/schema.ts';
import type { StatementOutline } from '../python/outline.ts';
import { isDecisive, substituteFor } from './decisive.ts';
import { bestKinship } from './families.ts';
import { isLiteral } from './literals.ts';

/** Local names of the pack → what this document calls them; empty where they are the same. */
export type Renames = ReadonlyMap<string, string>;

/** What counts how much: what is computed above all, what it is called least. */
const WEIGHT = { calls: 3, operators: 2, literals: 2, keywords: 1, targets: 1.5, names: 1, kind: 1 } as const;

/** How much of what a pattern asks for stands in these statements taken together. */
export interface Fit {
  /** 0…1 over all features. */
  readonly score: number;
  /** 0…1 over calls, operators and literals: what a rename cannot change. 1 where the pattern has none. */
  readonly structure: number;
  /** True where the pattern says anything about structure. */
  readonly structural: boolean;
  /** 0…1 over targets and names. 1 where the pattern has none. */
  readonly naming: number;
  /**
   * True where a wanted operation is not there and another stands in its place: `a - b` for `a + b`, a sigmoid for a softmax.
   * Such a statement is another one, however alike.
   */
  readonly contradicted: boolean;
  /** `structure` as it would be with what stands in place of the wanted operations counted as these. */
  readonly shape: number;
}

/** @param statements one, or several that may together be what the pattern has as one */
export function fitPattern(
  pattern: StatementPattern,
  statements: readonly StatementOutline[],
  renames: Renames,
): Fit {
  const calls = gather(statements, 'calls');
  const operators = gather(statements, 'operators');
  const literals = gather(statements, 'literals');
  const keywords = gather(statements, 'keywords');
  let structureWeight = 0;
  let structureHit = 0;
  let shapeHit = 0;
  const unmet: string[] = [];
  const countOperation = (operation: string, weight: number) => {
    const kinship = bestKinship(operation, calls, operators);
    structureWeight += weight;
    structureHit += weight * kinship;
    shapeHit += weight * kinship;
    if (kinship === 0 && isDecisive(operation)) {
      unmet.push(operation);
      if (substituteFor(operation, calls, operators)) shapeHit += weight;
    }
  };
  for (const call of pattern.calls ?? []) countOperation(call, WEIGHT.calls);
  for (const operator of pattern.operators ?? []) countOperation(operator, WEIGHT.operators);
  for (const literal of pattern.literals ?? []) {
    structureWeight += WEIGHT.literals;
    if (!literals.some(written => isLiteral(literal, written))) continue;
    structureHit += WEIGHT.literals;
    shapeHit += WEIGHT.literals;
  }
  let weight = structureWeight;
  let hit = structureHit;
  for (const keyword of pattern.keywords ?? []) {
    weight += WEIGHT.keywords;
    if (keywords.includes(keyword)) hit += WEIGHT.keywords;
  }
  let namingWeight = 0;
  let namingHit = 0;
  const targets = gather(statements, 'targets');
  for (const target of pattern.targets ?? []) {
    namingWeight += WEIGHT.targets;
    if (targets.some(seen => isName(target, seen, renames))) namingHit += WEIGHT.targets;
  }
  const names = gather(statements, 'names');
  for (const name of pattern.names ?? []) {
    namingWeight += WEIGHT.names;
    if (names.some(seen => isName(name, seen, renames))) namingHit += WEIGHT.names;
  }
  weight += namingWeight;
  hit += namingHit;
  if (pattern.kind) {
    weight += WEIGHT.kind;
    hit += WEIGHT.kind * kindFit(pattern.kind, statements);
  }
  return {
    score: weight === 0 ? 0 : hit / weight,
    structure: structureWeight === 0 ? 1 : structureHit / structureWeight,
    structural: structureWeight > 0,
    naming: namingWeight === 0 ? 1 : namingHit / namingWeight,
    contradicted: unmet.some(operation => substituteFor(operation, calls, operators)),
    shape: structureWeight === 0 ? 1 : shapeHit / structureWeight,
  };
}

function gather(
  statements: readonly StatementOutline[],
  field: 'targets' | 'names' | 'calls' | 'operators' | 'literals' | 'keywords',
): readonly string[] {
  return statements.length === 1 ? statements[0]![field] : statements.flatMap(statement => statement[field]);
}

/** `q` is met by `q` and by `q.shape`; `self.scale` by itself only or what hangs off it. */
function isName(wanted: string, seen: string, renames: Renames): boolean {
  const name = renames.get(wanted) ?? wanted;
  return seen === name || (seen.length > name.length && seen.startsWith(name) && seen[name.length] === '.');
}

/** A value that is returned at once may elsewhere be assigned first, and the other way round. */
const VALUE_KINDS = new Set(['assign', 'augmented', 'return', 'expression']);

function kindFit(kind: string, statements: readonly StatementOutline[]): number {
  let best = 0;
  for (const statement of statements) {
    if (statement.kind === kind || (kind === 'if' && statement.kind === 'elif')) return 1;
    if (VALUE_KINDS.has(kind) && VALUE_KINDS.has(statement.kind)) best = 0.4;
    if (kind === 'if' && statement.operators.includes('if-else')) best = 0.7;
  }
  return best;
}
